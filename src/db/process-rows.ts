import type { Kysely } from 'kysely'
import type { Tables } from '../core/data/tx.ts'

declare module '../core/data/tx.ts' {
  interface Tables {
    processes: { id: string; beat: number }
  }
}

export interface ProcessRow {
  readonly id: string
  readonly beat: number
}

/** Increments the beat of a process. Returns whether its row was missing and is new. */
export async function writeBeat(db: Kysely<Tables>, id: string): Promise<boolean> {
  const { numUpdatedRows } = await db
    .updateTable('processes')
    .set(({ eb }) => ({ beat: eb('beat', '+', 1) }))
    .where('id', '=', id)
    .executeTakeFirstOrThrow()
  if (numUpdatedRows > 0) return false
  await db.insertInto('processes').values({ id, beat: 1 }).execute()
  return true
}

export const rowsOfOthers = (db: Kysely<Tables>, id: string): Promise<ProcessRow[]> =>
  db.selectFrom('processes').selectAll().where('id', '!=', id).execute()

/** Removes the row of a process that has gone, unless it has sent a heartbeat meanwhile. */
export async function removeUnchanged(db: Kysely<Tables>, { id, beat }: ProcessRow): Promise<void> {
  await db.deleteFrom('processes').where('id', '=', id).where('beat', '=', beat).execute()
}

export async function removeProcess(db: Kysely<Tables>, id: string): Promise<void> {
  await db.deleteFrom('processes').where('id', '=', id).execute()
}
