import type { Adapter, AdapterFactory, AdapterPayload } from 'oidc-provider'
import { errors, Provider } from 'oidc-provider'
import { commitAs } from '../../../core/data/commit.ts'
import type { Author, Database } from '../../../core/data/database.ts'
import type { Feed } from '../../../core/data/feed.ts'
import { OAuthGrant } from '../../contract/oauth.ts'
import { hashToken } from '../tokens.ts'
import { metadataOf, registeredMetadata } from './clients.ts'
import { keptPayload, readPayload, successorOf } from './secrets.ts'
import * as store from './store.ts'

/** How long a used refresh token can be presented again: the answer may have been lost. */
export const GRACE_MS = 30_000
/** How long a concurrent request of the same program can take to arrive. */
const ON_ITS_WAY_MS = 5000

export interface AdapterParts {
  readonly database: Database
  readonly feed: Feed
  readonly clock: () => Date
}

interface RowsParts extends AdapterParts {
  /** The key from which the successor of a refresh token is computed. */
  readonly chain: string
}

/**
 * Stores the authorization server's data as rows, on both engines and for every process. Codes and tokens are stored as
 * hashes: a reader of the database cannot use them.
 */
export function rowsAdapter(parts: RowsParts): AdapterFactory {
  return (model) => {
    if (model === 'Client') return clients(parts)
    if (model === 'Grant') return grants(parts)
    if (model === 'Session') return noSessions
    return artifacts(model, parts)
  }
}

const never = async (): Promise<never> => {
  throw new Error('The authorization server never asks for this')
}

const NOTHING: Adapter = {
  upsert: never,
  find: never,
  findByUid: never,
  findByUserCode: never,
  consume: never,
  destroy: never,
  revokeByGrantId: never,
}

/** Only the web session decides who is logged in: the server's own sessions are empty and last for one request. */
const noSessions: Adapter = {
  ...NOTHING,
  upsert: async () => undefined,
  find: async () => undefined,
  findByUid: async () => undefined,
  destroy: async () => undefined,
}

function clients({ database: { kysely: db }, clock }: AdapterParts): Adapter {
  return {
    ...NOTHING,
    async find(id) {
      if (!store.CLIENT_ID.test(id)) return undefined
      const row = await store.findClientRow(db, id)
      if (row) return metadataOf(row, (await store.findMachineGrant(db, id)) !== undefined)
      const registered = await store.findRegistration(db, id)
      return registered && (JSON.parse(registered.metadata) as AdapterPayload)
    },
    async upsert(id, payload) {
      const metadata = JSON.stringify(registeredMetadata(payload))
      await store.insertRegistration(db, { client_id: id, metadata, created_at: clock().toISOString() })
    },
  }
}

/** The consent writes the grant's row; this adapter reads it in the server's form. */
function grants(parts: AdapterParts): Adapter {
  return {
    ...NOTHING,
    async find(id) {
      const row = await store.findGrantRow(parts.database.kysely, Number(id))
      if (!row) return undefined
      const scope = (JSON.parse(row.scopes) as string[]).join(' ')
      const iat = Math.floor(Date.parse(row.created_at) / 1000)
      return {
        kind: 'Grant',
        jti: id,
        iat,
        // A grant ends with its last token, so this must not expire first.
        exp: iat + 100 * 365 * 86_400,
        accountId: String(row.user_id),
        clientId: row.client_id,
        resources: { [row.resource]: scope },
      }
    },
    destroy: (id) => endGrant(parts, Number(id), 'oauth_revoke'),
  }
}

/** Ends a grant outside an operation: the program revoked it, or a used code or token came back. */
export async function endGrant(parts: AdapterParts, id: number, why: string): Promise<void> {
  const row = await store.findGrantRow(parts.database.kysely, id)
  if (!row) return
  const { user_id, client_name } = row
  const author: Author = { user_id, name: '', way: 'system', client: client_name, grant: `grant:${id}`, operation: why }
  await commitAs(parts, { space: 'user', id: user_id }, author, async (tx) => {
    const grant = await tx.find(OAuthGrant, { id })
    if (grant) await tx.remove(OAuthGrant, grant)
  })
}

