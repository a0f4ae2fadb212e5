import type { Kysely, Selectable } from 'kysely'
import { runCompiled } from '../../core/data/compiled.ts'
import type { Tables } from '../../core/data/tx.ts'

interface SessionColumns {
  id: string
  user_id: number
  grant_id: string
  /** The program that opened it, if it is known to OAuth. */
  client_id: string | null
  client_name: string | null
  client_version: string | null
  protocol_version: string
  /** The capabilities of the client for server requests, as JSON. */
  capabilities: string
  /** The add-ons that were on when its client last got the lists. */
  addons: string
  log_level: string | null
  created_at: string
  last_activity: string
  /** When it fell asleep; null while it is active. */
  slept_at: string | null
}

declare module '../../core/data/tx.ts' {
  interface Tables {
    mcp_sessions: SessionColumns
    mcp_subscriptions: { session_id: string; uri: string; mark: string }
    mcp_questions: { id: string; session_id: string; answer: string | null; asked_at: string }
  }
}

type Db = Kysely<Tables>

export type SessionRow = Selectable<SessionColumns>

export async function insertSession(db: Db, row: SessionRow): Promise<void> {
  await db.insertInto('mcp_sessions').values(row).execute()
}

export async function findSession(db: Db, id: string): Promise<SessionRow | undefined> {
  const [row] = await runCompiled<Tables, SessionRow>(db, 'mcp session', [id], () =>
    db.selectFrom('mcp_sessions').selectAll().where('id', '=', id),
  )
  return row
}

/** The active sessions of a user, the most recently used first. */
export const listLiving = (db: Db, userId: number): Promise<Pick<SessionRow, 'id' | 'last_activity'>[]> =>
  db
    .selectFrom('mcp_sessions')
    .select(['id', 'last_activity'])
    .where('user_id', '=', userId)
    .where('slept_at', 'is', null)
    .orderBy('last_activity', 'desc')
    .orderBy('created_at', 'desc')
    .execute()

/** The number of active sessions. */
export async function countLiving(db: Db): Promise<number> {
  const counted = db.selectFrom('mcp_sessions').select(({ fn }) => fn.countAll<number>().as('living'))
  return (await counted.where('slept_at', 'is', null).executeTakeFirstOrThrow()).living
}

/** Which of these sessions are active. */
export async function livingSessions(db: Db, ids: readonly string[]): Promise<Set<string>> {
  const rows = await db
    .selectFrom('mcp_sessions')
    .select('id')
    .where('id', 'in', ids)
    .where('slept_at', 'is', null)
    .execute()
  return new Set(rows.map(({ id }) => id))
}

/** Sets when each of these sessions was used. A later use stays. */
export async function touchSessions(db: Db, uses: ReadonlyMap<string, string>): Promise<void> {
  await db.transaction().execute(async (tx) => {
    // In a fixed order, to avoid deadlocks between processes.
    for (const [id, at] of [...uses].sort(([one], [other]) => (one < other ? -1 : 1))) {
      await tx
        .updateTable('mcp_sessions')
        .set({ last_activity: at })
        .where('id', '=', id)
        .where('last_activity', '<', at)
        .execute()
    }
  })
}

/** False if it has ended. */
export async function wakeSession(db: Db, id: string, now: string): Promise<boolean> {
  const { numUpdatedRows } = await db
    .updateTable('mcp_sessions')
    .set({ slept_at: null, last_activity: now })
    .where('id', '=', id)
    .executeTakeFirst()
  return numUpdatedRows > 0n
}

/** Puts a session to sleep, unless it was used after this moment. False if it was used, or sleeps already. */
export async function putToSleep(
  db: Db,
  { id, last_activity }: Pick<SessionRow, 'id' | 'last_activity'>,
  now: string,
): Promise<boolean> {
  const { numUpdatedRows } = await db
    .updateTable('mcp_sessions')
    .set({ slept_at: now })
    .where('id', '=', id)
    .where('slept_at', 'is', null)
    .where('last_activity', '=', last_activity)
    .executeTakeFirst()
  return numUpdatedRows > 0n
}

/** Puts every session to sleep that was not used since this moment. */
export async function putToSleepBefore(db: Db, at: string, now: string): Promise<void> {
  await db
    .updateTable('mcp_sessions')
    .set({ slept_at: now })
    .where('slept_at', 'is', null)
    .where('last_activity', '<', at)
    .execute()
}

