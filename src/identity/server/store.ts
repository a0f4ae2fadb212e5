import type { Compilable, Generated, Kysely } from 'kysely'
import { runCompiled } from '../../core/data/compiled.ts'
import type { ReadTx, Tables } from '../../core/data/tx.ts'

declare module '../../core/data/tx.ts' {
  interface Tables {
    credentials: {
      id: Generated<number>
      user_id: number
      provider_id: string
      account_id: string
      password: string | null
      created_at: string
      updated_at: string
    }
    web_sessions: {
      id: Generated<number>
      user_id: number
      /** Its hash. */
      token: string
      user_agent: string | null
      ip_address: string | null
      expires_at: string
      created_at: string
      updated_at: string
      last_used_at: string | null
    }
    static_tokens: {
      id: Generated<number>
      user_id: number
      name: string
      prefix: string
      hash: string
      created_at: string
      last_used_at: string | null
    }
    guesses: { subject: string; count: number; resets_at: string }
  }
}

type Db = Kysely<Tables>

/** The authenticator's data about the holder of a token or session. */
export interface Holder {
  id: number
  name: string
  user_id: number
  user_name: string
  role: string
  banned: boolean | number
}

/** The authenticator runs these on every request, so each query is built once. */
const ask = async <Row>(db: Db, name: string, values: unknown[], build: () => Compilable): Promise<Row | undefined> =>
  (await runCompiled<Tables, Row>(db, `authenticator ${name}`, values, build))[0]

export const findTokenHolder = (db: Db, hash: string): Promise<Holder | undefined> =>
  ask(db, 'token', [hash], () =>
    db
      .selectFrom('static_tokens as t')
      .innerJoin('users as u', 'u.id', 't.user_id')
      .select(['t.id', 't.name', 'u.id as user_id', 'u.name as user_name', 'u.role', 'u.banned'])
      .where('t.hash', '=', hash),
  )

export const findSessionHolder = (db: Db, hash: string, now: string): Promise<Holder | undefined> =>
  ask(db, 'session', [now, hash], () => sessionHolders(db, now).where('s.token', '=', hash))

export const findSessionHolderById = (db: Db, id: number, now: string): Promise<Holder | undefined> =>
  ask(db, 'session holder by id', [now, id], () => sessionHolders(db, now).where('s.id', '=', id))

const sessionHolders = (db: Db, now: string) =>
  db
    .selectFrom('web_sessions as s')
    .innerJoin('users as u', 'u.id', 's.user_id')
    .select(['s.id', 'u.name as name', 'u.id as user_id', 'u.name as user_name', 'u.role', 'u.banned'])
    .where('s.expires_at', '>', now)

export async function tokenExists(db: Db, id: number): Promise<boolean> {
  const row = await ask(db, 'token by id', [id], () => db.selectFrom('static_tokens').select('id').where('id', '=', id))
  return row !== undefined
}

export async function sessionExists(db: Db, id: number, now: string): Promise<boolean> {
  const row = await ask(db, 'session by id', [id, now], () =>
    db.selectFrom('web_sessions').select('id').where('id', '=', id).where('expires_at', '>', now),
  )
  return row !== undefined
}

/** The hash of a user's password, or null if there is none. */
export async function findPassword(db: Db, userId: number): Promise<string | null> {
  const row = await db
    .selectFrom('credentials')
    .select('password')
    .where('user_id', '=', userId)
    .where('provider_id', '=', 'credential')
    .executeTakeFirst()
  return row?.password ?? null
}

/** The account with this username or e-mail address. */
export const findAccount = (db: Db, identifier: string) =>
  db
    .selectFrom('users')
    .select(['id', 'username', 'email', 'banned'])
    .where((either) => either.or([either('username', '=', identifier), either('email', '=', identifier)]))
    .where('is_guest', '=', false)
    .executeTakeFirst()

export const listWebSessions = (tx: ReadTx, userId: number, now: string) =>
  tx
    .selectFrom('web_sessions')
    .select(['id', 'user_agent', 'ip_address', 'created_at', 'last_used_at', 'expires_at'])
    .where('user_id', '=', userId)
    .where('expires_at', '>', now)
    .orderBy((order) => order.fn.coalesce('last_used_at', 'created_at'), 'desc')
    .execute()