function artifacts(model: string, parts: RowsParts): Adapter {
  const { clock, chain } = parts
  const db = parts.database.kysely
  return {
    ...NOTHING,
    async upsert(id, payload, expiresIn = 0) {
      const grant_id = await grantOf(payload)
      const row = {
        model,
        id_hash: hashToken(id),
        grant_id,
        payload: keptPayload(id, payload),
        expires_at: new Date(clock().getTime() + expiresIn * 1000).toISOString(),
        consumed_at: null,
      }
      const inserted = await store
        .insertArtifact(db, row, { again: model === 'Interaction' })
        .catch((error) => refuseEnded(grant_id, error))
      // Two requests used the same signed assertion at once.
      if (!inserted && model === 'ReplayDetection') throw new errors.InvalidClientAuth('client assertion already used')
    },
    async find(id) {
      const row = await store.findArtifact(db, model, hashToken(id))
      if (!row || row.expires_at <= clock().toISOString()) return undefined
      const payload = readPayload<AdapterPayload>(id, row.payload)
      if (row.consumed_at === null || (model === 'RefreshToken' && (await mayComeAgain(id, row)))) {
        return payload
      }
      return { ...payload, consumed: Math.floor(Date.parse(row.consumed_at) / 1000) }
    },
    async consume(id) {
      const first = await store.consumeArtifact(db, model, hashToken(id), clock().toISOString())
      if (!first && model === 'AuthorizationCode') await refuseTwin(id)
    },
    async destroy(id) {
      const removed = await store.removeArtifact(db, model, hashToken(id))
      // The browser returned to its request twice at once: one of them gets the code.
      if (!removed && model === 'Interaction') throw new errors.SessionNotFound('this request is over')
    },
    // Removing the grant removes everything that depends on it.
    revokeByGrantId: async () => undefined,
  }

  /** Whether a used refresh token is still valid: its answer may be lost or never have been sent. */
  async function mayComeAgain(token: string, row: store.ArtifactRow): Promise<boolean> {
    const followed = (usedBefore: Date | null) =>
      store.hasSuccessor(db, row, hashToken(successorOf(token, chain)), usedBefore)
    const now = clock().getTime()
    // Use of the successor proves that the answer arrived, so this is someone else, unless the request was on its way
    // at that time: programs that call several tools at once refresh several times at once, and one can already have
    // used the next token.
    if (now - Date.parse(String(row.consumed_at)) < GRACE_MS) return !(await followed(new Date(now - ON_ITS_WAY_MS)))
    // If no successor was written, the server ended in between, and nobody has the next token.
    return !(await followed(null))
  }

  /**
   * Two requests used the same code at once. Handled as a replay, so that neither keeps access (OAuth 2.1 section
   * 4.1.3).
   */
  async function refuseTwin(code: string): Promise<never> {
    const { grant_id = null } = (await store.findArtifact(db, model, hashToken(code))) ?? {}
    if (grant_id !== null) {
      await endGrant(parts, grant_id, 'oauth_revoke')
      Provider.ctx?.oidc.provider.emit('grant.revoked', Provider.ctx, String(grant_id))
    }
    throw new errors.InvalidGrant('authorization code already consumed')
  }

  /** A write that failed because its grant has ended is refused; any other error is a bug. */
  async function refuseEnded(grantId: number | null, error: unknown): Promise<never> {
    if (grantId === null || (await store.grantExists(db, grantId))) throw error
    throw new errors.InvalidGrant('this grant has ended')
  }

  async function grantOf({ grantId, clientId }: AdapterPayload): Promise<number | null> {
    if (grantId !== undefined) return Number(grantId)
    if (model !== 'ClientCredentials') return null
    const grant = await store.findMachineGrant(db, String(clientId))
    if (!grant) throw new errors.InvalidGrant('this client may not log in by itself any more')
    return grant.id
  }
}
