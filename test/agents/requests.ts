/**
 * What people ask their assistants about a trip, and the calls of an assistant that knows only the names, the
 * descriptions and the input schemas of the tools. `requests.test.ts` carries out each request. Ana asks, in the
 * morning of Monday, the 1st of March 2027. She owns the week in Kyoto of `test/fixtures/kyoto.ts`; Ben and Cleo come
 * along, and her assistant has just read it by get_trip_summary. Ben has voted in the poll, written in the chat,
 * uploaded the rail pass, and added two places that are on no day. Dora has an account and is in no trip. The requests
 * of one section follow one another in one trip; each section begins with a fresh one.
 */

/**
 * One call. In its arguments, `$trip.days.0.id` stands for a value that the assistant has read, `<trip.days.0.id>` for
 * the same as text.
 */
export interface Call {
  readonly tool: string
  readonly args: Readonly<Record<string, unknown>>
}

/**
 * The expected values. Of an object, only the named fields are compared; a list must contain these entries in this
 * order, with others between them allowed, unless `length` is given: `{ length: 2, 0: … }`. A pattern is searched for
 * in a text.
 */
export type Expected = unknown

/** The proof that the request was met: in the answer of the last call, or in what is read after it. */
export interface Outcome {
  readonly read?: Call | { readonly resource: string }
  readonly shows: Expected
  /** What must be gone, in the same form: no list has such an entry. */
  readonly lacks?: Expected
}

export interface Request {
  /** The request in the words of the person. */
  readonly ask: string
  readonly calls: readonly Call[]
  readonly outcome: Outcome
}

export interface Section {
  readonly about: string
  readonly requests: readonly Request[]
}

/** A request that no tool can meet. */
export interface DeadEnd {
  readonly ask: string
  /** The missing tool, and whether people can do this in the app; or the obvious call, which is refused. */
  readonly missing:
    | { readonly tool: string; readonly inApp: boolean }
    | { readonly before?: readonly Call[]; readonly guess: Call; readonly refusal: RegExp }
  readonly reason: string
}

const TRIP = '$trip.trip.id'
const ANA = '$trip.members.owner.user_id'
const BEN = '$trip.members.collaborators[Ben].user_id'
const CLEO = '$trip.members.collaborators[Cleo].user_id'

const [MONDAY, TUESDAY, WEDNESDAY, THURSDAY, FRIDAY, SATURDAY, SUNDAY] = [0, 1, 2, 3, 4, 5, 6]
const day = (weekday: number) => `$trip.days.${weekday}.id`
const stop = (weekday: number, name: string) => `$trip.days.${weekday}.assignments[${name}].id`
const placeAt = (weekday: number, name: string) => `$trip.days.${weekday}.assignments[${name}].place_id`
const dayNote = (weekday: number, text: string) => `$trip.days.${weekday}.notes[${text}].id`
const pooled = (name: string) => `$trip.unassigned_places[${name}].id`
const stay = (name: string) => `$trip.accommodations[${name}].id`
const booking = (title: string) => `$trip.reservations[${title}].id`
const cost = (name: string) => `$trip.budget.items[${name}].id`
const toPack = (name: string) => `$trip.packing.items[${name}].id`
const todo = (name: string) => `$trip.todos[${name}].id`
const note = (title: string) => `$trip.collab_notes[${title}].id`

/** The same as text, as some clients send every number, or as part of a longer text. */
const asText = (path: string) => `<${path.slice(1)}>`

const call = (tool: string, args: Call['args'] = {}): Call => ({ tool, args })
const inTrip = (tool: string, args: Call['args'] = {}): Call => call(tool, { tripId: TRIP, ...args })

const answers = (shows: Expected): Outcome => ({ shows })
const then = (read: Outcome['read'] & object, shows: Expected, lacks?: Expected): Outcome => ({
  read,
  shows,
  ...(lacks !== undefined && { lacks }),
})
/** Reads the whole trip afterwards. */
const trip = (shows: Expected, lacks?: Expected) => then(inTrip('get_trip_summary'), shows, lacks)
/** The entries of a day afterwards, in order. */
const onDay = (weekday: number, items: Expected, gone?: Expected) =>
  then(inTrip('read_trip_section', { dayId: day(weekday) }), { items }, gone && { items: gone })
const section = (name: string) => inTrip('read_trip_section', { section: name })

const asks = (ask: string, calls: Call | readonly Call[], outcome: Outcome): Request => ({
  ask,
  calls: Array.isArray(calls) ? calls : [calls as Call],
  outcome,
})

const trips: Section = {
  about: 'trips',
  requests: [
    asks(
      'Which trips do I have?',
      call('list_trips'),
      answers({ trips: [{ title: 'A week in Kyoto', role: 'owner', member_count: 3 }] }),
    ),
    asks(
      'What are we going to do in Kyoto?',
      [call('list_trips'), call('get_trip_summary', { tripId: '$1.trips[A week in Kyoto].id' })],
      answers({
        days: { length: 7, 1: { title: 'Southern Higashiyama', assignments: [{ place: { name: 'Ninenzaka' } }] } },
      }),
    ),
    asks(
      'Plan us a long weekend in Lisbon, from the 14th to the 17th of May. We count in euros.',
      call('create_trip', {
        title: 'Long weekend in Lisbon',
        description: null,
        start_date: '2027-05-14',
        end_date: '2027-05-17',
        currency: 'EUR',
        day_count: null,
      }),
      then(call('get_trip_summary', { tripId: '$1.trip.id' }), {
        trip: { currency: 'EUR' },
        days: { length: 4, 0: { date: '2027-05-14' } },
      }),
    ),
    asks(
      'We want to see Iceland some day, for ten days. No dates yet.',
      call('create_trip', { title: 'Iceland', start_date: '', end_date: '', day_count: '10' }),
      then(call('get_trip_summary', { tripId: '$1.trip.id' }), { days: { length: 10, 0: { date: null } } }),
    ),
    asks(
      'Ten days in Norway from the first of August.',
      call('create_trip', { title: 'Norway', start_date: '2027-08-01', end_date: null, day_count: '10' }),
      then(call('get_trip_summary', { tripId: '$1.trip.id' }), { days: { length: 10, 9: { date: '2027-08-10' } } }),
    ),
    asks(
      'Call the trip “Kyoto in bloom”, and remind us ten days before it starts.',
      inTrip('update_trip', { title: 'Kyoto in bloom', reminder_days: '10' }),
      trip({ trip: { title: 'Kyoto in bloom', reminder_days: 10 } }),
    ),
    asks(
      'We leave one day earlier, and come back one day earlier. All bookings have moved too.',
      inTrip('update_trip', { start_date: '2027-04-04', end_date: '2027-04-10', date_shift_mode: 'shift_all' }),
      trip({
        trip: { start_date: '2027-04-04', end_date: '2027-04-10' },
        days: { length: 7, 1: { date: '2027-04-05', title: 'Southern Higashiyama' } },
        reservations: [{ title: 'Dinner at Giro Giro Hitoshina', reservation_time: '2027-04-05T19:00' }],
      }),
    ),
    asks(
      'Only five days, please. Keep what stands on the others for later.',
      inTrip('update_trip', { start_date: '2027-04-04', end_date: '2027-04-08', shrink: 'keep_undated' }),
      trip({
        trip: { end_date: '2027-04-08' },
        days: [{ date: '2027-04-08' }, { date: null, title: 'Philosopher’s Path' }],
      }),
    ),
    asks(
      'The whole trip starts a week later.',
      inTrip('update_trip', { start_date: '2027-04-11', date_shift_mode: 'shift_all' }),
      trip({
        trip: { start_date: '2027-04-11', end_date: '2027-04-15' },
        days: { 1: { date: '2027-04-12', title: 'Southern Higashiyama' } },
        reservations: [{ title: 'Dinner at Giro Giro Hitoshina', reservation_time: '2027-04-12T19:00' }],
      }),
    ),
    asks(
      'Norway is two days shorter: we fly home on the 8th.',
      [call('list_trips'), call('update_trip', { tripId: '$1.trips[Norway].id', end_date: '2027-08-08' })],
      then(call('get_trip_summary', { tripId: '$2.trip.id' }), { days: { length: 8, 0: { date: '2027-08-01' } } }),
    ),
    asks(
      'We liked it so much that we go again in October, the same people. Copy it to start on the 4th.',
      inTrip('copy_trip', { title: 'Kyoto in autumn', start_date: '2027-10-04', with_members: 'true' }),
      then(call('get_trip_summary', { tripId: '$1.trip.id' }), {
        trip: { title: 'Kyoto in autumn', start_date: '2027-10-04' },
        members: { collaborators: { length: 2 } },
      }),
    ),
    asks(
      'Put Lisbon away, that is over.',
      [call('list_trips'), call('update_trip', { tripId: '$1.trips[Long weekend in Lisbon].id', is_archived: true })],
      then(call('list_trips'), { trips: [{ title: 'Iceland' }] }, { trips: [{ title: 'Long weekend in Lisbon' }] }),
    ),
    asks(
      'Show me the old ones as well.',
      call('list_trips', { include_archived: 'true' }),
      answers({ trips: [{ title: 'Long weekend in Lisbon', is_archived: true }] }),
    ),
    asks(
      'Iceland will be from the 1st to the 10th of July.',
      [
        call('list_trips'),
        call('update_trip', { tripId: '$1.trips[Iceland].id', start_date: '2027-07-01', end_date: '2027-07-10' }),
      ],
      then(call('get_trip_summary', { tripId: '$2.trip.id' }), { days: { length: 10, 9: { date: '2027-07-10' } } }),
    ),
    asks(
      'No, we do not know when we go. Take the dates off again.',
      [call('list_trips'), call('update_trip', { tripId: '$1.trips[Iceland].id', start_date: null, end_date: null })],
      then(call('get_trip_summary', { tripId: '$2.trip.id' }), {
        trip: { start_date: null },
        days: { length: 10, 0: { date: null } },
      }),
    ),
    asks(
      'Iceland, for ten days … and we start on the first of July.',
      [call('list_trips'), call('update_trip', { tripId: '$1.trips[Iceland].id', start_date: '2027-07-01' })],
      then(call('get_trip_summary', { tripId: '$2.trip.id' }), { days: { length: 10, 9: { date: '2027-07-10' } } }),
    ),
    asks(
      'Iceland will not happen. Yes, I am sure: delete it.',
      [call('list_trips'), call('delete_trip', { tripId: '$1.trips[Iceland].id' })],
      then(call('list_trips'), { trips: [] }, { trips: [{ title: 'Iceland' }] }),
    ),
    asks(
      'Which trips of mine did I throw away lately?',
      call('list_deleted_trips'),
      answers({ trips: [{ title: 'Iceland', deleted_by: 'Ana' }] }),
    ),
    asks(
      'Iceland will happen after all. Bring it back.',
      [call('list_deleted_trips'), call('restore_trip', { deletedTripId: '$1.trips[Iceland].id' })],
      then(call('list_trips'), { trips: [{ title: 'Iceland' }] }),
    ),
  ],
}

