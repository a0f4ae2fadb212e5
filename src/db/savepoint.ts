import { type Kysely, sql } from 'kysely'
import type { Tables } from '../core/data/tx.ts'

const SAVE = sql`savepoint write`
const KEEP = sql`release savepoint write`
const UNDO = sql`rollback to savepoint write`

/**
 * Runs `work` in a savepoint of the transaction. If it fails, its writes are rolled back and its error is returned. Throws
 * if the transaction cannot go on.
 */
export async function inSavepoint<T>(
  db: Kysely<Tables>,
  work: () => Promise<T>,
): Promise<{ readonly result: T } | { readonly error: unknown }> {
  await SAVE.execute(db)
  try {
    const result = await work()
    await KEEP.execute(db)
    return { result }
  } catch (error) {
    // After a failure of the disk or the connection there is no savepoint: the commit then fails for that reason.
    await UNDO.execute(db).catch(() => Promise.reject(error))
    await KEEP.execute(db)
    return { error }
  }
}
