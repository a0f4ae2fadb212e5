import { invalidField } from '../declare/errors.ts'
import { keyBefore, keysInOrder, nextInOrder, type Ordered } from '../declare/order-key.ts'

/** The rows in the order of these ids, or `invalid` unless every row is named exactly once: half an order is no order. */
export function inGivenOrder<R extends { id: number }>(rows: readonly R[], ids: readonly number[], path: string): R[] {
  const byId = new Map(rows.map((row) => [row.id, row]))
  const given = new Set(ids)
  const missing = rows.filter((row) => !given.has(row.id)).map((row) => row.id)
  const unknown = ids.filter((id) => !byId.has(id))
  if (missing.length || unknown.length || given.size !== ids.length) {
    const faults = [
      missing.length && `${missing.slice(0, 20).join(', ')} ${missing.length === 1 ? 'is' : 'are'} missing`,
      unknown.length && `${unknown.slice(0, 20).join(', ')} ${unknown.length === 1 ? 'does' : 'do'} not belong here`,
      given.size !== ids.length && 'some stand twice',
    ]
    throw invalidField(path, `must name every one exactly once: ${faults.filter(Boolean).join('; ')}`)
  }
  return ids.map((id) => byId.get(id) as R)
}

/** Writes the new key of a row. */
type WriteKey<R> = (row: R, order_key: string) => Promise<unknown>

/** Writes a list in this order: only the rows that get another place. */
export async function writeOrder<R extends Ordered>(inOrder: readonly R[], write: WriteKey<R>): Promise<void> {
  for (const [row, key] of keysInOrder(inOrder)) await write(row, key)
}

/**
 * The key of a row that comes in front of another one of a list, or to the end where `before` is null; undefined where it
 * stands there already. Others are written only where no short key is left between two of them. `invalid` where the list has
 * no row `before`.
 */
export async function placeBefore<R extends Ordered>(
  list: readonly R[],
  before: number | null,
  write: WriteKey<R>,
  row?: R,
): Promise<string | undefined> {
  if (row && (before === row.id || before === nextInOrder(list, row))) return undefined
  const place = keyBefore(
    list.filter(({ id }) => id !== row?.id),
    before,
  )
  if (!place) throw invalidField('before', `${before} is not in this list`, 'Read the list for the ids that it has.')
  for (const [other, key] of place.changed) await write(other, key)
  return place.key
}
