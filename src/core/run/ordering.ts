import type { AnyEntity } from '../declare/entity.ts'
import { invalidField } from '../declare/errors.ts'
import { keyBefore, keysInOrder, nextInOrder, type Ordered } from '../declare/order-key.ts'
import { messages } from './messages.ts'
import type { Unsound } from './sound.ts'

/** The most ids named in an error. */
const MOST_NAMED = 20

/** The rows in the order of these ids, or `invalid` unless every row is named exactly once. */
export function inGivenOrder<R extends { id: number }>(rows: readonly R[], ids: readonly number[], path: string): R[] {
  const byId = new Map(rows.map((row) => [row.id, row]))
  const distinct = new Set(ids)
  const missing = rows.filter((row) => !distinct.has(row.id)).map((row) => row.id)
  const unknown = ids.filter((id) => !byId.has(id))
  if (missing.length || unknown.length || distinct.size !== ids.length) {
    const faults = [
      ...(missing.length
        ? [messages.missingEntries({ count: missing.length, ids: missing.slice(0, MOST_NAMED) })]
        : []),
      ...(unknown.length
        ? [messages.foreignEntries({ count: unknown.length, ids: unknown.slice(0, MOST_NAMED) })]
        : []),
      ...(distinct.size !== ids.length ? [messages.repeatedEntries()] : []),
    ]
    throw invalidField(path, messages.notInOrder({ faults }))
  }
  return ids.map((id) => byId.get(id) as R)
}

/** Writes the new key of a row. */
type WriteKey<R> = (row: R, order_key: string) => Promise<unknown>

/** Writes rows in this order: only those that get another position. `others` are in the same list and keep theirs. */
export async function writeOrder<R extends Ordered>(
  inOrder: readonly R[],
  write: WriteKey<R>,
  others: readonly R[] = [],
): Promise<void> {
  for (const [row, key] of keysInOrder(inOrder, others)) await write(row, key)
}

/**
 * The key of a row before another one of a list, or at the end if `before` is null; undefined if it is already there.
 * Others are written only if no short key is left between two of them. `invalid` if the list has no row `before`. Rows
 * that are `hidden` are in the list too, but cannot be named.
 */
export async function placeBefore<R extends Ordered>(
  list: readonly R[],
  before: number | null,
  write: WriteKey<R>,
  row?: R,
  hidden: readonly R[] = [],
): Promise<string | undefined> {
  if (row && (before === row.id || before === nextInOrder(list, row))) return undefined
  const others = [...list, ...hidden].filter(({ id }) => id !== row?.id)
  const place = hidden.some(({ id }) => id === before) ? null : keyBefore(others, before)
  if (!place) throw invalidField('before', messages.notInList({ id: String(before) }))
  for (const [other, key] of place.changed) await write(other, key)
  return place.key
}

/** The rows of a list whose position is already taken. */
export function sharingPlaces(
  rows: readonly { readonly entity: string; readonly id: number; readonly order_key: string | null }[],
): Unsound[] {
  const first = new Map<string, string>()
  return rows.flatMap(({ entity, id, order_key }) => {
    if (order_key === null) return []
    const other = first.get(order_key)
    if (other === undefined) first.set(order_key, `${entity} ${id}`)
    return other === undefined ? [] : [{ entity, id, says: `stands in the place of ${other}` }]
  })
}

/** The same for a whole list of one entity. */
export const sharingPlacesIn = (
  { name }: AnyEntity,
  rows: readonly { readonly id: number; readonly order_key: string }[],
): Unsound[] => sharingPlaces(rows.map(({ id, order_key }) => ({ entity: name, id, order_key })))