const members: Section = {
  about: 'people',
  requests: [
    asks(
      'Who is coming along?',
      inTrip('list_trip_members'),
      answers({ owner: { name: 'Ana' }, members: [{ name: 'Ben' }, { name: 'Cleo' }] }),
    ),
    asks(
      'Let Dora in. Her user name is <people.dora.username>.',
      inTrip('add_trip_member', { identifier: '$people.dora.username' }),
      trip({ members: { collaborators: [{ name: 'Dora' }] } }),
    ),
    asks(
      'Who of us may change the plan, and who owns it?',
      inTrip('list_trip_members'),
      answers({ owner: { name: 'Ana', role: 'owner' }, members: [{ name: 'Dora', role: 'member' }] }),
    ),
    asks(
      'Cleo has to stay at home. Take her out.',
      inTrip('remove_trip_member', { memberId: CLEO }),
      trip({ members: { collaborators: [{ name: 'Ben' }] } }, { members: { collaborators: [{ name: 'Cleo' }] } }),
    ),
  ],
}

const days: Section = {
  about: 'days',
  requests: [
    asks(
      'What do we do on Thursday?',
      inTrip('read_trip_section', { section: 'days', dayId: day(THURSDAY) }),
      answers({
        day: { date: '2027-04-08', title: 'Arashiyama' },
        items: [{ place: { name: 'Tenryū-ji' } }, { place: { name: 'Iwatayama Monkey Park' } }],
      }),
    ),
    asks(
      'Call Wednesday “Gold and moss”.',
      inTrip('update_day', { dayId: day(WEDNESDAY), title: 'Gold and moss' }),
      trip({ days: { 2: { title: 'Gold and moss' } } }),
    ),
    asks(
      'Thursday needs no title.',
      inTrip('update_day', { dayId: asText(day(THURSDAY)), title: null }),
      trip({ days: { 3: { title: null, date: '2027-04-08' } } }),
    ),
    asks(
      'We stay one day longer and fly home on the 12th.',
      inTrip('create_day', { date: '2027-04-12', title: 'Home', notes: null }),
      trip({ trip: { end_date: '2027-04-12' }, days: { length: 8, 7: { title: 'Home' } } }),
    ),
    asks(
      'Swap Tuesday and Wednesday.',
      [
        ...['Kiyomizu-dera', 'Ninenzaka', 'Kōdai-ji', 'Gion Shirakawa'].map((name) =>
          inTrip('move_plan_entry', { dayId: day(WEDNESDAY), entry: `stop:${asText(stop(TUESDAY, name))}` }),
        ),
        inTrip('move_plan_entry', { dayId: day(WEDNESDAY), entry: 'note:<trip.days.1.notes.0.id>' }),
        ...['Kinkaku-ji', 'Ryōan-ji', 'Nijō Castle'].map((name) =>
          inTrip('move_plan_entry', { dayId: day(TUESDAY), entry: `stop:${asText(stop(WEDNESDAY, name))}` }),
        ),
        inTrip('move_plan_entry', { dayId: day(TUESDAY), entry: 'note:<trip.days.2.notes.0.id>' }),
        inTrip('update_day', { dayId: day(TUESDAY), title: 'Gold and moss' }),
        inTrip('update_day', { dayId: day(WEDNESDAY), title: 'Southern Higashiyama' }),
      ],
      trip({
        days: {
          1: {
            date: '2027-04-06',
            title: 'Gold and moss',
            assignments: { length: 3, 0: { place: { name: 'Kinkaku-ji' } } },
          },
          2: { date: '2027-04-07', assignments: { length: 4, 3: { place: { name: 'Gion Shirakawa' } } } },
        },
      }),
    ),
    asks(
      'Nara is too far. Drop that day.',
      inTrip('delete_day', { dayId: day(FRIDAY) }),
      trip(
        { days: { length: 7 }, unassigned_places: [{ name: 'Tōdai-ji' }] },
        { days: [{ title: 'Day trip to Nara' }] },
      ),
    ),
  ],
}

const places: Section = {
  about: 'places and tags',
  requests: [
    asks(
      'What is on our list that we have not planned yet?',
      inTrip('list_places', { assignment: 'unassigned', category: null, tag: '' }),
      answers({ places: [{ name: 'Kyoto Railway Museum' }] }),
    ),
    asks(
      'I would like to see the Miho Museum as well; it is at 34.9147, 136.0186.',
      inTrip('create_place', { name: 'Miho Museum', lat: '34.9147', lng: '136.0186' }),
      trip({ unassigned_places: [{ name: 'Miho Museum', lat: 34.9147, lng: 136.0186 }] }),
    ),
    asks(
      'Which kinds of places are there?',
      call('list_categories'),
      answers({ categories: [{ name: 'Restaurant' }] }),
    ),
    asks(
      'The Miho Museum costs 1300 yen and is closed on Mondays.',
      [
        inTrip('list_places', { search: 'Miho' }),
        inTrip('update_place', {
          placeId: '$1.places.0.id',
          price: 1300,
          currency: 'JPY',
          notes: 'Closed on Mondays.',
        }),
      ],
      trip({ unassigned_places: [{ name: 'Miho Museum', price: 1300, currency: 'JPY', notes: 'Closed on Mondays.' }] }),
    ),
    asks(
      'I want to see the Byodo-in in Uji, on Friday.',
      [
        call('search_place', { query: 'Byodo-in, Uji, Japan' }),
        inTrip('create_and_assign_place', {
          dayId: day(FRIDAY),
          name: 'Byodo-in',
          lat: null,
          lng: null,
          address: 'Uji',
        }),
      ],
      onDay(FRIDAY, [{ place: { name: 'Byodo-in', address: 'Uji', lat: null } }]),
    ),
    asks(
      'Which shops have we got?',
      inTrip('list_places', { category: 'Shopping' }),
      answers({ places: { length: 2, 0: { name: 'Nishiki Market' }, 1: { name: 'Ninenzaka' } } }),
    ),
    asks(
      'Reckon an hour and a half for each of the golden temples.',
      inTrip('bulk_update_places', {
        placeIds: `[${asText(placeAt(WEDNESDAY, 'Kinkaku-ji'))},${asText(placeAt(WEDNESDAY, 'Ryōan-ji'))}]`,
        duration_minutes: 90,
      }),
      trip({
        days: {
          2: {
            assignments: [
              { place: { name: 'Kinkaku-ji', duration_minutes: 90 } },
              { place: { name: 'Ryōan-ji', duration_minutes: 90 } },
            ],
          },
        },
      }),
    ),
    asks(
      'Mark Kiyomizu-dera and Ginkaku-ji as “must see” for me.',
      [
        call('create_tag', { name: 'Must see', color: null }),
        inTrip('update_place', { placeId: placeAt(TUESDAY, 'Kiyomizu-dera'), tag_ids: ['$1.tag.id'] }),
        inTrip('update_place', { placeId: placeAt(SATURDAY, 'Ginkaku-ji'), tag_ids: ['$1.tag.id'] }),
      ],
      then(inTrip('list_places', { tag: 'Must see' }), { places: { length: 2 } }),
    ),
    asks(
      'Make that tag red.',
      [call('list_tags'), call('update_tag', { tagId: '$1.tags[Must see].id', color: '#d00000' })],
      then(call('list_tags'), { tags: [{ name: 'Must see', color: '#d00000' }] }),
    ),
    asks(
      'I do not need the tag any more.',
      [call('list_tags'), call('delete_tag', { tagId: '$1.tags[Must see].id' })],
      then(call('list_tags'), { tags: { length: 0 } }),
    ),
    asks(
      'Throw the Miho Museum out again.',
      inTrip('delete_place', { placeId: pooled('Miho Museum') }),
      trip({ unassigned_places: [] }, { unassigned_places: [{ name: 'Miho Museum' }] }),
    ),
    asks(
      'No shopping on this trip: delete both shopping places.',
      [
        inTrip('list_places', { category: 'Shopping' }),
        inTrip('bulk_delete_places', { placeIds: ['$1.places.0.id', '$1.places.1.id'] }),
      ],
      then(inTrip('list_places', { category: 'Shopping' }), { places: { length: 0 } }),
    ),
  ],
}