/** Puts every session to sleep whose client knows the lists of other add-ons. */
export async function putToSleepBut(db: Db, addons: string, now: string): Promise<void> {
  await db
    .updateTable('mcp_sessions')
    .set({ slept_at: now })
    .where('slept_at', 'is', null)
    .where('addons', '<>', addons)
    .execute()
}

/** Notes that the clients of these sessions know the lists with these add-ons. */
export async function noteTold(db: Db, ids: readonly string[], addons: string): Promise<void> {
  await db.updateTable('mcp_sessions').set({ addons }).where('id', 'in', ids).execute()
}

export async function moveSession(db: Db, id: string, grant: string): Promise<void> {
  await db.updateTable('mcp_sessions').set({ grant_id: grant }).where('id', '=', id).execute()
}

export async function setLogLevel(db: Db, id: string, level: string): Promise<void> {
  await db.updateTable('mcp_sessions').set({ log_level: level }).where('id', '=', id).execute()
}

export async function removeSession(db: Db, id: string): Promise<void> {
  await db.deleteFrom('mcp_sessions').where('id', '=', id).execute()
}

export async function removeSessionsOfGrant(db: Db, grant: string): Promise<void> {
  await db.deleteFrom('mcp_sessions').where('grant_id', '=', grant).execute()
}

/** Removes the sessions that fell asleep before this moment. */
export async function removeSleepingBefore(db: Db, at: string): Promise<void> {
  await db.deleteFrom('mcp_sessions').where('slept_at', '<', at).execute()
}

/** Removes sleeping sessions of a grant above this number: the least recently used. */
export async function removeSleepingBeyond(db: Db, most: number): Promise<void> {
  const crowded = await db
    .selectFrom('mcp_sessions')
    .select('grant_id')
    .where('slept_at', 'is not', null)
    .groupBy('grant_id')
    .having(({ fn }) => fn.countAll<number>(), '>', most)
    .execute()
  for (const { grant_id } of crowded) {
    const first = await db
      .selectFrom('mcp_sessions')
      .select('last_activity')
      .where('grant_id', '=', grant_id)
      .where('slept_at', 'is not', null)
      .orderBy('last_activity', 'desc')
      .offset(most)
      .limit(1)
      .executeTakeFirst()
    if (!first) continue
    await db
      .deleteFrom('mcp_sessions')
      .where('grant_id', '=', grant_id)
      .where('slept_at', 'is not', null)
      .where('last_activity', '<=', first.last_activity)
      .execute()
  }
}

export async function insertSubscription(db: Db, sessionId: string, uri: string, mark: string): Promise<void> {
  await db
    .insertInto('mcp_subscriptions')
    .values({ session_id: sessionId, uri, mark })
    .onConflict((conflict) => conflict.columns(['session_id', 'uri']).doUpdateSet({ mark }))
    .execute()
}

export async function removeSubscription(db: Db, sessionId: string, uri: string): Promise<void> {
  await db.deleteFrom('mcp_subscriptions').where('session_id', '=', sessionId).where('uri', '=', uri).execute()
}

/** The subscriptions of a session: URI and mark. */
export async function listSubscriptions(db: Db, sessionId: string): Promise<Map<string, string>> {
  const rows = await db
    .selectFrom('mcp_subscriptions')
    .select(['uri', 'mark'])
    .where('session_id', '=', sessionId)
    .execute()
  return new Map(rows.map(({ uri, mark }) => [uri, mark]))
}

export async function insertQuestion(db: Db, id: string, sessionId: string, askedAt: string): Promise<void> {
  await db.insertInto('mcp_questions').values({ id, session_id: sessionId, answer: null, asked_at: askedAt }).execute()
}

/** False if this was not asked in that session, or is already answered. */
export async function answerQuestion(db: Db, id: string, sessionId: string, answer: string): Promise<boolean> {
  const { numUpdatedRows } = await db
    .updateTable('mcp_questions')
    .set({ answer })
    .where('id', '=', id)
    .where('session_id', '=', sessionId)
    .where('answer', 'is', null)
    .executeTakeFirst()
  return numUpdatedRows > 0n
}

/** Those of these questions that have been answered. */
export const listAnswers = (db: Db, ids: readonly string[]): Promise<{ id: string; answer: string | null }[]> =>
  db
    .selectFrom('mcp_questions')
    .select(['id', 'answer'])
    .where('id', 'in', ids)
    .where('answer', 'is not', null)
    .execute()

export async function removeQuestions(db: Db, ids: readonly string[]): Promise<void> {
  await db.deleteFrom('mcp_questions').where('id', 'in', ids).execute()
}
