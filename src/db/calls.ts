import { type Kysely, sql } from 'kysely'
import type { CallKey, Calls, KnownCall } from '../core/data/calls.ts'
import { runCompiled } from '../core/data/compiled.ts'
import type { Tables } from '../core/data/tx.ts'

declare module '../core/data/tx.ts' {
  interface Tables {
    calls: CallKey & KnownCall
  }
}

type Db = Kysely<Tables>

async function findCall(db: Db, { scope, key }: CallKey): Promise<KnownCall | null> {
  const [call] = await runCompiled<Tables, KnownCall>(db, 'find call', [scope, key], () =>
    db
      .selectFrom('calls')
      .select(['operation', 'input_hash', 'commit_id', 'answer', 'at', 'home_space', 'home_id', 'user_id'])
      .where('scope', '=', scope)
      .where('key', '=', key),
  )
  return call ?? null
}

/**
 * Inserts the row of a call, or returns the existing row under its key. On PostgreSQL it waits for a transaction that
 * is inserting the same key.
 */
export async function reserveCall(db: Db, id: CallKey, call: KnownCall): Promise<KnownCall | null> {
  const row = { ...id, ...call }
  const written = await runCompiled(db, 'reserve call', Object.values(row), () =>
    db
      .insertInto('calls')
      .values(row)
      .onConflict((conflict) => conflict.columns(['scope', 'key']).doNothing())
      .returning('key'),
  )
  return written.length ? null : findCall(db, id)
}

export async function answerCall(db: Db, { scope, key }: CallKey, answer: string): Promise<void> {
  await runCompiled(db, 'answer call', [answer, scope, key], () =>
    db.updateTable('calls').set({ answer }).where('scope', '=', scope).where('key', '=', key),
  )
}

/** Whether the change log has a commit with this id. */
export async function knowsCommit(db: Db, id: string): Promise<boolean> {
  const rows = await runCompiled(db, 'know commit', [id], () =>
    db.selectFrom('changes').select('nth').where('commit_id', '=', id).limit(sql.lit(1)),
  )
  return rows.length > 0
}

export const callsIn = (db: Db): Calls => ({
  find: (id) => findCall(db, id),
  begin: (id, call) => reserveCall(db, id, call),
  async forget({ scope, key }) {
    const { numDeletedRows } = await db
      .deleteFrom('calls')
      .where('scope', '=', scope)
      .where('key', '=', key)
      .executeTakeFirst()
    return numDeletedRows > 0n
  },
  async removeBefore(at) {
    await db.deleteFrom('calls').where('at', '<', at).execute()
  },
})
