import type { Output } from '../../../core/declare/operation.ts'
import { callOf } from '../../../core/run/continuations.ts'
import { cursorAfter, PAGE_BYTES } from '../../../core/run/paging.ts'
import type { DayPlan, get_trip_summary, SummaryDay } from '../contract/index.ts'

type Summary = Output<typeof get_trip_summary>

/** The reason when only details of stops were left out. */
export const BRIEF = 'Stops are brief for size'

/** The room reserved for the notes on what was left out, in bytes. */
const ROOM_FOR_WORDS = 3000
/** `omitted` has a separate entry for this many of the cut days, the first ones. */
const NAMED_DAYS = 10

const bytesOf = (value: unknown): number => Buffer.byteLength(JSON.stringify(value) ?? '')

/** The size of a list; counting stops once it exceeds PAGE_BYTES, because it does not matter by how much. */
function sizeOf(list: readonly unknown[]): number {
  // The opening bracket; each item adds a comma, or at the end the closing bracket.
  let used = 1
  for (const item of list) {
    used += bytesOf(item) + 1
    if (used > PAGE_BYTES) break
  }
  return used
}

/** The longest prefix of a list that fits into this many bytes. */
function head<T>(list: readonly T[], bytes: number): T[] {
  let used = 1
  let count = 0
  for (const item of list) {
    used += bytesOf(item) + 1
    if (used > bytes) break
    count++
  }
  return list.slice(0, count)
}

type Long = readonly unknown[] | { readonly items: readonly unknown[] }

const listIn = (section: Long): readonly unknown[] => ('items' in section ? section.items : section)
const withList = (section: Long, items: readonly unknown[]) => ('items' in section ? { ...section, items } : items)

/** The sections that can be long, each a list or an object with one in `items`. */
const LONG = [
  'days',
  'unassigned_places',
  'accommodations',
  'reservations',
  'files',
  'packing',
  'budget',
  'collab_notes',
  'todos',
] as const satisfies readonly (keyof Summary)[]

/**
 * A summary that fits into one answer. Small sections stay whole. The large lists share the rest of the room, and for
 * each that was cut, `omitted` says how much is left and which call returns it. Every stop keeps at least its id,
 * unless there are very many. If a section is only its first page, `further` has the number of its remaining items.
 */
export function fitted(summary: Summary, tripId: number, further: ReadonlyMap<string, number>): Summary {
  const members = fittedMembers(summary, tripId)
  const long = LONG.flatMap((name) => {
    const section: Long | undefined = members[name]
    return section ? [{ name, section, all: listIn(section), besides: further.get(name) ?? 0 }] : []
  })
  const small = bytesOf({ ...members, ...Object.fromEntries(long.map((one) => [one.name, withList(one.section, [])])) })
  const sizes = long.map(({ all, besides }) => (besides ? PAGE_BYTES + 1 : sizeOf(all)))
  if (small + sizes.reduce((sum, size) => sum + size, 0) <= PAGE_BYTES) return members
  const rooms = shares(sizes, PAGE_BYTES - small - ROOM_FOR_WORDS)
  const omitted: Summary['omitted'] = []
  const cut = long.map(({ name, section, all, besides }, index) => {
    const room = rooms[index] ?? 0
    const days = name === 'days' ? fittedDays(summary.days ?? [], room, tripId) : null
    const some = days?.days ?? head(all, room)
    const count = all.length + besides
    if (some.length < count) {
      const input = { tripId, section: name, cursor: cursorAfter(some) ?? undefined }
      const reason = `${count - some.length} of ${count} are left out for size: ${callOf('read_trip_section', input)}`
      omitted.push({ section: name, reason })
    }
    omitted.push(...(days?.omitted ?? []))
    return [name, withList(section, some)]
  })
  return { ...members, ...Object.fromEntries(cut), omitted: [...members.omitted, ...omitted] }
}

/** The most room for people in the summary, in bytes. */
const MOST_OF_PEOPLE = 12_000

