import { type Generated, type Kysely, type Selectable, sql } from 'kysely'
import { runCompiled } from '../../../core/data/compiled.ts'
import type { ReadTx, Tables } from '../../../core/data/tx.ts'

export interface ArtifactRow {
  model: string
  /** A hash of the code, token or key: enough to find it, not to use it. */
  id_hash: string
  grant_id: number | null
  payload: string
  expires_at: string
  consumed_at: string | null
}

declare module '../../../core/data/tx.ts' {
  interface Tables {
    oauth_clients: {
      id: Generated<number>
      user_id: number
      client_id: string
      name: string
      redirect_uris: string
      scopes: string
      public_keys: string | null
      secret_hash: string | null
      created_at: string
    }
    oauth_registrations: {
      id: Generated<number>
      client_id: string
      metadata: string
      created_at: string
      used_at: string | null
    }
    oauth_grants: {
      id: Generated<number>
      user_id: number
      kind: string
      client_id: string
      client_name: string
      redirect_host: string | null
      redirect_uri: string | null
      resource: string
      scopes: string
      created_at: string
      last_used_at: string | null
    }
    oauth_artifacts: ArtifactRow
  }
}

type Db = Kysely<Tables>

/** A row of a client that a person added. */
export type ClientRow = Selectable<Tables['oauth_clients']>

/** The authenticator's data about an access token and its holder. */
export interface AccessHolder {
  grant_id: number
  payload: string
  client_id: string
  client_name: string
  user_id: number
  user_name: string
  role: string
  banned: boolean | number
}

export async function findAccessHolder(db: Db, hash: string, now: string): Promise<AccessHolder | undefined> {
  const [holder] = await runCompiled<Tables, AccessHolder>(db, 'authenticate access token', [hash, now], () =>
    db
      .selectFrom('oauth_artifacts as a')
      .innerJoin('oauth_grants as g', 'g.id', 'a.grant_id')
      .innerJoin('users as u', 'u.id', 'g.user_id')
      .select(['g.id as grant_id', 'a.payload', 'g.client_id', 'g.client_name'])
      .select(['u.id as user_id', 'u.name as user_name', 'u.role', 'u.banned'])
      .where('a.id_hash', '=', hash)
      .where('a.model', 'in', [sql.lit('AccessToken'), sql.lit('ClientCredentials')])
      .where('a.expires_at', '>', now),
  )
  return holder
}

export async function grantExists(db: Db, id: number): Promise<boolean> {
  const rows = await runCompiled<Tables, { id: number }>(db, 'grant exists', [id], () =>
    db.selectFrom('oauth_grants').select('id').where('id', '=', id),
  )
  return rows.length > 0
}

export const findArtifact = (db: Db, model: string, hash: string): Promise<ArtifactRow | undefined> =>
  db.selectFrom('oauth_artifacts').selectAll().where('id_hash', '=', hash).where('model', '=', model).executeTakeFirst()

/**
 * Whether a refresh token has its computed successor or, with another key than today's, any other. With `usedBefore`,
 * the successor must have been used by then.
 */
export async function hasSuccessor(
  db: Db,
  { grant_id, expires_at }: ArtifactRow,
  hash: string,
  usedBefore: Date | null,
): Promise<boolean> {
  let question = db
    .selectFrom('oauth_artifacts')
    .select('id_hash')
    .where('model', '=', 'RefreshToken')
    .where(({ or, and, eb }) =>
      or([eb('id_hash', '=', hash), and([eb('grant_id', '=', grant_id), eb('expires_at', '>', expires_at)])]),
    )
  if (usedBefore) question = question.where('consumed_at', '<=', usedBefore.toISOString())
  return (await question.executeTakeFirst()) !== undefined
}

/** Stores a code, token or pending login; `again` allows overwriting. False if it already exists. */
export async function insertArtifact(db: Db, row: ArtifactRow, { again }: { again: boolean }): Promise<boolean> {
  const { payload, expires_at } = row
  const { numInsertedOrUpdatedRows } = await db
    .insertInto('oauth_artifacts')
    .values(row)
    .onConflict((conflict) => {
      const target = conflict.columns(['id_hash', 'model'])
      return again ? target.doUpdateSet({ payload, expires_at }) : target.doNothing()
    })
    .executeTakeFirst()
  return (numInsertedOrUpdatedRows ?? 0n) > 0n
}

/** Marks it as used. False if it is already used or gone. */
export async function consumeArtifact(db: Db, model: string, hash: string, now: string): Promise<boolean> {
  const { numUpdatedRows } = await db
    .updateTable('oauth_artifacts')
    .set({ consumed_at: now })
    .where('id_hash', '=', hash)
    .where('model', '=', model)
    .where('consumed_at', 'is', null)
    .executeTakeFirst()
  return numUpdatedRows > 0n
}

/** False if it was already gone. */
export async function removeArtifact(db: Db, model: string, hash: string): Promise<boolean> {
  const { numDeletedRows } = await db
    .deleteFrom('oauth_artifacts')
    .where('id_hash', '=', hash)
    .where('model', '=', model)
    .executeTakeFirst()
  return numDeletedRows > 0n
}

