import { generateNKeysBetween } from 'fractional-indexing'
import { z } from 'zod'

/**
 * The position of a row in a list that people order. Keys compare as text, by character codes. Between any two there is
 * always another one, so moving a row writes only that row.
 */
export const OrderKey = z.string().regex(/^[0-9A-Za-z]{2,120}$/)

/** From this length on, the next move gives the whole list short keys again. */
const LONG = 40

export interface Ordered {
  readonly id: number
  readonly order_key: string
}

/** Compares rows by position. */
export const byOrder = (a: Ordered, b: Ordered): number =>
  a.order_key < b.order_key ? -1 : a.order_key > b.order_key ? 1 : a.id - b.id

interface Places<R> {
  /** The keys of the inserted rows, in order. */
  readonly keys: readonly string[]
  /** Other rows that get a new key too, because no short one was left between them. */
  readonly changed: ReadonlyMap<R, string>
}

/** Keys for `count` rows inserted before the row at `index`. `others` is the ordered list without those rows. */
export function keysAt<R extends Ordered>(others: readonly R[], index: number, count = 1): Places<R> {
  const before = others[index - 1]?.order_key ?? null
  const after = others[index]?.order_key ?? null
  const keys = generateNKeysBetween(before, after, count)
  if (keys.every((key) => key.length <= LONG)) return { keys, changed: new Map() }
  const all = generateNKeysBetween(null, null, others.length + count)
  const rest = all.toSpliced(index, count)
  return { keys: all.slice(index, index + count), changed: new Map(others.map((row, at) => [row, rest[at] as string])) }
}

/**
 * The key of a row inserted before the row `before`, or at the end if that is null, and the rows of `others` that get a
 * new key too. Null if the list does not have the row `before`.
 */
export function keyBefore<R extends Ordered>(
  others: readonly R[],
  before: number | null,
): { key: string; changed: ReadonlyMap<R, string> } | null {
  const rows = others.toSorted(byOrder)
  const index = before === null ? rows.length : rows.findIndex(({ id }) => id === before)
  if (index < 0) return null
  const { keys, changed } = keysAt(rows, index)
  return { key: keys[0] as string, changed }
}

/** The id of the row that follows a row in a list, or null if it is the last. The row itself may have been removed. */
export const nextInOrder = <R extends Ordered>(rows: readonly R[], row: R): number | null =>
  rows.toSorted(byOrder).find((other) => byOrder(other, row) > 0)?.id ?? null

/**
 * The list with one element moved before another, or to the end if that is null. Unchanged if both are the same; null
 * if the list lacks the other.
 */
export function movedBefore<T>(list: readonly T[], element: T, before: T | null): readonly T[] | null {
  if (element === before) return list
  const others = list.filter((one) => one !== element)
  const at = before === null ? others.length : others.indexOf(before)
  return at < 0 ? null : others.toSpliced(at, 0, element)
}

/** Keys for `count` rows appended to a list; `last` is the key of its last row. */
export const keysAfter = (last: string | null, count: number): string[] => generateNKeysBetween(last, null, count)

/** The key of one row appended to a list. */
export const keyAfter = (last: string | null): string => keysAfter(last, 1)[0] as string

/**
 * New keys for rows in this order, for as few of them as possible. `others` are in the same list and keep their keys. A
 * row inserted between two rows comes after the others that are there.
 */
export function keysInOrder<R extends Ordered>(rows: readonly R[], others: readonly R[] = []): Map<R, string> {
  const rising = longestRising(rows.map(({ order_key }) => order_key))
  const places = rows.map((row, at) => ({ row, order_key: rising.has(at) ? row.order_key : null }))
  const further = others.map((row) => ({ row, order_key: row.order_key }))
  return new Map([...keysForTheRest(places, further)].map(([{ row }, key]) => [row, key]))
}

/**
 * Keys for the rows of a list that have none. Rows with a key, and `others`, keep theirs, unless a key would grow too
 * long: then all get a new one.
 */
export function keysForTheRest<R extends { readonly order_key: string | null }>(
  rows: readonly R[],
  others: readonly R[] = [],
): Map<R, string> {
  const standing = [...others, ...rows].flatMap(({ order_key }) => order_key ?? []).sort()
  const newKeys = new Map<R, string>()
  for (let at = 0; at < rows.length; ) {
    if (rows[at]?.order_key != null) {
      at++
      continue
    }
    let end = at
    while (end < rows.length && rows[end]?.order_key === null) end++
    const after = rows[end]?.order_key ?? null
    const before = standing.findLast((key) => after === null || key < after) ?? null
    for (const key of generateNKeysBetween(before, after, end - at)) newKeys.set(rows[at++] as R, key)
  }
  if ([...newKeys.values()].every((key) => key.length <= LONG)) return newKeys
  const keyOf = (row: R) => newKeys.get(row) ?? row.order_key ?? ''
  const all = [...others, ...rows].sort((a, b) => (keyOf(a) < keyOf(b) ? -1 : 1))
  const keys = generateNKeysBetween(null, null, all.length)
  return new Map(all.map((row, at) => [row, keys[at] as string]))
}

/** The indexes of the longest rising subsequence of these texts. */
function longestRising(texts: readonly string[]): Set<number> {
  /** By length: the index of the smallest text that ends such a subsequence. */
  const ends: number[] = []
  const before = new Map<number, number | undefined>()
  for (const [index, text] of texts.entries()) {
    let [low, high] = [0, ends.length]
    while (low < high) {
      const middle = (low + high) >> 1
      if ((texts[ends[middle] as number] as string) < text) low = middle + 1
      else high = middle
    }
    before.set(index, ends[low - 1])
    ends[low] = index
  }
  const indexes = new Set<number>()
  for (let index = ends.at(-1); index !== undefined; index = before.get(index)) indexes.add(index)
  return indexes
}
