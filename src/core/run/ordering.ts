import { invalidField } from '../declare/errors.ts'

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
