import type { Kysely, Selectable } from 'kysely'
import { runCompiled } from '../../core/data/compiled.ts'
import type { Tables } from '../../core/data/tx.ts'

interface SessionColumns {
  id: string
  user_id: number
  grant_id: string
  /** The program that opened it, where OAuth knows it. */
  client_id: string | null
  client_name: string | null
  client_version: string | null
  protocol_version: string
  /** What the client can be asked, as JSON. */
  capabilities: string
  /** The add-ons that were on when it was opened. */
  addons: string
  log_level: string | null
  created_at: string
  last_activity: string
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

/** A user's sessions, the one used last first. */
export async function listSessionIds(db: Db, userId: number): Promise<string[]> {
  const rows = await db
    .selectFrom('mcp_sessions')
    .select('id')
    .where('user_id', '=', userId)
    .orderBy('last_activity', 'desc')
    .orderBy('created_at', 'desc')
    .execute()
  return rows.map(({ id }) => id)
}

/** Which of these sessions are still there. */
export async function livingSessions(db: Db, ids: readonly string[]): Promise<Set<string>> {
  const rows = await db.selectFrom('mcp_sessions').select('id').where('id', 'in', ids).execute()
  return new Set(rows.map(({ id }) => id))
}

export async function touchSessions(db: Db, ids: readonly string[], at: string): Promise<void> {
  await db.updateTable('mcp_sessions').set({ last_activity: at }).where('id', 'in', ids).execute()
}

export async function moveSession(db: Db, id: string, grant: string): Promise<void> {
  await db.updateTable('mcp_sessions').set({ grant_id: grant }).where('id', '=', id).execute()
}

export async function setLogLevel(db: Db, id: string, level: string): Promise<void> {
  await db.updateTable('mcp_sessions').set({ log_level: level }).where('id', '=', id).execute()
}

export async function removeSessions(db: Db, ids: readonly string[]): Promise<void> {
  await db.deleteFrom('mcp_sessions').where('id', 'in', ids).execute()
}

export async function removeSessionsOfGrant(db: Db, grant: string): Promise<void> {
  await db.deleteFrom('mcp_sessions').where('grant_id', '=', grant).execute()
}

/** Ends every session that was opened while other add-ons were on. */
export async function removeSessionsBut(db: Db, addons: string): Promise<void> {
  await db.deleteFrom('mcp_sessions').where('addons', '<>', addons).execute()
}

export async function removeSessionsBefore(db: Db, at: string): Promise<void> {
  await db.deleteFrom('mcp_sessions').where('last_activity', '<', at).execute()
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

/** What a session follows: URI and mark. */
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

/** False when nobody asked this in that session, or somebody has answered already. */
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