/** Whether anyone but this user can administrate. */
export async function anotherAdmin(tx: ReadTx, userId: number): Promise<boolean> {
  const admins = await tx
    .selectFrom('users')
    .select(['id', 'banned'])
    .where('role', '=', 'admin')
    .where('id', '!=', userId)
    .execute()
  return admins.some(({ banned }) => !banned)
}

/** The user other than `except` who already has this username or e-mail address. */
export const findTaken = (
  tx: ReadTx,
  names: { username?: string | undefined; email?: string | undefined },
  except = 0,
) =>
  tx
    .selectFrom('users')
    .select(['username', 'email'])
    .where((either) =>
      either.or([either('username', '=', names.username ?? ''), either('email', '=', names.email ?? '')]),
    )
    .where('id', '!=', except)
    .executeTakeFirst()

/** Writes the last uses of tokens and sessions. */
export async function patchLastUses(
  db: Db,
  uses: readonly { table: 'static_tokens' | 'web_sessions' | 'oauth_grants'; id: number; at: string }[],
): Promise<void> {
  await db.transaction().execute(async (tx) => {
    // In a fixed order, to avoid deadlocks between processes.
    for (const { table, id, at } of [...uses].sort(
      (one, other) => one.id - other.id || (one.table < other.table ? -1 : 1),
    )) {
      await tx.updateTable(table).set({ last_used_at: at }).where('id', '=', id).execute()
    }
  })
}

/** A restored backup must not bring back sessions that have ended since. */
export async function endWebSessions(db: Db): Promise<void> {
  await db.deleteFrom('web_sessions').execute()
}

export async function removeEndedSessions(db: Db, now: string): Promise<void> {
  await db.deleteFrom('web_sessions').where('expires_at', '<=', now).execute()
}

/** Attempts count until `resets_at`, unless that is later than possible: then the clock was set back. */
interface Counting {
  readonly now: string
  readonly latest: string
}

/** Counts an attempt for a subject. Returns the number until `resets_at`. */
export const countAttempt = (db: Db, subject: string, resetsAt: string, { now, latest }: Counting) =>
  db
    .insertInto('guesses')
    .values({ subject, count: 1, resets_at: resetsAt })
    .onConflict((conflict) =>
      conflict.column('subject').doUpdateSet(({ ref, eb, or }) => {
        const isOver = or([eb('guesses.resets_at', '<=', now), eb('guesses.resets_at', '>', latest)])
        return {
          count: eb
            .case()
            .when(isOver)
            .then(1)
            .else(eb(ref('guesses.count'), '+', 1))
            .end(),
          resets_at: eb.case().when(isOver).then(resetsAt).else(ref('guesses.resets_at')).end(),
        }
      }),
    )
    .returning(['count', 'resets_at'])
    .executeTakeFirstOrThrow()

/** The attempts for a subject that still count. */
export const findAttempts = (db: Db, subject: string, { now, latest }: Counting) =>
  db
    .selectFrom('guesses')
    .select(['count', 'resets_at'])
    .where('subject', '=', subject)
    .where('resets_at', '>', now)
    .where('resets_at', '<=', latest)
    .executeTakeFirst()

/** Forgets the attempts for a subject. Returns their number. */
export async function forgetAttempts(db: Db, subject: string): Promise<number> {
  const gone = await db.deleteFrom('guesses').where('subject', '=', subject).returning('count').executeTakeFirst()
  return gone?.count ?? 0
}

export async function refundAttempts(db: Db, subject: string, count: number): Promise<void> {
  await db
    .updateTable('guesses')
    .set(({ eb, ref }) => ({
      count: eb
        .case()
        .when(ref('count'), '>', count)
        .then(eb(ref('count'), '-', count))
        .else(0)
        .end(),
    }))
    .where('subject', '=', subject)
    .execute()
}

export async function removeOldAttempts(db: Db, now: string): Promise<void> {
  await db.deleteFrom('guesses').where('resets_at', '<=', now).execute()
}

/** Whether this user must not be admitted: blocked, a guest, or unknown. */
export async function isBanned(db: Db, userId: number): Promise<boolean> {
  const user = await db.selectFrom('users').select(['banned', 'is_guest']).where('id', '=', userId).executeTakeFirst()
  return !user || Boolean(user.banned) || Boolean(user.is_guest)
}
