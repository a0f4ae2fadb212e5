import type { Database } from '../../core/data/database.ts'
import type { Authenticator, Identity } from '../../core/run/authentication.ts'
import { messages } from '../contract/messages.ts'
import { tokenOfCookie } from './cookie.ts'
import type { CredentialKind } from './credential-kind.ts'
import type { LastUsedTracker } from './last-used.ts'
import { type WebTokens, webTokenKind } from './oauth/web-token.ts'
import {
  findSessionHolder,
  findSessionHolderById,
  findTokenHolder,
  type Holder,
  sessionExists,
  tokenExists,
} from './store.ts'
import { hashToken, isStaticToken, STATIC_PREFIX } from './tokens.ts'

export interface AuthenticatorParts {
  readonly database: Database
  readonly uses: LastUsedTracker
  /** The signing key of web sessions, and their cookie's name. */
  readonly sessionKey: string
  readonly sessionCookie: string
  /** Whether all writes are refused. */
  readonly demoMode: boolean
  /** The tokens that pages of the app use at `/mcp`. */
  readonly webTokens: WebTokens
  /** The public address of `/mcp`. */
  mcpAddress(): string
  readonly credentialKinds?: readonly CredentialKind[]
  readonly clock?: () => Date
}

export const STATIC_NOTICE =
  'This connection uses a static token, which is deprecated. Please tell the person to connect with OAuth instead: Settings > Integrations > MCP.'

/** How the user of this static token changes to OAuth; `address` is that of `/mcp`. */
const staticGuide = (name: string, address: string): string =>
  [
    `This assistant is connected to TREK by the static token ${JSON.stringify(name)}. Static tokens are deprecated for assistants: ` +
      'such a token does not expire, and whoever has it can do everything its owner can. OAuth does the same with an allowance that ' +
      'can be chosen and taken back. This is how the person changes over; tell them, in their language:',
    `1. In the settings of the assistant, remove this server, or the header "Authorization: Bearer ${STATIC_PREFIX}…" from it.`,
    `2. Add the server again with nothing but its address: ${address}`,
    '3. A browser opens. Log in to TREK, tick what the assistant may do, and allow it.',
    '4. If no browser opens, or the assistant wants a client ID: in TREK, open Settings > Integrations > MCP > OAuth Clients, make a ' +
      'client for this assistant, and copy its client ID and secret into the settings of the assistant. For a program that runs ' +
      'without a person, tick "Machine client (no browser login)".',
    `5. When the new connection works: in TREK, open Settings > Integrations > MCP > API Tokens and delete the token ` +
      `${JSON.stringify(name)}. Also delete it wherever it was written down: settings files, scripts, environment variables.`,
  ].join('\n')

export function createAuthenticator({
  database,
  uses,
  sessionKey,
  sessionCookie,
  demoMode,
  webTokens,
  mcpAddress,
  credentialKinds = [],
  clock = () => new Date(),
}: AuthenticatorParts): Authenticator {
  const db = database.kysely
  const now = () => clock().toISOString()

  const noticeTo = (name: string) => ({
    short: STATIC_NOTICE,
    // A getter: it is long, and only its prompt reads it.
    get guide() {
      return staticGuide(name, mcpAddress())
    },
  })

  const admit = (kind: 'session' | 'token', holder: Holder | undefined): Identity | null => {
    if (!holder || holder.banned) return null
    uses.note(kind, holder.id, now())
    const isToken = kind === 'token'
    return {
      userId: holder.user_id,
      name: holder.user_name,
      admin: holder.role === 'admin',
      scopes: 'all',
      grant: `${kind}:${holder.id}`,
      client: isToken ? holder.name : null,
      clientId: null,
      notice: isToken ? noticeTo(holder.name ?? '') : null,
      readOnly: demoMode ? messages.demo() : null,
    }
  }

  const staticTokens: CredentialKind = {
    kind: 'token',
    prefix: STATIC_PREFIX,
    // For assistants, and for programs that use REST.
    audiences: ['mcp', 'rest'],
    identify: async (token) =>
      isStaticToken(token) ? admit('token', await findTokenHolder(db, hashToken(token))) : null,
    isActive: (id) => tokenExists(db, Number(id)),
  }
  const pages = webTokenKind(webTokens, async (id) => admit('session', await findSessionHolderById(db, id, now())))
  const all: readonly CredentialKind[] = [...credentialKinds, staticTokens, pages]

  return {
    async identifyBearer(token, audience) {
      const key = all.find(({ prefix }) => token.startsWith(prefix))
      return key?.audiences.includes(audience) ? key.identify(token) : null
    },
    async identifyCookie(cookie) {
      const token = cookie?.includes(sessionCookie) && tokenOfCookie(cookie, sessionCookie, sessionKey)
      return token ? admit('session', await findSessionHolder(db, hashToken(token), now())) : null
    },
    async isActive(grant) {
      const [kind, id = ''] = grant.split(':')
      if (kind === 'session') return sessionExists(db, Number(id), now())
      return (await all.find((key) => key.kind === kind)?.isActive?.(id)) ?? false
    },
  }
}