const plan: Section = {
  about: 'the plan of a day',
  requests: [
    asks(
      'Put the railway museum on Friday at two in the afternoon.',
      inTrip('assign_place_to_day', {
        dayId: day(FRIDAY),
        placeId: pooled('Kyoto Railway Museum'),
        place_time: '14:00',
        end_time: null,
      }),
      onDay(FRIDAY, [{ place: { name: 'Kyoto Railway Museum' }, place_time: '14:00' }]),
    ),
    asks(
      'Tea at Camellia on Wednesday, from three to four.',
      [
        inTrip('create_and_assign_place', { dayId: day(WEDNESDAY), name: 'Camellia', address: 'Ninenzaka, Kyoto' }),
        inTrip('update_assignment_time', {
          assignmentId: '$1.assignment.id',
          place_time: '15:00',
          end_time: '16:00',
        }),
      ],
      onDay(WEDNESDAY, [{ place: { name: 'Camellia' }, place_time: '15:00', end_time: '16:00' }]),
    ),
    asks(
      'Move the temple on Thursday to after lunch.',
      [
        inTrip('move_plan_entry', {
          dayId: day(THURSDAY),
          entry: `stop:${asText(stop(THURSDAY, 'Tenryū-ji'))}`,
          after: `booking:${asText(booking('Yudōfu lunch at Shigetsu'))}`,
          before: null,
        }),
        inTrip('update_assignment_time', {
          assignmentId: stop(THURSDAY, 'Tenryū-ji'),
          place_time: '13:30',
          end_time: '15:00',
        }),
      ],
      onDay(THURSDAY, [{ title: 'Yudōfu lunch at Shigetsu' }, { place: { name: 'Tenryū-ji' }, place_time: '13:30' }]),
    ),
    asks(
      'The monkeys first on Thursday, before the bamboo.',
      inTrip('move_assignment', {
        assignmentId: stop(THURSDAY, 'Iwatayama Monkey Park'),
        oldDayId: day(THURSDAY),
        newDayId: day(THURSDAY),
        orderIndex: '0',
      }),
      onDay(THURSDAY, [
        { place: { name: 'Iwatayama Monkey Park' } },
        { place: { name: 'Arashiyama Bamboo Grove' } },
        { place: { name: 'Tenryū-ji' } },
      ]),
    ),
    asks(
      'Nijō Castle on Tuesday instead of Wednesday, as the last thing.',
      inTrip('move_plan_entry', { dayId: day(TUESDAY), entry: `stop:${asText(stop(WEDNESDAY, 'Nijō Castle'))}` }),
      trip({ days: { 1: { assignments: { length: 5, 4: { place: { name: 'Nijō Castle' } } } } } }),
    ),
    asks(
      'Do Wednesday the other way round.',
      inTrip('reorder_day_assignments', {
        dayId: day(WEDNESDAY),
        assignmentIds: [stop(WEDNESDAY, 'Camellia'), stop(WEDNESDAY, 'Ryōan-ji'), stop(WEDNESDAY, 'Kinkaku-ji')].map(
          asText,
        ),
      }),
      onDay(WEDNESDAY, [
        { place: { name: 'Camellia' } },
        { place: { name: 'Ryōan-ji' } },
        { place: { name: 'Kinkaku-ji' } },
      ]),
    ),
    asks(
      'We start at Kinkaku-ji at half past nine and leave at half past ten.',
      inTrip('update_assignment_time', {
        assignmentId: asText(stop(WEDNESDAY, 'Kinkaku-ji')),
        place_time: '09:30',
        end_time: '10:30',
      }),
      onDay(WEDNESDAY, [{ place: { name: 'Kinkaku-ji' }, place_time: '09:30', end_time: '10:30' }]),
    ),
    asks(
      'We get to Ryōan-ji at noon only.',
      inTrip('update_assignment_time', { assignmentId: stop(WEDNESDAY, 'Ryōan-ji'), place_time: '12:00' }),
      onDay(WEDNESDAY, [{ place: { name: 'Ryōan-ji' }, place_time: '12:00', end_time: /^1[23]:/ }]),
    ),
    asks(
      'I do not know when we get to Ryōan-ji. Take the time off.',
      inTrip('update_assignment_time', {
        assignmentId: stop(WEDNESDAY, 'Ryōan-ji'),
        place_time: null,
        end_time: null,
      }),
      trip({
        days: { 2: { assignments: [{ place: { name: 'Ryōan-ji' }, place_time: null, end_time: null }] } },
      }),
    ),
    asks(
      'Everything on Saturday half an hour later.',
      [
        ['Ginkaku-ji', '09:00', '10:15'],
        ['Philosopher’s Path', '10:15', '11:45'],
        ['Nanzen-ji', '11:45', '13:00'],
        ['Nishiki Market', '15:30', '17:00'],
      ].map(([name = '', place_time, end_time]) =>
        inTrip('update_assignment_time', { assignmentId: stop(SATURDAY, name), place_time, end_time }),
      ),
      onDay(SATURDAY, [
        { place: { name: 'Ginkaku-ji' }, place_time: '09:00' },
        { place: { name: 'Nishiki Market' }, end_time: '17:00' },
      ]),
    ),
    asks(
      'Only Ben and I go to the monkey park.',
      inTrip('set_assignment_participants', {
        assignmentId: stop(THURSDAY, 'Iwatayama Monkey Park'),
        userIds: [ANA, BEN],
      }),
      then(
        inTrip('get_assignment_participants', { assignmentId: stop(THURSDAY, 'Iwatayama Monkey Park') }),
        { participants: [{ name: 'Ana' }, { name: 'Ben' }] },
        { participants: [{ name: 'Cleo' }] },
      ),
    ),
    asks(
      'Who goes to the monkey park?',
      inTrip('get_assignment_participants', { assignmentId: stop(THURSDAY, 'Iwatayama Monkey Park') }),
      answers({ participants: { length: 2 } }),
    ),
    asks(
      'Take Gion Shirakawa off Tuesday, but keep it in mind.',
      inTrip('unassign_place', { dayId: day(TUESDAY), assignmentId: stop(TUESDAY, 'Gion Shirakawa') }),
      trip(
        { unassigned_places: [{ name: 'Gion Shirakawa' }] },
        { days: { 1: { assignments: [{ place: { name: 'Gion Shirakawa' } }] } } },
      ),
    ),
    asks(
      'Nijō Castle on Wednesday after all, in the afternoon as before.',
      inTrip('move_assignment', {
        assignmentId: stop(TUESDAY, 'Nijō Castle'),
        oldDayId: day(TUESDAY),
        newDayId: day(WEDNESDAY),
      }),
      onDay(WEDNESDAY, [{ place: { name: 'Kinkaku-ji' } }, { place: { name: 'Nijō Castle' } }]),
    ),
    asks(
      'At Tōdai-ji we have to buy the tickets at the east gate. Note that down for the visit.',
      inTrip('update_assignment_time', {
        assignmentId: stop(FRIDAY, 'Tōdai-ji'),
        notes: 'Buy the tickets at the east gate.',
      }),
      onDay(FRIDAY, [{ place: { name: 'Tōdai-ji' }, place_time: '10:00', notes: 'Buy the tickets at the east gate.' }]),
    ),
  ],
}

const dayNotes: Section = {
  about: 'notes on a day',
  requests: [
    asks(
      'On the first day, remind us to buy a SIM card at the airport.',
      inTrip('create_day_note', { dayId: day(MONDAY), text: 'Buy a SIM card at the airport.', time: null }),
      trip({ days: { 0: { notes: [{ text: 'Buy a SIM card at the airport.', time: null }] } } }),
    ),
    asks(
      'On Friday at noon we eat in the deer park.',
      inTrip('create_day_note', { dayId: day(FRIDAY), text: 'Picnic in the deer park', time: '12:00', icon: '🍱' }),
      onDay(FRIDAY, [
        { place: { name: 'Tōdai-ji' } },
        { text: 'Picnic in the deer park' },
        { place: { name: 'Kasuga-taisha' } },
      ]),
    ),
    asks(
      'The picnic is at half past eleven already.',
      inTrip('update_day_note', {
        dayId: day(FRIDAY),
        noteId: dayNote(FRIDAY, 'Picnic in the deer park'),
        time: '11:30',
      }),
      trip({ days: { 4: { notes: [{ text: 'Picnic in the deer park', time: '11:30' }] } } }),
    ),
    asks(
      'Put the note about the SIM card before everything else on Monday.',
      inTrip('move_plan_entry', {
        dayId: day(MONDAY),
        entry: `note:${asText(dayNote(MONDAY, 'Buy a SIM card at the airport.'))}`,
        before: `stop:${asText(stop(MONDAY, 'Kyoto Station'))}`,
      }),
      onDay(MONDAY, [{ text: 'Buy a SIM card at the airport.' }, { place: { name: 'Kyoto Station' } }]),
    ),
    asks(
      'The note about the lockers belongs to Saturday.',
      inTrip('move_plan_entry', { dayId: day(SATURDAY), entry: 'note:<trip.days.6.notes.0.id>' }),
      trip({ days: { 5: { notes: [{ text: /^Luggage lockers/ }] }, 6: { notes: { length: 0 } } } }),
    ),
    asks(
      'Forget the picnic.',
      inTrip('delete_day_note', { dayId: day(FRIDAY), noteId: dayNote(FRIDAY, 'Picnic in the deer park') }),
      trip({ days: { 4: {} } }, { days: [{ notes: [{ text: 'Picnic in the deer park' }] }] }),
    ),
  ],
}