/** Ties a consent request to its grant. False if it already has one or is over. */
export async function tieRequest(db: Db, hash: string, grantId: number): Promise<boolean> {
  const { numUpdatedRows } = await db
    .updateTable('oauth_artifacts')
    .set({ grant_id: grantId })
    .where('id_hash', '=', hash)
    .where('model', '=', 'Interaction')
    .where('grant_id', 'is', null)
    .executeTakeFirst()
  return numUpdatedRows > 0n
}

/** The grant of an already decided request. */
export const findGrantOfRequest = (db: Db, hash: string) =>
  db
    .selectFrom('oauth_artifacts as a')
    .innerJoin('oauth_grants as g', 'g.id', 'a.grant_id')
    .select(['g.id', 'g.user_id', 'g.scopes'])
    .where('a.id_hash', '=', hash)
    .where('a.model', '=', 'Interaction')
    .executeTakeFirst()

export async function removeOldArtifacts(db: Db, now: string): Promise<void> {
  await db.deleteFrom('oauth_artifacts').where('expires_at', '<=', now).execute()
}

/** Consent grants without live codes or tokens: nobody came back in time. */
export const listSpentGrants = (db: Db, before: string) =>
  db
    .selectFrom('oauth_grants as g')
    .select(['g.id', 'g.user_id'])
    .where('g.kind', '=', 'consent')
    .where('g.created_at', '<', before)
    .where(({ not, exists, selectFrom }) =>
      not(exists(selectFrom('oauth_artifacts as a').select('a.id_hash').whereRef('a.grant_id', '=', 'g.id'))),
    )
    .limit(1000)
    .execute()

export const findGrantRow = (db: Db, id: number) =>
  db.selectFrom('oauth_grants').selectAll().where('id', '=', id).executeTakeFirst()

/** RFC 6749 appendix A.1. Other ids were never issued, and a database may reject them. */
export const CLIENT_ID = /^[\x20-\x7e]+$/

/** Whether anyone has added or authorized this program. */
export async function isClientKnown(db: Db, clientId: string): Promise<boolean> {
  const grant = () =>
    db.selectFrom('oauth_grants').select('id').where('client_id', '=', clientId).limit(1).executeTakeFirst()
  return ((await findClientRow(db, clientId)) ?? (await grant())) !== undefined
}

export const findMachineGrant = (db: Db, clientId: string) =>
  db
    .selectFrom('oauth_grants')
    .select(['id', 'user_id'])
    .where('client_id', '=', clientId)
    .where('kind', '=', 'machine')
    .executeTakeFirst()

export const findClientRow = (db: Db, clientId: string) =>
  db.selectFrom('oauth_clients').selectAll().where('client_id', '=', clientId).executeTakeFirst()

export const findRegistration = (db: Db, clientId: string) =>
  db.selectFrom('oauth_registrations').selectAll().where('client_id', '=', clientId).executeTakeFirst()

export async function insertRegistration(
  db: Db,
  row: { client_id: string; metadata: string; created_at: string },
): Promise<void> {
  await db
    .insertInto('oauth_registrations')
    .values({ ...row, used_at: null })
    .execute()
}

export async function noteRegistrationUsed(db: Db, clientId: string, now: string): Promise<void> {
  await db.updateTable('oauth_registrations').set({ used_at: now }).where('client_id', '=', clientId).execute()
}

/** Removes registered programs unless one was ever authorized. */
export async function removeRegistrations(db: Db, clientIds: readonly string[]): Promise<void> {
  if (!clientIds.length) return
  await db.deleteFrom('oauth_registrations').where('client_id', 'in', clientIds).where('used_at', 'is', null).execute()
}

/** Removes registered programs that were never authorized or have been without a grant for long. */
export async function removeUnusedRegistrations(db: Db, unusedSince: string, idleSince: string): Promise<void> {
  await db
    .deleteFrom('oauth_registrations as r')
    .where(({ and, or, eb, not, exists, selectFrom }) =>
      and([
        or([and([eb('r.used_at', 'is', null), eb('r.created_at', '<', unusedSince)]), eb('r.used_at', '<', idleSince)]),
        not(exists(selectFrom('oauth_grants as g').select('g.id').whereRef('g.client_id', '=', 'r.client_id'))),
      ]),
    )
    .execute()
}

/** The number of rows changed with each grant. */
export async function countChanges(tx: ReadTx, grants: readonly string[]): Promise<Map<string, number>> {
  if (!grants.length) return new Map()
  const rows = await tx
    .selectFrom('changes')
    .select(({ fn }) => ['grant_id', fn.countAll<number>().as('count')])
    .where('grant_id', 'in', grants)
    .groupBy('grant_id')
    .execute()
  return new Map(rows.map(({ grant_id, count }) => [grant_id ?? '', Number(count)]))
}

/** The changes made with a grant: one entry per call, newest first, at most `limit`. */
export const listChangesOf = (tx: ReadTx, grant: string, limit: number) =>
  tx
    .selectFrom('changes')
    .select(({ fn, eb, ref }) => [
      fn.max('at').as('at'),
      fn.max('operation').as('operation'),
      // A call that changes a trip can also change a person's own rows; it is one call.
      fn.max(eb.case().when(ref('space'), '=', 'trip').then(ref('space_id')).end()).as('trip_id'),
      fn.countAll<number>().as('rows'),
    ])
    .where('grant_id', '=', grant)
    .groupBy('commit_id')
    .orderBy(({ fn }) => fn.max('at'), 'desc')
    .orderBy(({ fn }) => fn.max('seq'), 'desc')
    .limit(limit)
    .execute()
