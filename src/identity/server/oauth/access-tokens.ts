import type { Database } from '../../../core/data/database.ts'
import type { Message } from '../../../core/declare/message.ts'
import type { CredentialKind } from '../credential-kind.ts'
import type { LastUsedTracker } from '../last-used.ts'
import { hashToken } from '../tokens.ts'
import type { Addresses } from './addresses.ts'
import { ACCESS_PREFIX, readPayload } from './secrets.ts'
import { findAccessHolder, grantExists } from './store.ts'

interface AccessParts {
  readonly database: Database
  readonly uses: LastUsedTracker
  readonly addresses: Addresses
  readonly clock: () => Date
  /** Why all writes are refused, or null. */
  readonly readOnly: Message | null
}

const FORM = /^trekoa_[0-9a-f]{64}$/

/** OAuth access tokens: valid at `/mcp` of this server, for their scopes, as long as their grant exists. */
export const accessTokens = ({ database, uses, addresses, clock, readOnly }: AccessParts): CredentialKind => ({
  kind: 'grant',
  prefix: ACCESS_PREFIX,
  audiences: ['mcp'],
  async identify(token) {
    if (!FORM.test(token)) return null
    const now = clock().toISOString()
    const holder = await findAccessHolder(database.kysely, hashToken(token), now)
    if (!holder || holder.banned) return null
    const { aud, scope } = readPayload<{ aud?: unknown; scope?: string }>(token, holder.payload)
    if (!addresses.isOurs(aud)) return null
    uses.note('grant', holder.grant_id, now)
    return {
      userId: holder.user_id,
      name: holder.user_name,
      admin: holder.role === 'admin',
      scopes: new Set(scope?.split(' ')),
      grant: `grant:${holder.grant_id}`,
      client: holder.client_name,
      clientId: holder.client_id,
      notice: null,
      readOnly,
    }
  },
  isActive: (id) => grantExists(database.kysely, Number(id)),
})