const stays: Section = {
  about: 'stays',
  requests: [
    asks(
      'Where do we sleep?',
      section('accommodations'),
      answers({ items: [{ place: { name: 'Hotel Kanra Kyoto' }, check_in: '15:00' }] }),
    ),
    asks(
      'One night at the Nara Hotel, from Friday to Saturday. Check-in is from three, the number is NH-77.',
      inTrip('create_place_accommodation', {
        name: 'Nara Hotel',
        start_day_id: day(FRIDAY),
        end_day_id: day(SATURDAY),
        check_in: '15:00',
        confirmation: 'NH-77',
        lat: null,
        lng: null,
        category_id: '',
      }),
      trip({
        accommodations: [{ place: { name: 'Nara Hotel' }, check_in: '15:00', confirmation: 'NH-77' }],
        reservations: [{ title: 'Nara Hotel', type: 'hotel' }],
      }),
    ),
    asks(
      'The last night we sleep at the ryokan on our list.',
      inTrip('create_accommodation', {
        place_id: pooled('Yoshida Sanso'),
        start_day_id: day(SATURDAY),
        end_day_id: day(SUNDAY),
      }),
      trip({ accommodations: [{ place: { name: 'Yoshida Sanso' } }] }),
    ),
    asks(
      'The Kanra wants us out by ten.',
      inTrip('update_accommodation', { accommodationId: asText(stay('Hotel Kanra Kyoto')), check_out: '10:00' }),
      trip({ reservations: [{ title: 'Hotel Kanra Kyoto', check_out: '10:00', check_in: '15:00' }] }),
    ),
    asks(
      'The number of the booking at the Kanra has changed to KNR-50000.',
      inTrip('update_reservation', {
        reservationId: booking('Hotel Kanra Kyoto'),
        confirmation_number: 'KNR-50000',
      }),
      trip({ accommodations: [{ place: { name: 'Hotel Kanra Kyoto' }, confirmation: 'KNR-50000' }] }),
    ),
    asks(
      'Delete the second hotel.',
      inTrip('delete_accommodation', { accommodationId: stay('Nara Hotel') }),
      trip(
        { accommodations: { length: 2 } },
        { accommodations: [{ place: { name: 'Nara Hotel' } }], reservations: [{ title: 'Nara Hotel' }] },
      ),
    ),
  ],
}

const bookings: Section = {
  about: 'bookings',
  requests: [
    asks(
      'What have we booked?',
      section('reservations'),
      answers({ items: [{ title: 'Dinner at Giro Giro Hitoshina' }, { title: 'Yudōfu lunch at Shigetsu' }] }),
    ),
    asks(
      'Add dinner at Gion Karyo on the third evening at 7.',
      inTrip('create_reservation', {
        title: 'Dinner at Gion Karyo',
        type: 'restaurant',
        reservation_time: '2027-04-07T19:00',
        location: null,
        day_id: null,
      }),
      onDay(WEDNESDAY, [{ place: { name: 'Nijō Castle' } }, { title: 'Dinner at Gion Karyo', status: 'pending' }]),
    ),
    asks(
      'They have confirmed it, but for half past seven.',
      inTrip('update_reservation', {
        reservationId: booking('Dinner at Gion Karyo'),
        status: 'confirmed',
        reservation_time: '2027-04-07 19:30',
      }),
      trip({
        reservations: [{ title: 'Dinner at Gion Karyo', status: 'confirmed', reservation_time: '2027-04-07T19:30' }],
      }),
    ),
    asks(
      'Tea ceremony on Saturday at four, 135 francs for the three of us.',
      inTrip('create_reservation', {
        title: 'Tea ceremony',
        type: 'activity',
        day_id: day(SATURDAY),
        reservation_time: '2027-04-10T16:00',
        price: '135',
        budget_category: 'activities',
      }),
      trip({
        reservations: [{ title: 'Tea ceremony', reservation_time: '2027-04-10T16:00' }],
        budget: { items: [{ name: 'Tea ceremony', total_price: 135, currency: 'CHF', category: 'activities' }] },
      }),
    ),
    asks(
      'The tea ceremony comes before the market.',
      inTrip('move_plan_entry', {
        dayId: day(SATURDAY),
        entry: `booking:${asText(booking('Tea ceremony'))}`,
        before: `stop:${asText(stop(SATURDAY, 'Nishiki Market'))}`,
      }),
      onDay(SATURDAY, [{ title: 'Tea ceremony' }, { place: { name: 'Nishiki Market' } }]),
    ),
    asks(
      'No, the ceremony is the first thing we do that day.',
      inTrip('reorder_reservations', {
        dayId: day(SATURDAY),
        positions: `[{"id":${asText(booking('Tea ceremony'))},"day_plan_position":0}]`,
      }),
      onDay(SATURDAY, [{ title: 'Tea ceremony' }, { place: { name: 'Ginkaku-ji' } }]),
    ),
    asks(
      'The tea ceremony takes until half past five.',
      inTrip('update_reservation', {
        reservationId: booking('Tea ceremony'),
        reservation_end_time: '2027-04-10T17:30:00',
      }),
      trip({
        reservations: [
          { title: 'Tea ceremony', reservation_time: '2027-04-10T16:00', reservation_end_time: '2027-04-10T17:30' },
        ],
      }),
    ),
    asks(
      'Move the lunch at Shigetsu to Friday.',
      inTrip('update_reservation', {
        reservationId: booking('Yudōfu lunch at Shigetsu'),
        day_id: asText(day(FRIDAY)),
      }),
      trip({ reservations: [{ title: 'Yudōfu lunch at Shigetsu', reservation_time: '2027-04-09T12:00' }] }),
    ),
    asks(
      'Cancel the lunch, but keep it in the list.',
      inTrip('update_reservation', { reservationId: booking('Yudōfu lunch at Shigetsu'), status: 'cancelled' }),
      trip({ reservations: [{ title: 'Yudōfu lunch at Shigetsu', status: 'cancelled' }] }),
    ),
    asks(
      'Delete the dinner at Giro Giro.',
      inTrip('delete_reservation', { reservationId: booking('Dinner at Giro Giro Hitoshina') }),
      trip({ reservations: [] }, { reservations: [{ title: 'Dinner at Giro Giro Hitoshina' }] }),
    ),
    asks(
      'We have booked the ryokan on our list, from Saturday to Sunday.',
      inTrip('create_reservation', {
        title: 'Yoshida Sanso',
        type: 'hotel',
        status: 'confirmed',
        place_id: pooled('Yoshida Sanso'),
        start_day_id: day(SATURDAY),
        end_day_id: day(SUNDAY),
      }),
      trip({ accommodations: [{ place: { name: 'Yoshida Sanso' } }] }),
    ),
    asks(
      'Make that from Friday to Sunday, and check-in is at four.',
      inTrip('link_hotel_accommodation', {
        reservationId: booking('Yoshida Sanso'),
        place_id: pooled('Yoshida Sanso'),
        start_day_id: day(FRIDAY),
        end_day_id: day(SUNDAY),
        check_in: '16:00',
      }),
      trip({ accommodations: [{ place: { name: 'Yoshida Sanso' }, start_day_id: day(FRIDAY), check_in: '16:00' }] }),
    ),
  ],
}

