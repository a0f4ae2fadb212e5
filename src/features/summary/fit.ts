import type { Output } from '../../core/operation.ts'
import { PAGE_BYTES } from '../../core/paging.ts'
import type { get_trip_summary } from './contract.ts'

type Summary = Output<typeof get_trip_summary>

const bytesOf = (value: unknown): number => Buffer.byteLength(JSON.stringify(value) ?? '')

/** The longest run from the start of a list that fits into so many bytes. */
function head<T>(list: readonly T[], bytes: number): T[] {
  // The opening bracket; each item brings a comma, or at the end the closing bracket.
  let used = 1
  let count = 0
  for (const item of list) {
    used += bytesOf(item) + 1
    if (used > bytes) break
    count++
  }
  return list.slice(0, count)
}

/**
 * A summary that fits into one answer. What is small stays whole; the large lists share the rest of the room, and each that
 * was cut says in `omitted` how much is left and which tool has it.
 */
export function fitted(summary: Summary): Summary {
  if (bytesOf(summary) <= PAGE_BYTES) return summary
  const { days, unassigned_places: places, packing, ...small } = summary
  const lists = [days ?? [], places ?? [], packing?.items ?? []]
  const rooms = shares(lists.map(bytesOf), PAGE_BYTES - bytesOf(small) - 1000)
  const [someDays, somePlaces, someItems] = lists.map((list, index) => head<unknown>(list, rooms[index] ?? 0))
  const cut = (
    section: string,
    all: readonly unknown[] | undefined,
    some: readonly unknown[] | undefined,
    where: string,
  ) =>
    all && some && some.length < all.length
      ? [{ section, reason: `${all.length - some.length} of ${all.length} left out for size; ${where} has them all` }]
      : []
  return {
    ...small,
    ...(days && { days: someDays as typeof days }),
    ...(places && { unassigned_places: somePlaces as typeof places }),
    ...(packing && { packing: { ...packing, items: someItems as typeof packing.items } }),
    omitted: [
      ...summary.omitted,
      ...cut('days', days, someDays, 'the resource trek://trips/{tripId}/days'),
      ...cut('unassigned_places', places, somePlaces, 'list_places with assignment "unassigned"'),
      ...cut('packing', packing?.items, someItems, 'the resource trek://trips/{tripId}/packing'),
    ],
  }
}

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
