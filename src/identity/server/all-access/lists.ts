import type { ReadTx } from '../../../core/data/tx.ts'
import { listGrantRows, listTokenRows } from './store.ts'

interface OfSomebody {
  readonly user_id: number
  readonly username: string
  readonly user_name: string
}

/** Replaces the user columns of a row by a person. */
function withUser<R extends OfSomebody>({ user_id, username, user_name, ...row }: R) {
  return { ...row, user: { user_id, username, name: user_name } }
}

/** The static tokens of all users or of one, newest first. */
export const listTokensOfAll = async (tx: ReadTx, userId?: number) => (await listTokenRows(tx, userId)).map(withUser)

/** The grants of all users or of one, with the number of changes by each; most recently used first. */
export const listGrantsOfAll = async (tx: ReadTx, userId?: number) =>
  (await listGrantRows(tx, userId)).map((row) => ({
    ...withUser(row),
    kind: row.kind as 'consent' | 'machine',
    scopes: JSON.parse(row.scopes) as string[],
    changes: Number(row.changes),
  }))