const transports: Section = {
  about: 'transports',
  requests: [
    asks(
      'When does our flight leave?',
      section('reservations'),
      answers({
        items: [
          { title: 'Zürich to Osaka', endpoints: [{ code: 'ZRH', local_date: '2027-04-04', local_time: '13:00' }] },
        ],
      }),
    ),
    asks(
      'We land at 9:40 in Osaka with JL 123 from Haneda.',
      inTrip('create_transport', {
        type: 'flight',
        title: 'JL 123 to Osaka',
        start_day_id: day(MONDAY),
        end_day_id: null,
        metadata: { airline: 'Japan Airlines', flight_number: 'JL123' },
        endpoints: [
          { role: 'from', sequence: 0, name: 'Tokyo Haneda', code: 'HND', local_date: '2027-04-05', local_time: null },
          { role: 'to', sequence: 1, name: 'Osaka Itami', code: 'ITM', local_date: '2027-04-05', local_time: '09:40' },
        ],
      }),
      trip({
        reservations: [
          {
            title: 'JL 123 to Osaka',
            day_id: day(MONDAY),
            endpoints: [
              { code: 'HND', timezone: 'Asia/Tokyo' },
              { code: 'ITM', local_time: '09:40' },
            ],
          },
        ],
      }),
    ),
    asks(
      'The train to Nara on Friday leaves Kyoto at 9:05 from platform 8 and arrives at 9:50.',
      inTrip('create_transport', {
        type: 'train',
        title: 'Train to Nara',
        endpoints:
          '[{"name":"Kyoto Station","local_date":"2027-04-09","local_time":"09:05","platform":"8"},{"name":"Nara Station","local_date":"2027-04-09","local_time":"09:50"}]',
      }),
      onDay(FRIDAY, [{ title: 'Train to Nara', endpoints: [{ platform: '8' }] }, { place: { name: 'Tōdai-ji' } }]),
    ),
    asks(
      'The train to Nara leaves from platform 10.',
      inTrip('update_transport', { reservationId: booking('Train to Nara'), metadata: { platform: '10' } }),
      trip({ reservations: [{ title: 'Train to Nara', metadata: {}, endpoints: [{ platform: '10' }] }] }),
    ),
    asks(
      'We sit in 5A and 5B on it, and it costs 15 francs.',
      inTrip('update_transport', {
        reservationId: booking('Train to Nara'),
        metadata: '{"seat":"5A, 5B","train_number":null}',
        price: '15',
      }),
      trip({
        reservations: [{ title: 'Train to Nara', metadata: { seat: '5A, 5B' }, endpoints: [{ platform: '10' }] }],
        budget: { items: [{ name: 'Train to Nara', total_price: 15 }] },
      }),
    ),
    asks(
      'A taxi to the hotel on Monday at half past three, about 12 francs.',
      inTrip('create_transport', {
        type: 'taxi',
        title: 'Taxi to the hotel',
        reservation_time: '2027-04-05T15:30',
        price: 12,
        endpoints: [],
      }),
      trip({
        reservations: [{ title: 'Taxi to the hotel', day_id: day(MONDAY) }],
        budget: { items: [{ name: 'Taxi to the hotel', total_price: 12 }] },
      }),
    ),
    asks(
      'We fly home with LX 7 on Sunday at 22:55 from Kansai by way of Dubai, arriving at 5:20 and leaving at 8:45, and are in Zürich at 13:10.',
      inTrip('create_transport', {
        type: 'flight',
        title: 'Osaka to Zürich',
        start_day_id: day(SUNDAY),
        endpoints: [
          { code: 'KIX', local_date: '2027-04-11', local_time: '22:55', number: 'LX7' },
          {
            code: 'DXB',
            arrival_date: '2027-04-12',
            arrival_time: '05:20',
            local_date: '2027-04-12',
            local_time: '08:45',
          },
          { code: 'ZRH', local_date: '2027-04-12', local_time: '13:10' },
        ],
      }),
      trip({
        reservations: [
          {
            title: 'Osaka to Zürich',
            endpoints: { length: 3, 1: { role: 'stop', arrival_time: '05:20' }, 2: { role: 'to' } },
          },
        ],
      }),
    ),
    asks(
      'The flight out leaves at 13:20 now.',
      inTrip('update_transport', {
        reservationId: booking('Zürich to Osaka'),
        reservation_time: '2027-04-04T13:20',
      }),
      trip({
        reservations: [
          { title: 'Zürich to Osaka', endpoints: [{ code: 'ZRH', local_time: '13:20' }, { local_time: '09:40' }] },
        ],
      }),
    ),
    asks(
      'A hired car from Tuesday at nine to Friday at six in the evening, from Kyoto Station.',
      inTrip('create_transport', {
        type: 'car',
        title: 'Hired car',
        reservation_time: '2027-04-06T09:00',
        reservation_end_time: '2027-04-09T18:00',
        endpoints: [{ name: 'Kyoto Station' }, { name: 'Kyoto Station' }],
      }),
      trip({ reservations: [{ title: 'Hired car', day_id: day(TUESDAY), end_day_id: day(FRIDAY) }] }),
    ),
    asks(
      'The flight out is confirmed, and lands at 10:15.',
      inTrip('update_transport', {
        reservationId: booking('Zürich to Osaka'),
        status: 'confirmed',
        reservation_end_time: '2027-04-05T10:15',
      }),
      trip({
        reservations: [
          { title: 'Zürich to Osaka', status: 'confirmed', endpoints: [{ code: 'KIX', local_time: '10:15' }] },
        ],
      }),
    ),
    asks(
      'Our seats on the flight out are 14A and 14B.',
      inTrip('update_transport', { reservationId: booking('Zürich to Osaka'), metadata: { seat: '14A, 14B' } }),
      trip({
        reservations: [
          { title: 'Zürich to Osaka', metadata: { airline: 'Swiss', flight_number: 'LX160', seat: '14A, 14B' } },
        ],
      }),
    ),
    asks(
      'They have taken the seats away again, and the flight is called LX 162 now.',
      inTrip('update_transport', {
        reservationId: booking('Zürich to Osaka'),
        metadata: { seat: '', flight_number: 'LX162' },
      }),
      trip(
        { reservations: [{ title: 'Zürich to Osaka', metadata: { airline: 'Swiss', flight_number: 'LX162' } }] },
        { reservations: [{ title: 'Zürich to Osaka', metadata: { seat: '14A, 14B' } }] },
      ),
    ),
    asks(
      'The number of our flight booking is XK4T2P, and we check in online from the day before.',
      inTrip('update_reservation', {
        reservationId: booking('Zürich to Osaka'),
        confirmation_number: 'XK4T2P',
        notes: 'Check in online from the day before.',
        location: null,
      }),
      trip({ reservations: [{ title: 'Zürich to Osaka', confirmation_number: 'XK4T2P', notes: /online/ }] }),
    ),
    asks(
      'The flight out is cancelled.',
      inTrip('update_reservation', { reservationId: booking('Zürich to Osaka'), status: 'cancelled' }),
      trip({ reservations: [{ title: 'Zürich to Osaka', status: 'cancelled' }] }),
    ),
    asks(
      'No taxi: we walk. Delete it.',
      inTrip('delete_transport', { reservationId: asText(booking('Taxi to the hotel')) }),
      trip(
        { reservations: [] },
        { reservations: [{ title: 'Taxi to the hotel' }], budget: { items: [{ name: 'Taxi to the hotel' }] } },
      ),
    ),
  ],
}

const costs: Section = {
  about: 'costs and who owes whom',
  requests: [
    asks(
      'What does the trip cost so far?',
      inTrip('get_trip_summary'),
      answers({ budget: { item_count: 6, totals: [{ currency: 'EUR', amount: 3590.15 }] } }),
    ),
    asks(
      'Who owes whom?',
      inTrip('get_settlement_summary'),
      answers({ summary: { flows: [{ from: { name: 'Ben' }, to: { name: 'Ana' } }] } }),
    ),
    asks(
      'How much has each of us paid so far?',
      section('balances'),
      answers({
        currency: 'EUR',
        items: [
          { name: 'Ana', paid: 1939.65 },
          { name: 'Ben', paid: 1650.5 },
        ],
      }),
    ),
    asks(
      'Ben has just paid me all that he owed.',
      [
        inTrip('get_settlement_summary'),
        inTrip('create_settlement', {
          from_user_id: '$1.summary.flows.0.from.user_id',
          to_user_id: '$1.summary.flows.0.to.user_id',
          amount: '$1.summary.flows.0.amount',
        }),
      ],
      then(inTrip('get_settlement_summary'), {
        summary: { flows: { length: 0 }, unconverted: { length: 0 }, settlements: [{ currency: 'EUR' }] },
      }),
    ),
    asks(
      'No, that was for something else. Forget it.',
      [inTrip('list_settlements'), inTrip('delete_settlement', { settlementId: '$1.settlements.0.id' })],
      then(inTrip('get_settlement_summary'), { summary: { flows: { length: 1 } } }),
    ),
    asks(
      'Split the taxi between Ben and me, Ben paid 32 euros.',
      inTrip('create_budget_item', {
        name: 'Taxi',
        category: 'transport',
        total_price: '32',
        currency: 'EUR',
        member_ids: [ANA, BEN],
        shares: null,
        payers: [{ user_id: asText(BEN), amount: '32' }],
      }),
      trip({
        budget: {
          items: [
            {
              name: 'Taxi',
              total_price: 32,
              currency: 'EUR',
              payers: [{ user_id: BEN, amount: 32 }],
              members: { length: 2, 0: { user_id: ANA }, 1: { user_id: BEN } },
            },
          ],
        },
      }),
    ),
    asks(
      'I paid 5,000 yen for ramen for all of us on the 6th.',
      inTrip('create_budget_item', {
        name: 'Ramen',
        category: 'food',
        total_price: 5000,
        currency: 'JPY',
        exchange_rate: null,
        payers: [{ user_id: ANA, amount: 5000 }],
        expense_date: '2027-04-06',
      }),
      trip({ budget: { items: [{ name: 'Ramen', currency: 'JPY', members: { length: 3 } }] } }),
    ),
    asks(
      'Plan 300 francs for hiring kimonos, for Ben and me.',
      inTrip('create_budget_item_with_members', {
        name: 'Kimonos',
        category: 'activities',
        total_price: '300',
        userIds: `[${asText(ANA)},${asText(BEN)}]`,
      }),
      trip({ budget: { items: [{ name: 'Kimonos', currency: 'CHF', total_price: 300, payers: { length: 0 } }] } }),
    ),
    asks(
      'I paid 23.40 francs for groceries for Cleo and me.',
      inTrip('create_budget_item_with_members', {
        name: 'Groceries',
        category: 'groceries',
        total_price: 23.4,
        userIds: [ANA, CLEO],
        payers: [{ user_id: ANA, amount: 23.4 }],
      }),
      trip({
        budget: {
          items: [{ name: 'Groceries', payers: [{ user_id: ANA, amount: 23.4 }], members: [{ user_id: CLEO }] }],
        },
      }),
    ),
    asks(
      'Who owes whom, reckoned in euros?',
      inTrip('get_settlement_summary', { base: 'eur' }),
      answers({ summary: { currency: 'EUR', unconverted: [{ name: 'Groceries', currency: 'CHF' }] } }),
    ),
    asks(
      'The hotel was 1,150.80 in the end.',
      inTrip('update_budget_item', { itemId: cost('Hotel, six nights'), total_price: 1150.8 }),
      trip({
        budget: {
          items: [{ name: 'Hotel, six nights', total_price: 1150.8, payers: [{ user_id: BEN, amount: 1150.8 }] }],
        },
      }),
    ),
    asks(
      'Ben eats for two: he bears twice as much of the food.',
      inTrip('update_budget_item', {
        itemId: cost('Eating for a week'),
        shares: [
          { user_id: ANA, weight: 1 },
          { user_id: BEN, weight: '2' },
        ],
      }),
      trip({ budget: { items: [{ name: 'Eating for a week', members: [{ user_id: BEN, weight: 2 }] }] } }),
    ),
    asks(
      'Of the trains, 40 euros are Ben’s, and the rest is mine.',
      inTrip('update_budget_item', {
        itemId: cost('Haruka and Nara trains'),
        shares: [
          { user_id: BEN, amount: '40' },
          { user_id: ANA, amount: '46.40' },
        ],
      }),
      trip({ budget: { items: [{ name: 'Haruka and Nara trains', members: [{ user_id: BEN, amount: 40 }] }] } }),
    ),
    asks(
      'The dinner at Giro Giro is for Ben and Cleo only.',
      inTrip('set_budget_item_members', { itemId: cost('Dinner at Giro Giro'), userIds: [BEN, CLEO] }),
      trip({
        budget: {
          items: [{ name: 'Dinner at Giro Giro', members: { length: 2, 0: { user_id: BEN }, 1: { user_id: CLEO } } }],
        },
      }),
    ),
    asks(
      'Ben has given me his part of the temples.',
      inTrip('toggle_budget_member_paid', { itemId: cost('Temples and gardens'), memberId: BEN, paid: 'true' }),
      trip({ budget: { items: [{ name: 'Temples and gardens', members: [{ user_id: BEN, paid: true }] }] } }),
    ),
    asks(
      'Ben gave me 50 euros.',
      inTrip('create_settlement', { from_user_id: BEN, to_user_id: ANA, amount: '50', currency: 'EUR' }),
      then(inTrip('list_settlements'), { settlements: [{ from_user_id: BEN, to_user_id: ANA, amount: 50 }] }),
    ),
    asks(
      'No, it was 60.',
      [
        inTrip('list_settlements'),
        inTrip('update_settlement', {
          settlementId: '$1.settlements.0.id',
          from_user_id: BEN,
          to_user_id: ANA,
          amount: 60,
          currency: null,
        }),
      ],
      then(inTrip('list_settlements'), { settlements: { length: 1, 0: { amount: 60, currency: 'EUR' } } }),
    ),
    asks(
      'Forget that payment, it was for something else.',
      [inTrip('list_settlements'), inTrip('delete_settlement', { settlementId: '$1.settlements.0.id' })],
      then(inTrip('list_settlements'), { settlements: { length: 0 } }),
    ),
    asks(
      'Delete the kimonos.',
      inTrip('delete_budget_item', { itemId: cost('Kimonos') }),
      trip({ budget: { items: [] } }, { budget: { items: [{ name: 'Kimonos' }] } }),
    ),
  ],
}

