import { beforeAll, expect, test } from 'vitest'
import type { AnyOperation } from '../../src/core/declare/operation.ts'
import type { Tool } from '../harness/assistant.ts'
import { connectRaw, type Habit } from '../harness/mcp/raw-client.ts'
import { PROVING } from '../harness/prove.ts'
import { type Person, type Running, runningOn } from '../harness/rigs/running.ts'

/** The usual work of assistants, done by programs that speak plain HTTP, each with a habit of some real program. */

type Args = Record<string, unknown>

/** The value with every part of it changed, including entries of lists and objects. */
const changeDeeply = (change: (value: unknown) => unknown) => {
  const within = (value: unknown): unknown => {
    if (Array.isArray(value)) return value.map(within)
    if (typeof value === 'object' && value !== null) return mapped(value as Args, within)
    return change(value)
  }
  return within
}
const mapped = (args: Args, change: (value: unknown) => unknown): Args =>
  Object.fromEntries(Object.entries(args).map(([name, value]) => [name, change(value)]))

const numbersAsText = changeDeeply((value) => (typeof value === 'number' ? String(value) : value))
const booleansAsText = changeDeeply((value) => (typeof value === 'boolean' ? String(value) : value))
const asJson = (value: unknown) => (typeof value === 'object' && value !== null ? JSON.stringify(value) : value)

/** In an update, null and an empty text clear optional fields, so there they cannot stand for omitted ones. */
const clears = ({ effect, input }: AnyOperation, name: string) =>
  effect === 'update' && input.shape[name].safeParse(null).success

/** The arguments, with this value for each omitted one. */
const filledWith =
  (filling: unknown) =>
  (operation: AnyOperation, args: Args): Args => ({
    ...Object.fromEntries(
      Object.keys(operation.input.shape)
        .filter((name) => !clears(operation, name))
        .map((name) => [name, filling]),
    ),
    ...args,
  })

const N8N = {
  toolCallId: 'call_0BCIShth4lxZuYr4coSp4E5E',
  tool: 'trek',
  sessionId: 'e0a1',
  action: 'sendMessage',
  chatInput: 'Plan three days',
}

/** The habits that affect the database; all others end before it, on either engine. */
const REACHES = /falls asleep|at once|keeps no session|empty text/

