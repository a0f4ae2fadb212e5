import { sql } from 'kysely'
import type { ReadTx } from '../../../core/data/tx.ts'

/** The static tokens of all users or of one, with their owners, newest first. */
export async function listTokenRows(tx: ReadTx, userId?: number) {
  let query = tx
    .selectFrom('static_tokens as t')
    .innerJoin('users as u', 'u.id', 't.user_id')
    .select(['t.id', 't.name', 't.prefix', 't.created_at', 't.last_used_at'])
    .select(['u.id as user_id', 'u.username', 'u.name as user_name'])
    .orderBy('t.id', 'desc')
  if (userId !== undefined) query = query.where('t.user_id', '=', userId)
  return query.execute()
}

/** The grants of all users or of one, with their owners and the number of changes by each; most recently used first. */
export async function listGrantRows(tx: ReadTx, userId?: number) {
  let query = tx
    .selectFrom('oauth_grants as g')
    .innerJoin('users as u', 'u.id', 'g.user_id')
    .select(['g.id', 'g.kind', 'g.client_id', 'g.client_name', 'g.redirect_host', 'g.redirect_uri', 'g.resource'])
    .select(['g.scopes', 'g.created_at', 'g.last_used_at', 'u.id as user_id', 'u.username', 'u.name as user_name'])
    .select(({ selectFrom }) =>
      selectFrom('changes as c')
        .select(({ fn }) => fn.countAll<number>().as('count'))
        .where('c.grant_id', '=', sql<string>`'grant:' || ${sql.ref('g.id')}`)
        .as('changes'),
    )
    .orderBy(({ fn }) => fn.coalesce('g.last_used_at', 'g.created_at'), 'desc')
    .orderBy('g.id', 'desc')
  if (userId !== undefined) query = query.where('g.user_id', '=', userId)
  return query.execute()
}

/** The clients that people added, with their owners. */
export const listClientRows = (tx: ReadTx) =>
  tx
    .selectFrom('oauth_clients as c')
    .innerJoin('users as u', 'u.id', 'c.user_id')
    .select(['c.client_id', 'c.name', 'c.redirect_uris', 'c.created_at'])
    .select(['u.id as user_id', 'u.username', 'u.name as user_name'])
    .execute()

export const listRegistrations = (tx: ReadTx) =>
  tx.selectFrom('oauth_registrations').select(['client_id', 'metadata', 'created_at']).execute()

/** The grants of each client: user, start and last use. */
export const listGrantsByClient = (tx: ReadTx) =>
  tx
    .selectFrom('oauth_grants')
    .select(['client_id', 'client_name', 'redirect_host', 'kind', 'user_id', 'created_at', 'last_used_at'])
    .execute()