const packing: Section = {
  about: 'packing, bags and templates',
  requests: [
    asks(
      'What is still to pack?',
      section('packing'),
      answers({
        items: [
          { name: 'Passports', checked: false },
          { name: 'Blister plasters', checked: false },
        ],
      }),
    ),
    asks(
      'The passports are in.',
      inTrip('toggle_packing_item', { itemId: toPack('Passports'), checked: 'true' }),
      trip({ packing: { checked: 1, items: [{ name: 'Passports', checked: true }] } }),
    ),
    asks(
      'Two bottles of sun cream, into the suitcase.',
      [
        inTrip('list_packing_bags'),
        inTrip('create_packing_item', {
          name: 'Sun cream',
          category: 'Health',
          quantity: '2',
          bag_id: '$1.bags[Suitcase].id',
          weight_grams: null,
        }),
      ],
      trip({ packing: { items: [{ name: 'Sun cream', quantity: 2 }] } }),
    ),
    asks(
      'Put a present for Ben on my list, so that nobody else sees it.',
      inTrip('create_packing_item', { name: 'Present for Ben', visibility: 'personal', shared_with: null }),
      trip({ packing: { items: [{ name: 'Present for Ben', visibility: 'personal' }] } }),
    ),
    asks(
      'Cleo may see the present too.',
      inTrip('update_packing_item', {
        itemId: toPack('Present for Ben'),
        visibility: 'shared',
        shared_with: `[${asText(CLEO)}]`,
      }),
      trip({ packing: { items: [{ name: 'Present for Ben', visibility: 'shared', shared_with: [CLEO] }] } }),
    ),
    asks(
      'Five T-shirts are enough.',
      inTrip('update_packing_item', { itemId: toPack('T-shirts'), quantity: 5 }),
      trip({ packing: { items: [{ name: 'T-shirts', quantity: 5, weight_grams: 160 }] } }),
    ),
    asks(
      'Put the power bank at the top of the list.',
      inTrip('update_packing_item', { itemId: toPack('Power bank'), before: '$trip.packing.items.0.id' }),
      trip({ packing: { items: { 0: { name: 'Power bank' } } } }),
    ),
    asks(
      'A tripod of 1.2 kilos and two umbrellas have to come too, in the backpack.',
      inTrip('bulk_import_packing', {
        items:
          '[{"name":"Tripod","weight_grams":1200,"bag":"Backpack"},{"name":"Umbrellas","quantity":"2","bag":"Backpack"}]',
      }),
      trip({
        packing: {
          items: [
            { name: 'Tripod', weight_grams: 1200 },
            { name: 'Umbrellas', quantity: 2 },
          ],
        },
      }),
    ),
    asks(
      'How heavy is the suitcase?',
      inTrip('list_packing_bags'),
      answers({ bags: [{ name: 'Suitcase', weight_grams: 4440 }] }),
    ),
    asks(
      'I take a camera bag, of at most three kilos.',
      inTrip('create_packing_bag', { name: 'Camera bag', weight_limit_grams: '3000', color: '' }),
      then(inTrip('list_packing_bags'), { bags: [{ name: 'Camera bag', weight_limit_grams: 3000 }] }),
    ),
    asks(
      'The camera bag is mine.',
      [inTrip('list_packing_bags'), inTrip('set_bag_members', { bagId: '$1.bags[Camera bag].id', userIds: [ANA] })],
      then(inTrip('list_packing_bags'), { bags: [{ name: 'Camera bag', members: [{ name: 'Ana' }] }] }),
    ),
    asks(
      'Call it “Cameras”.',
      [inTrip('list_packing_bags'), inTrip('update_packing_bag', { bagId: '$1.bags[Camera bag].id', name: 'Cameras' })],
      then(inTrip('list_packing_bags'), { bags: [{ name: 'Cameras', weight_limit_grams: 3000 }] }),
    ),
    asks(
      'We leave the backpack at home.',
      [inTrip('list_packing_bags'), inTrip('delete_packing_bag', { bagId: '$1.bags[Backpack].id' })],
      trip({ packing: { items: [{ name: 'Tripod', bag_id: null }] } }),
    ),
    asks(
      'Cleo sees to the electronics.',
      inTrip('set_packing_category_assignees', { categoryName: 'Electronics', userIds: [CLEO] }),
      then(inTrip('get_packing_category_assignees'), {
        assignees: [{ category: 'Electronics', assignees: [{ name: 'Cleo' }] }],
      }),
    ),
    asks(
      'Who packs what?',
      inTrip('get_packing_category_assignees'),
      answers({ assignees: [{ category: 'Electronics', assignees: [{ name: 'Cleo' }] }] }),
    ),
    asks(
      'Take the warm sweaters off the list.',
      inTrip('delete_packing_item', { itemId: toPack('Warm sweater for the evenings') }),
      trip({ packing: { items: [] } }, { packing: { items: [{ name: 'Warm sweater for the evenings' }] } }),
    ),
    asks(
      'Sort the list by name.',
      inTrip('reorder_packing_items', {
        orderedIds: [
          'Blister plasters',
          'Hay fever tablets',
          'Light rain jacket',
          'Passports',
          'Plug adapters, type A',
          'Power bank',
          'Present for Ben',
          'Rail vouchers',
          'Shoes that slip off easily',
          'Socks without holes',
          'Sun cream',
          'Travel insurance card',
          'Tripod',
          'T-shirts',
          'Umbrellas',
        ].map(toPack),
      }),
      trip({ packing: { items: { 0: { name: 'Blister plasters' }, 14: { name: 'Umbrellas' } } } }),
    ),
    asks(
      'Keep this list for other trips, as “City in spring”.',
      inTrip('save_packing_template', { templateName: 'City in spring' }),
      then(inTrip('list_packing_templates'), { templates: [{ name: 'City in spring', item_count: 14 }] }),
    ),
    asks(
      'Which lists can we start from?',
      inTrip('list_packing_templates'),
      answers({ templates: [{ name: 'City in spring' }] }),
    ),
    asks(
      'We go to Lisbon in May; pack as for Kyoto.',
      [
        call('create_trip', { title: 'Lisbon', start_date: '2027-05-14', end_date: '2027-05-17' }),
        call('list_packing_templates', { tripId: '$1.trip.id' }),
        call('apply_packing_template', { tripId: '$1.trip.id', templateId: '$2.templates[City in spring].id' }),
      ],
      then(call('get_trip_summary', { tripId: '$1.trip.id' }), { packing: { total: 14, checked: 0 } }),
    ),
    asks(
      'Keep the packing list as “A week at the sea”. No, delete that again.',
      [
        inTrip('save_packing_template', { templateName: 'A week at the sea' }),
        call('delete_packing_template', { templateId: '$1.template.id' }),
      ],
      then(
        inTrip('list_packing_templates'),
        { templates: [{ name: 'City in spring', mine: true }] },
        { templates: [{ name: 'A week at the sea' }] },
      ),
    ),
  ],
}

const todos: Section = {
  about: 'to-dos',
  requests: [
    asks(
      'Remind Ben to buy the rail pass by Friday.',
      inTrip('create_todo', {
        name: 'Buy the rail pass',
        assigned_user_id: asText(BEN),
        due_date: '2027-03-05',
        description: null,
        priority: '',
      }),
      trip({ todos: [{ name: 'Buy the rail pass', assigned_user_id: BEN, due_date: '2027-03-05', priority: 0 }] }),
    ),
    asks(
      'What is left to do?',
      inTrip('list_todos'),
      answers({ items: [{ name: 'Tell the bank about Japan', checked: false }, { name: 'Buy the rail pass' }] }),
    ),
    asks(
      'The seats on the Haruka are reserved.',
      inTrip('toggle_todo', { itemId: todo('Reserve seats on the Haruka'), checked: true }),
      trip({ todos: [{ name: 'Reserve seats on the Haruka', checked: true }] }),
    ),
    asks(
      'The bank can wait until the first of April, but it is important.',
      inTrip('update_todo', {
        itemId: asText(todo('Tell the bank about Japan')),
        due_date: '2027-04-01',
        priority: '1',
      }),
      trip({ todos: [{ name: 'Tell the bank about Japan', due_date: '2027-04-01', priority: 1 }] }),
    ),
    asks(
      'The rail pass comes first.',
      inTrip('update_todo', { itemId: todo('Buy the rail pass'), before: '$trip.todos.0.id' }),
      trip({ todos: { 0: { name: 'Buy the rail pass' } } }),
    ),
    asks(
      'Put the ones that are done last.',
      inTrip('reorder_todos', {
        orderedIds: [
          todo('Buy the rail pass'),
          todo('Tell the bank about Japan'),
          todo('Download offline maps'),
          todo('Reserve seats on the Haruka'),
        ],
      }),
      trip({ todos: { 0: { name: 'Buy the rail pass' }, 3: { name: 'Reserve seats on the Haruka' } } }),
    ),
    asks(
      'Cleo looks after everything about the phones.',
      inTrip('set_todo_category_assignees', { categoryName: 'Phones', userIds: [CLEO] }),
      then(inTrip('get_todo_category_assignees'), {
        assignees: [{ category: 'Phones', assignees: [{ name: 'Cleo' }] }],
      }),
    ),
    asks(
      'Who looks after what?',
      inTrip('get_todo_category_assignees'),
      answers({ assignees: [{ category: 'Phones' }] }),
    ),
    asks(
      'We do not need offline maps.',
      inTrip('delete_todo', { itemId: todo('Download offline maps') }),
      trip({ todos: { length: 3 } }, { todos: [{ name: 'Download offline maps' }] }),
    ),
  ],
}