const suite = (engine: 'sqlite' | 'postgres') => (running: () => Running) => {
  let ana: Person
  let ben: typeof ana
  let expectedTrip: object
  beforeAll(async () => {
    ana = await running().person('Ana')
    ben = await running().person('Ben')
    expectedTrip = await planned({})
  })

  const HABITS: [string, Habit][] = [
    ['writes numbers as text', { arguments: (_operation, args) => numbersAsText(args) }],
    ['writes booleans as text', { arguments: (_operation, args) => booleansAsText(args) }],
    ['writes lists and objects as JSON text', { arguments: (_operation, args) => mapped(args, asJson) }],
    [
      'writes everything as text',
      { arguments: (_operation, args) => mapped(numbersAsText(booleansAsText(args)) as Args, asJson) },
    ],
    ['writes all arguments as one JSON text', { arguments: (_operation, args) => JSON.stringify(args) }],
    ['sends null for omitted arguments', { arguments: filledWith(null) }],
    ['sends an empty text for omitted arguments', { arguments: filledWith('') }],
    ['sends null for no arguments', { arguments: (_operation, args) => (Object.keys(args).length ? args : null) }],
    ['adds null for an unknown argument', { arguments: (_operation, args) => ({ ...args, somethingElse: null }) }],
    ['adds what n8n adds', { arguments: (_operation, args) => ({ ...args, ...N8N }) }],
    ['adds what Gemini CLI adds', { arguments: (_operation, args) => ({ ...args, wait_for_previous: true }) }],
    ['adds what Cline adds', { arguments: (_operation, args) => ({ ...args, task_progress: '- [x] Trip' }) }],
    [
      'invents an argument if there is none',
      { arguments: (_operation, args) => (Object.keys(args).length ? args : { random_string: 'dummy' }) },
    ],
    ['reads JSON alone', { accept: 'application/json' }],
    ['reads streams alone', { accept: 'text/event-stream' }],
    ['reads streams alone, a few bytes at a time', { accept: 'text/event-stream', pieces: 7 }],
    ['reads anything', { accept: '*/*' }],
    ['does not say what it reads', { accept: null }],
    ['puts a slash at the end of the address', { path: '/mcp/' }],
    ['keeps no session', { keepsSession: false }],
    ['keeps no session, and names no version', { keepsSession: false, version: null }],
    ['names no version in its headers', { version: null }],
    ['speaks 2025-03-26', { version: '2025-03-26' }],
    ['speaks 2025-06-18', { version: '2025-06-18' }],
    ['writes the ids of its requests as text', { id: (count) => `request-${count}` }],
    ['gives all its requests one id', { id: () => 1 }],
    ['counts its requests from 0', { id: (count) => count - 1 }],
    ['sends at once what does not depend on each other', { parallel: true }],
    [
      'falls asleep in the middle, again and again',
      {
        async before(id, count) {
          const slept_at = new Date().toISOString()
          const putToSleep = running().database.kysely.updateTable('mcp_sessions').set({ slept_at })
          if (count % 5 === 0) await putToSleep.where('id', '=', id).execute()
        },
      },
    ],
  ]

  const chosen = HABITS.filter(([habit]) => PROVING || engine === 'sqlite' || REACHES.test(habit))
  test.each(chosen)('one that %s', async (_habit, habit) => {
    expect(await planned(habit)).toEqual(expectedTrip)
  })

  test('a misspelt argument is reported, and not taken for one that a program adds', async () => {
    const tool = await connectRaw(running().url, ana.token, {})
    await expect(tool('create_trip', { title: 'Kyoto', curency: 'CHF' })).rejects.toThrow(/Did you mean currency\?/)
  })

  /** Plans a trip with this habit, and returns the resulting rows. */
  async function planned(habit: Habit): Promise<object> {
    const tool = await connectRaw(running().url, ana.token, habit)
    const tripId = await plan(tool, habit.parallel === true)
    return rowsOf(tripId)
  }

  async function plan(tool: Tool, parallel: boolean): Promise<number> {
    const inOrder = async <T>(calls: (() => Promise<T>)[]): Promise<T[]> => {
      if (parallel) return Promise.all(calls.map((one) => one()))
      const answers: T[] = []
      for (const one of calls) answers.push(await one())
      return answers
    }
    const { trip } = await tool<{ trip: { id: number } }>('create_trip', {
      title: 'Three days in Kyoto',
      currency: 'CHF',
      start_date: '2027-04-05',
      end_date: '2027-04-07',
      reminder_days: 5,
    })
    const tripId = trip.id
    const add = (name: string, args: object) => () => tool(name, { tripId, ...args })
    await tool('add_trip_member', { tripId, identifier: ben.username })
    const { categories } = await tool<{ categories: { id: number; name: string }[] }>('list_categories', {})
    const category_id = categories.find(({ name }) => name === 'Attraction')?.id
    const { days } = await tool<{ days: { id: number }[] }>('get_trip_summary', { tripId })
    const [first, second, third] = days.map(({ id }) => id)

    await inOrder([
      add('update_day', { dayId: first, title: 'Golden temples' }),
      add('create_day_note', { dayId: second, text: 'Rent bicycles', time: 'Morning' }),
      add('create_place', { name: 'Hotel Kanra', lat: 34.9924, lng: 135.7597, category_id }),
      add('create_collab_note', { title: 'Tips', content: '**Cash** only', pinned: true }),
      add('create_collab_poll', { question: 'Tea or cooking?', options: ['Tea', 'Cooking'], multiple: true }),
      add('create_todo', { name: 'Seats', due_date: '2027-03-20', priority: 2, checked: true }),
      add('bulk_import_packing', {
        items: [
          { name: 'Passports', category: 'Documents', quantity: 2 },
          { name: 'Rain jacket', bag: 'Suitcase', weight_grams: 350 },
        ],
      }),
      add('create_transport', {
        type: 'flight',
        title: 'Zürich to Osaka',
        start_day_id: first,
        metadata: { airline: 'Swiss', flight_number: 'LX160' },
        endpoints: [
          { role: 'from', sequence: 0, name: 'Zürich', code: 'ZRH', local_date: '2027-04-04', local_time: '13:00' },
          { role: 'to', sequence: 1, name: 'Osaka', code: 'KIX', local_date: '2027-04-05', local_time: '09:40' },
        ],
      }),
      add('create_budget_item', {
        name: 'Flights',
        total_price: 1780.5,
        currency: 'EUR',
        payers: [{ user_id: ana.caller.userId, amount: 1780.5 }],
        member_ids: [ana.caller.userId, ben.caller.userId],
      }),
    ])
    const stops: number[] = []
    for (const [name, lat, lng] of [
      ['Kinkaku-ji', 35.0394, 135.7292],
      ['Nijō Castle', 35.0142, 135.7481],
    ] as const) {
      const { assignment } = await tool<{ assignment: { id: number } }>('create_and_assign_place', {
        tripId,
        dayId: third,
        name,
        lat,
        lng,
        price: 500,
        currency: 'JPY',
      })
      stops.push(assignment.id)
    }
    const [stop, other] = stops
    await tool('update_assignment_time', { tripId, assignmentId: stop, place_time: '09:00', end_time: '10:15' })
    await tool('set_assignment_participants', { tripId, assignmentId: other, userIds: [ben.caller.userId] })
    await tool('reorder_day_assignments', { tripId, dayId: third, assignmentIds: [other, stop] })
    const { places } = await tool<{ places: { id: number; name: string }[] }>('list_places', { tripId, limit: 10 })
    const { reservation } = await tool<{ reservation: { id: number } }>('create_reservation', {
      tripId,
      title: 'Hotel Kanra',
      type: 'hotel',
      place_id: places.find(({ name }) => name === 'Hotel Kanra')?.id,
      start_day_id: first,
      end_day_id: third,
      check_in: '15:00',
      price: 1134.5,
    })
    await tool('update_reservation', {
      tripId,
      reservationId: reservation.id,
      status: 'confirmed',
      needs_review: false,
    })
    const { item } = await tool<{ item: { id: number } }>('create_packing_item', {
      tripId,
      name: 'Ring',
      visibility: 'personal',
      quantity: 1,
    })
    await tool('toggle_packing_item', { tripId, itemId: item.id, checked: true })
    const summary = await tool<{ days: { assignments: { place: { name: string } }[] }[] }>('get_trip_summary', {
      tripId,
    })
    expect(summary.days.map(({ assignments }) => assignments.map((one) => one.place.name))).toEqual([
      [],
      [],
      ['Nijō Castle', 'Kinkaku-ji'],
    ])
    return tripId
  }

  /** Every row of a trip. Ids and times differ in each run, so only their presence is compared. */
  async function rowsOf(tripId: number): Promise<object> {
    const { kysely } = running().database
    const sections: Record<string, unknown[]> = {}
    const tables = (await kysely.introspection.getTables()).filter(({ columns }) =>
      columns.some(({ name }) => name === 'trip_id'),
    )
    for (const [table, column] of [['trips', 'id'], ...tables.map(({ name }) => [name, 'trip_id'])] as const) {
      const rows = (await kysely
        .selectFrom(table as 'trips')
        .selectAll()
        .where(column as 'id', '=', tripId)
        .execute()) as unknown as Args[]
      sections[table as string] = rows.map((row) => JSON.stringify(mappedRow(row))).sort()
    }
    return sections
  }
}

for (const engine of ['sqlite', 'postgres'] as const) runningOn(engine, suite(engine))

const OF_THE_MOMENT = /^id$|_ids?$|_at$|^(user|from|to)_|order_key|position|^key$|seq/

const mappedRow = (row: Args): Args =>
  Object.fromEntries(
    Object.entries(row)
      .toSorted(([one], [other]) => (one < other ? -1 : 1))
      .map(([name, value]) => [name, OF_THE_MOMENT.test(name) && value !== null ? 'something' : value]),
  )