function fittedMembers(summary: Summary, tripId: number): Summary {
  if (!summary.members) return summary
  const { owner, collaborators } = summary.members
  const some = head(collaborators, MOST_OF_PEOPLE)
  if (some.length === collaborators.length) return summary
  const reason = `${collaborators.length - some.length} of ${collaborators.length} are left out for size: ${callOf('list_trip_members', { tripId })}`
  return {
    ...summary,
    members: { owner, collaborators: some },
    omitted: [...summary.omitted, { section: 'members', reason }],
  }
}

interface FittedDays {
  readonly days: SummaryDay[]
  readonly omitted: Summary['omitted']
}

/** Days with as much of their stops as fits: all details, or only the ids of all stops, or as many as fit. */
function fittedDays(days: readonly SummaryDay[], room: number, tripId: number): FittedDays {
  if (sizeOf(days) <= room) return { days: [...days], omitted: [] }
  const brief = days.map((day) => ({ ...day, assignments: day.assignments.map(briefStop) }))
  const reason = `${BRIEF}: ${callOf('read_trip_section', { tripId, section: 'days' })}`
  const omitted = [{ section: 'days', reason }]
  if (sizeOf(brief) <= room) return { days: brief, omitted }
  const bare = head(
    brief.map((day) => ({ ...day, assignments: [], notes: [] })),
    room,
  )
  const cut = cutDays(brief.slice(0, bare.length), room)
  return { days: cut, omitted: [...omitted, ...leftOutOf(days, cut, tripId)] }
}

const briefStop = ({ id, place_id, order_index, place_time, end_time, place }: SummaryDay['assignments'][number]) => ({
  ...{ id, place_id, order_index, place_time, end_time },
  place: { name: place.name, place_time: place.place_time },
})

/** Days with as many of their stops and notes as fit; those with few keep them all. */
function cutDays<D extends SummaryDay>(days: readonly D[], room: number): D[] {
  const bare = sizeOf(days.map((day) => ({ ...day, assignments: [], notes: [] })))
  const lists = days.flatMap(({ assignments, notes }): (readonly unknown[])[] => [assignments, notes])
  const rooms = shares(lists.map(sizeOf), room - bare)
  const some = lists.map((list, index) => head(list, rooms[index] ?? 0))
  return days.map((day, index) => ({ ...day, assignments: some[2 * index], notes: some[2 * index + 1] }) as D)
}

/** Cuts each day to this many bytes, and returns what was left out for `omitted`. */
export function eachFitted(days: readonly DayPlan[], room: number, tripId: number) {
  const cut = days.flatMap((day) => cutDays([day], room))
  return { days: cut, omitted: leftOutOf(days, cut, tripId) }
}

function leftOutOf(all: readonly SummaryDay[], some: readonly SummaryDay[], tripId: number): Summary['omitted'] {
  const left = some.flatMap(({ id, day_number, assignments, notes }) => {
    const day = all.find((one) => one.id === id)
    const [stops, noted] = [day?.assignments.length ?? 0, day?.notes.length ?? 0]
    const count = stops - assignments.length + noted - notes.length
    return count ? [{ id, day_number, count, of: stops + noted }] : []
  })
  const named = left.slice(0, NAMED_DAYS).map(({ id, day_number, count, of }) => {
    const way = callOf('read_trip_section', { tripId, dayId: id })
    return { section: 'days', reason: `${count} of ${of} entries of day ${day_number} are left out for size: ${way}` }
  })
  if (left.length === named.length) return named
  const others = left.slice(NAMED_DAYS).map(({ id }) => id)
  const way = callOf('read_trip_section', { tripId, dayId: others[0] })
  const reason = `So are entries of ${others.length} further days: ${way}, and with each of the dayIds ${others.join(', ')}`
  return [...named, { section: 'days', reason }]
}

/** Distributes room to lists: those that need less than an even share get what they need, others share the rest. */
function shares(needs: readonly number[], room: number): number[] {
  const rooms = needs.map(() => 0)
  let open = needs.map((_, index) => index)
  let left = room
  while (open.length) {
    const even = Math.floor(left / open.length)
    const modest = open.filter((index) => (needs[index] ?? 0) <= even)
    for (const index of modest.length ? modest : open) {
      rooms[index] = modest.length ? (needs[index] ?? 0) : even
      left -= rooms[index] ?? 0
    }
    open = modest.length ? open.filter((index) => !modest.includes(index)) : []
  }
  return rooms
}