const notes: Section = {
  about: 'notes',
  requests: [
    asks(
      'Write down the password of the wireless network of the hotel, sakura2027, where everybody finds it.',
      inTrip('create_collab_note', {
        title: 'Wireless network of the hotel',
        content: 'Password: **sakura2027**',
        pinned: 'true',
        color: null,
        website: '',
      }),
      trip({ collab_notes: [{ title: 'Wireless network of the hotel', pinned: true, author: { name: 'Ana' } }] }),
    ),
    asks(
      'What do our notes say?',
      section('collab_notes'),
      answers({ items: [{ title: 'Practical tips', content: /ICOCA/ }] }),
    ),
    asks(
      'The tips need not be at the top, and belong to “Japan”.',
      inTrip('update_collab_note', { noteId: note('Practical tips'), pinned: 'false', category: 'Japan' }),
      trip({ collab_notes: [{ title: 'Practical tips', pinned: false, category: 'Japan', content: /ICOCA/ }] }),
    ),
    asks(
      'Put the page about the pass there, westjr.co.jp/global/en.',
      inTrip('update_collab_note', {
        noteId: asText(note('Practical tips')),
        website: 'https://www.westjr.co.jp/global/en',
      }),
      trip({ collab_notes: [{ title: 'Practical tips', website: /westjr/, category: 'Japan' }] }),
    ),
    asks(
      'The password is sakura2028.',
      inTrip('update_collab_note', {
        noteId: note('Wireless network of the hotel'),
        content: 'Password: **sakura2028**',
      }),
      trip({ collab_notes: [{ title: 'Wireless network of the hotel', content: /2028/, pinned: true }] }),
    ),
    asks(
      'Delete the note about the network.',
      inTrip('delete_collab_note', { noteId: note('Wireless network of the hotel') }),
      trip({ collab_notes: { length: 1 } }, { collab_notes: [{ title: 'Wireless network of the hotel' }] }),
    ),
  ],
}

const chat: Section = {
  about: 'polls and chat',
  requests: [
    asks(
      'Make a poll: sushi or ramen? Until Friday evening.',
      inTrip('create_collab_poll', {
        question: 'Sushi or ramen?',
        options: '["Sushi","Ramen"]',
        multiple: null,
        deadline: '2027-03-05T20:00:00+01:00',
      }),
      then(inTrip('list_collab_polls'), { polls: [{ question: 'Sushi or ramen?', closed: false }] }),
    ),
    asks(
      'I am for ramen.',
      [
        inTrip('list_collab_polls'),
        inTrip('vote_collab_poll', { pollId: '$1.polls[Sushi or ramen?].id', optionIndex: '1' }),
      ],
      then(inTrip('list_collab_polls'), {
        polls: [{ question: 'Sushi or ramen?', options: { 1: { text: 'Ramen', voters: [{ name: 'Ana' }] } } }],
      }),
    ),
    asks(
      'Who wants what: tea or cooking?',
      inTrip('list_collab_polls'),
      answers({
        polls: [{ question: 'Tea ceremony or cooking class?', options: { 1: { voters: [{ name: 'Ben' }] } } }],
      }),
    ),
    asks(
      'Cooking it is. Close the poll.',
      [
        inTrip('list_collab_polls'),
        inTrip('close_collab_poll', { pollId: '$1.polls[Tea ceremony or cooking class?].id' }),
      ],
      then(inTrip('list_collab_polls'), { polls: [{ question: 'Tea ceremony or cooking class?', closed: true }] }),
    ),
    asks(
      'Delete the poll about sushi.',
      [inTrip('list_collab_polls'), inTrip('delete_collab_poll', { pollId: '$1.polls[Sushi or ramen?].id' })],
      then(inTrip('list_collab_polls'), { polls: { length: 1 } }),
    ),
    asks(
      'Ask them which gardens they want to see, as many as they like: moss, stones or bamboo.',
      inTrip('create_collab_poll', {
        question: 'Which gardens?',
        options: ['Moss', 'Stones', 'Bamboo'],
        multiple: 'true',
        deadline: '',
      }),
      then(inTrip('list_collab_polls'), {
        polls: [{ question: 'Which gardens?', multiple: true, options: { length: 3 }, deadline: null }],
      }),
    ),
    asks(
      'What has Ben written?',
      inTrip('list_collab_messages', { before: null }),
      answers({ messages: [{ text: 'Shall we take the early train to Nara?', author: { name: 'Ben' } }] }),
    ),
    asks(
      'Thumbs up for that.',
      [
        inTrip('list_collab_messages'),
        inTrip('react_collab_message', {
          messageId: '$1.messages[Shall we take the early train to Nara?].id',
          emoji: '👍',
        }),
      ],
      then(inTrip('list_collab_messages'), {
        messages: [{ text: 'Shall we take the early train to Nara?', reactions: [{ emoji: '👍', name: 'Ana' }] }],
      }),
    ),
    asks(
      'Answer him: the one at nine.',
      [
        inTrip('list_collab_messages'),
        inTrip('send_collab_message', {
          text: 'The one at nine.',
          replyTo: '$1.messages[Shall we take the early train to Nara?].id',
        }),
      ],
      then(inTrip('list_collab_messages'), {
        messages: [{ text: 'The one at nine.', reply: { author: { name: 'Ben' } } }],
      }),
    ),
    asks(
      'Tell the others that I am late.',
      inTrip('send_collab_message', { text: 'I am late, sorry.', replyTo: null }),
      then(inTrip('list_collab_messages'), { messages: [{ text: 'I am late, sorry.', author: { name: 'Ana' } }] }),
    ),
    asks(
      'Take that back.',
      [
        inTrip('list_collab_messages'),
        inTrip('delete_collab_message', { messageId: '$1.messages[I am late, sorry.].id' }),
      ],
      then(
        inTrip('list_collab_messages'),
        { messages: [{ deleted: true }] },
        { messages: [{ text: 'I am late, sorry.' }] },
      ),
    ),
  ],
}

const files: Section = {
  about: 'files',
  requests: [
    asks(
      'Where do I find the rail pass that Ben has uploaded?',
      section('files'),
      answers({ items: [{ name: 'rail-pass.pdf', description: 'Voucher for three', url: /\/files\/\d+/ }] }),
    ),
    asks(
      'Is there a file for our flight?',
      inTrip('get_trip_summary'),
      answers({ files: [{ name: 'rail-pass.pdf', reservation_ids: { length: 0 } }] }),
    ),
    asks(
      'Who has put files here, and how large are they?',
      section('files'),
      answers({ items: { length: 1, 0: { uploaded_by: BEN, size: 15, type: 'application/pdf' } } }),
    ),
  ],
}

