import type { Output } from '../../../core/declare/operation.ts'
import { PAGE_BYTES } from '../../../core/run/paging.ts'
import type { DayPlan, get_trip_summary } from '../contract/index.ts'

type Summary = Output<typeof get_trip_summary>

const bytesOf = (value: unknown): number => Buffer.byteLength(JSON.stringify(value) ?? '')

/** The size of a list, or something beyond PAGE_BYTES as soon as it is larger: how much larger does not matter. */
function sizeOf(list: readonly unknown[]): number {
  // The opening bracket; each item brings a comma, or at the end the closing bracket.
  let used = 1
  for (const item of list) {
    used += bytesOf(item) + 1
    if (used > PAGE_BYTES) break
  }
  return used
}

/** The longest run from the start of a list that fits into so many bytes. */
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

/** The sections that may be long, each a list or an object with one in `items`, and who has all of it. */
const LONG: Readonly<Partial<Record<keyof Summary, string>>> = {
  days: 'the resource trek://trips/{tripId}/days',
  unassigned_places: 'list_places with assignment "unassigned"',
  accommodations: 'the resource trek://trips/{tripId}/accommodations',
  reservations: 'the resource trek://trips/{tripId}/reservations',
  packing: 'the resource trek://trips/{tripId}/packing',
  budget: 'the resource trek://trips/{tripId}/budget',
  collab_notes: 'the resource trek://trips/{tripId}/collab-notes',
  todos: 'list_todos',
}

type Long = readonly unknown[] | { readonly items: readonly unknown[] }

const listIn = (section: Long): readonly unknown[] => ('items' in section ? section.items : section)

/**
 * A summary that fits into one answer. What is small stays whole; the large lists share the rest of the room, and each that
 * was cut says in `omitted` how much is left and which tool has it.
 */
export function fitted(summary: Summary): Summary {
  const long = Object.entries(LONG).flatMap(([name, where]) => {
    const section = summary[name as keyof Summary] as Long | undefined
    return section ? [{ name, where, section, all: listIn(section) }] : []
  })
  const withList = ({ name, section }: (typeof long)[number], items: readonly unknown[]) => [
    name,
    'items' in section ? { ...section, items } : items,
  ]
  const small = bytesOf({ ...summary, ...Object.fromEntries(long.map((one) => withList(one, []))) })
  const sizes = long.map(({ all }) => sizeOf(all))
  if (small + sizes.reduce((sum, size) => sum + size, 0) <= PAGE_BYTES) return summary
  const rooms = shares(sizes, PAGE_BYTES - small - 1000)
  const cut = long.map(({ all, ...one }, index) => {
    const room = rooms[index] ?? 0
    return { ...one, all, some: one.name === 'days' ? fittedDays(summary.days ?? [], room) : head(all, room) }
  })
  return {
    ...summary,
    ...Object.fromEntries(cut.map((one) => withList(one, one.some))),
    omitted: [
      ...summary.omitted,
      ...stopsLeftOut(summary.days ?? [], (cut.find(({ name }) => name === 'days')?.some ?? []) as DayPlan[]),
      ...cut
        .filter(({ all, some }) => some.length < all.length)
        .map(({ name, where, all, some }) => ({
          section: name,
          reason: `${all.length - some.length} of ${all.length} left out for size; ${where} has them all`,
        })),
    ],
  }
}

/** Days with as many of their stops as there is room for; those with few keep them all. */
export function fittedDays(days: readonly DayPlan[], room: number): DayPlan[] {
  if (sizeOf(days) <= room) return [...days]
  const bare = head(
    days.map((day) => ({ ...day, assignments: [] })),
    room,
  )
  const stops = days.slice(0, bare.length).map(({ assignments }) => assignments)
  const rooms = shares(stops.map(sizeOf), room - bytesOf(bare))
  return bare.map((day, index) => ({ ...day, assignments: head(stops[index] ?? [], rooms[index] ?? 0) }))
}

/** What `fittedDays` has left out, for `omitted`. */
export const stopsLeftOut = (all: readonly DayPlan[], some: readonly DayPlan[]) =>
  some.flatMap(({ id, day_number, assignments }) => {
    const total = all.find((day) => day.id === id)?.assignments.length ?? 0
    const left = total - assignments.length
    const reason = `${left} of ${total} stops of day ${day_number} left out for size; the app shows them all`
    return left ? [{ section: 'days', reason }] : []
  })

/** Deals room out to lists: those that need less than an even share get what they need, the others share what is left. */
function shares(needs: readonly number[], room: number): number[] {
  const given = needs.map(() => 0)
  let open = needs.map((_, index) => index)
  let left = room
  while (open.length) {
    const even = Math.floor(left / open.length)
    const modest = open.filter((index) => (needs[index] ?? 0) <= even)
    for (const index of modest.length ? modest : open) {
      given[index] = modest.length ? (needs[index] ?? 0) : even
      left -= given[index] ?? 0
    }
    open = modest.length ? open.filter((index) => !modest.includes(index)) : []
  }
  return given
}