const sharing: Section = {
  about: 'the share link',
  requests: [
    asks(
      'My mother wants to see the plan. Give me a link.',
      inTrip('create_share_link'),
      answers({ created: true, url: /\/shared\// }),
    ),
    asks(
      'Let her see the costs too, and end it after two weeks.',
      inTrip('create_share_link', { share_budget: 'true', expires_in_days: '14', share_packing: null }),
      then(inTrip('get_share_link'), {
        link: { share_budget: true, share_bookings: true, share_packing: false, expires_at: /^2027-03-15/ },
      }),
    ),
    asks(
      'What was the link again, and what does it show?',
      inTrip('get_share_link'),
      answers({ link: { url: /\/shared\//, share_budget: true, expired: false } }),
    ),
    asks(
      'She need not see what it costs after all. Let the link last a month.',
      inTrip('create_share_link', { share_budget: false, expires_in_days: 30 }),
      then(inTrip('get_share_link'), { link: { share_budget: false, expires_at: /^2027-03-31/ } }),
    ),
    asks('She has seen it. End the link.', inTrip('delete_share_link'), then(inTrip('get_share_link'), { link: null })),
    asks(
      'And one for my brother, who is packing with us.',
      inTrip('create_share_link', { share_packing: true, share_bookings: false }),
      then(inTrip('get_share_link'), { link: { share_packing: true, share_bookings: false } }),
    ),
  ],
}

const weather: Section = {
  about: 'the weather',
  requests: [
    asks(
      'How warm will it be in Kyoto when we arrive?',
      call('get_weather', { lat: '35.0116', lng: '135.7681', date: '2027-04-05', lang: null }),
      answers({ weather: { date: '2027-04-05', kind: 'climate_average', units: { temperature: '°C' } } }),
    ),
    asks(
      'When does the sun set on Thursday in Arashiyama?',
      call('get_detailed_weather', { lat: 35.0169, lng: 135.6713, date: '2027-04-08' }),
      answers({ weather: { timezone: 'Asia/Tokyo', sunset: /18:/ } }),
    ),
    asks(
      'Will it rain in Nara on Friday?',
      call('get_weather', { lat: '34.6851', lng: '135.8048', date: '2027-04-09', lang: 'en' }),
      answers({ weather: { kind: 'climate_average', units: { precipitation_probability: '%' } } }),
    ),
  ],
}

const maps: Section = {
  about: 'maps and airports',
  requests: [
    asks(
      'We might go to Uji. Put it on our list.',
      [
        call('search_place', { query: 'Uji, Japan' }),
        inTrip('create_place', {
          name: '$1.places.0.name',
          lat: '$1.places.0.lat',
          lng: '$1.places.0.lng',
          address: '$1.places.0.address',
          osm_id: '$1.places.0.osm_id',
          google_place_id: '$1.places.0.google_place_id',
        }),
      ],
      trip({ unassigned_places: [{ name: 'Uji' }] }),
    ),
    asks(
      'How many people live in Uji?',
      [call('search_place', { query: 'Uji' }), call('get_place_details', { placeId: '$1.places.0.place_id' })],
      answers({ place: { name: 'Uji' } }),
    ),
    asks(
      'Add this to our list: https://www.google.com/maps/place/Byodo-in/@34.8893,135.8077,17z',
      [
        call('resolve_maps_url', { url: 'https://www.google.com/maps/place/Byodo-in/@34.8893,135.8077,17z' }),
        inTrip('create_place', { name: '$1.name', lat: '$1.lat', lng: '$1.lng', address: '$1.address' }),
      ],
      trip({ unassigned_places: [{ name: 'Byodo-in', lat: 34.8893 }] }),
    ),
    asks(
      'I am at 34.6851, 135.8048. Where is that?',
      call('reverse_geocode', { lat: '34.6851', lng: '135.8048' }),
      answers({ place: { name: /Nara/, timezone: 'Asia/Tokyo' } }),
    ),
    asks(
      'Which airport is ITM?',
      call('get_airport', { iata: 'itm' }),
      answers({ airport: { iata: 'ITM', city: /Osaka/ } }),
    ),
    asks(
      'Which airports does Osaka have?',
      call('search_airports', { query: 'Osaka', limit: '5' }),
      answers({ airports: [{ iata: 'ITM' }, { iata: 'KIX' }] }),
    ),
    asks(
      'What time is it at Narita when it is noon in Zürich? In which zone is it?',
      call('get_airport', { iata: 'NRT' }),
      answers({ airport: { iata: 'NRT', timezone: 'Asia/Tokyo' } }),
    ),
  ],
}

const VISITED = { resource: 'trek://visited-countries' }

const atlas: Section = {
  about: 'the atlas',
  requests: [
    asks(
      'We have been to Portugal and Iceland as well.',
      [call('mark_country_visited', { country_code: 'PT' }), call('mark_country_visited', { country_code: 'is' })],
      then(VISITED, { countries: [{ country_code: 'JP' }, { country_code: 'PT' }] }),
    ),
    asks(
      'No, Iceland is still to come.',
      call('unmark_country_visited', { country_code: 'IS' }),
      then(VISITED, { countries: [{ country_code: 'PT' }] }, { countries: [{ country_code: 'IS' }] }),
    ),
    asks(
      'And to Greece, years ago.',
      call('mark_country_visited', { country_code: 'gr' }),
      then(VISITED, { countries: [{ country_code: 'GR' }] }),
    ),
  ],
}

const notifications: Section = {
  about: 'notifications',
  requests: [
    asks(
      'What is new?',
      call('list_notifications', { limit: null, offset: null, unread_only: 'true' }),
      answers({ notifications: [{ trip_title: 'A week in Kyoto', is_read: false, actor: { name: 'Ben' } }] }),
    ),
    asks('How much of that have I not read?', call('get_unread_notification_count'), answers({ count: 1 })),
    asks(
      'I have seen what Ben wrote.',
      [call('list_notifications'), call('mark_notification_read', { notificationId: '$1.notifications.0.id' })],
      then(call('get_unread_notification_count'), { count: 0 }),
    ),
    asks(
      'Leave it unread, so that I answer tonight.',
      [call('list_notifications'), call('mark_notification_unread', { notificationId: '<1.notifications.0.id>' })],
      then(call('get_unread_notification_count'), { count: 1 }),
    ),
    asks(
      'And the ones before that?',
      call('list_notifications', { limit: '5', offset: '1' }),
      answers({ unread_count: 1, notifications: { length: 0 } }),
    ),
    asks(
      'Mark everything as read.',
      call('mark_all_notifications_read', { random_string: 'all' }),
      then(call('list_notifications', { unread_only: true }), { unread_count: 0, notifications: { length: 0 } }),
    ),
  ],
}

const calendar: Section = {
  about: 'the calendar',
  requests: [
    asks(
      'Give me the trip for my calendar.',
      inTrip('export_trip_ics'),
      answers({ ics: /SUMMARY:Kiyomizu-dera/, filename: /\.ics$/, remaining: 0 }),
    ),
    asks(
      'Are our dinner and the flight in it as well?',
      inTrip('export_trip_ics', { cursor: null }),
      answers({ ics: /SUMMARY:[^\r\n]*Zürich to Osaka[\s\S]*SUMMARY:[^\r\n]*Giro Giro/ }),
    ),
    asks(
      'The dinner is cancelled. Does my calendar say so?',
      [
        inTrip('update_reservation', {
          reservationId: booking('Dinner at Giro Giro Hitoshina'),
          status: 'cancelled',
        }),
        inTrip('export_trip_ics'),
      ],
      answers({ ics: /STATUS:CANCELLED/ }),
    ),
  ],
}

/** All requests, for every part of the product that the tools reach. */
const history: Section = {
  about: 'history',
  requests: [
    asks(
      'What have the others changed?',
      inTrip('list_changes', { userId: BEN }),
      answers({ changes: [{ user_name: 'Ben', client: null, operation: 'send_collab_message' }] }),
    ),
    asks(
      'Delete the to-do about offline maps. No, undo what you have just done.',
      [
        inTrip('delete_todo', { itemId: todo('Download offline maps') }),
        inTrip('list_changes', { limit: 1 }),
        inTrip('undo_changes', { commits: ['$2.changes.0.commit'] }),
      ],
      trip({ todos: [{ name: 'Download offline maps' }] }),
    ),
  ],
}

export const sections: readonly Section[] = [
  trips,
  members,
  days,
  places,
  plan,
  dayNotes,
  stays,
  bookings,
  transports,
  costs,
  packing,
  todos,
  notes,
  chat,
  files,
  sharing,
  weather,
  maps,
  atlas,
  notifications,
  calendar,
  history,
]

export const deadEnds: readonly DeadEnd[] = [
  {
    ask: 'Which countries have we been to?',
    missing: { tool: 'list_visited_countries', inApp: true },
    reason: 'Countries are marked by tools, and read by the resource trek://visited-countries alone.',
  },
  {
    ask: 'My little son Tim comes along too. He has no account.',
    missing: { tool: 'add_guest', inApp: true },
    reason: 'Guests are added in the app alone.',
  },
  {
    ask: 'Ben takes over: make him the owner of the trip.',
    missing: { tool: 'transfer_trip_ownership', inApp: true },
    reason: 'A trip is given away in the app alone.',
  },
  {
    ask: 'Rename the category “food” to “eating out”, for all costs.',
    missing: { tool: 'rename_budget_category', inApp: true },
    reason: 'Each expense would have to be changed by itself.',
  },
  {
    ask: 'Give the rail pass a better name.',
    missing: { tool: 'update_file', inApp: true },
    reason: 'Files are read alone.',
  },
  {
    ask: 'What does the rail pass say about the Haruka?',
    missing: { tool: 'download_file', inApp: true },
    reason: 'No tool reads what is in a file.',
  },
  {
    ask: 'Delete the notification about Ben.',
    missing: { tool: 'delete_notification', inApp: true },
    reason: 'Notifications are marked as read, and deleted in the app alone.',
  },
  {
    ask: 'Do not tell me of every message in the chat any more.',
    missing: { tool: 'update_notification_preferences', inApp: true },
    reason: 'What somebody is told of is chosen in the app alone.',
  },
  {
    ask: 'Give me a link that my calendar subscribes to.',
    missing: { tool: 'get_calendar_feed', inApp: false },
    reason: 'There is a file, and no address to subscribe to yet.',
  },
  {
    ask: 'Add “soba” to the poll.',
    missing: { tool: 'update_collab_poll', inApp: false },
    reason: 'A poll cannot be changed; it is deleted and made anew.',
  },
  {
    ask: 'We need a day of rest after Tuesday, so that everything from Wednesday on is a day later.',
    missing: {
      guess: inTrip('create_day', { date: '2027-04-07', title: 'Rest' }),
      refusal: /Day 3 .* has the date 2027-04-07 already/,
    },
    reason: 'A day is added at the ends alone, and reorder_days and move_day are for the app.',
  },
  {
    ask: 'On the second day of the trip without dates, a table at seven in the evening.',
    missing: {
      before: [call('create_trip', { title: 'Iceland' }), call('get_trip_summary', { tripId: '$1.trip.id' })],
      guess: call('create_reservation', {
        tripId: '$1.trip.id',
        title: 'Dinner',
        type: 'restaurant',
        day_id: '$2.days.1.id',
        reservation_time: '19:00',
      }),
      refusal: /reservation_time must be a local date or time/,
    },
    reason: 'A booking has its time with a date, and no day of that trip has one.',
  },
  {
    ask: 'Take this picture for the trip: https://example.org/kyoto.jpg',
    missing: {
      guess: inTrip('update_trip', { cover_image: 'https://example.org/kyoto.jpg' }),
      refusal: /cover_image must be a cover that was uploaded in the app/,
    },
    reason: 'Covers and files are uploaded in the app alone.',
  },
  {
    ask: 'Invite Mia to the trip, mia@example.org. She has no account yet.',
    missing: {
      guess: inTrip('add_trip_member', { identifier: 'mia@example.org' }),
      refusal: /The administrator of the server creates accounts/,
    },
    reason: 'Nobody is invited to a trip who has no account.',
  },
  {
    ask: 'When does Kinkaku-ji open?',
    missing: {
      before: [call('search_place', { query: 'Kinkaku-ji, Kyoto' })],
      guess: call('get_place_details', { placeId: asText(placeAt(WEDNESDAY, 'Kinkaku-ji')) }),
      refusal: /Take a place_id from search_place/,
    },
    reason: 'The built-in list of towns contains no sights; another source is the choice of the administrator.',
  },
]
