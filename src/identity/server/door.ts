import type { Database } from '../../core/data/database.ts'
import type { Door, Identity } from '../../core/run/door.ts'
import { SESSION_COOKIE, tokenOfCookie } from './cookie.ts'
import type { Key } from './key.ts'
import { type WebTokens, webTokenKey } from './oauth/web-token.ts'
import {
  findSessionHolder,
  findSessionHolderById,
  findTokenHolder,
  type Holder,
  sessionExists,
  tokenExists,
} from './store.ts'
import { hashToken, isStaticToken, STATIC_PREFIX } from './tokens.ts'
import type { LastUses } from './uses.ts'

export interface DoorParts {
  readonly database: Database
  readonly uses: LastUses
  /** What web sessions are signed with. */
  readonly sessionKey: string
  /** Whether every write is refused. */
  readonly demoMode: boolean
  /** The words that pages of the app are given for `/mcp`. */
  readonly webTokens: WebTokens
  readonly keys?: readonly Key[]
  readonly clock?: () => Date
}

export const STATIC_NOTICE =
  'This connection uses a static token, which is deprecated. Please tell the person to connect with OAuth instead: Settings > Integrations > MCP.'

/** Why nothing can be changed where the instance is only for show. */
export const DEMO = 'This is a demo: everything can be looked at, and nothing can be changed'

export function createDoor({
  database,
  uses,
  sessionKey,
  demoMode,
  webTokens,
  keys = [],
  clock = () => new Date(),
}: DoorParts): Door {
  const db = database.kysely
  const now = () => clock().toISOString()

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
      notice: isToken ? STATIC_NOTICE : null,
      readOnly: demoMode ? DEMO : null,
    }
  }

  const staticTokens: Key = {
    kind: 'token',
    prefix: STATIC_PREFIX,
    identify: async (token) =>
      isStaticToken(token) ? admit('token', await findTokenHolder(db, hashToken(token))) : null,
    holds: (id) => tokenExists(db, Number(id)),
  }
  const pages = webTokenKey(webTokens, async (id) => admit('session', await findSessionHolderById(db, id, now())))
  const all: readonly Key[] = [...keys, staticTokens, pages]

  return {
    async byBearer(token, audience) {
      const key = all.find(({ prefix }) => token.startsWith(prefix))
      return key ? key.identify(token, audience) : null
    },
    async byCookie(cookie) {
      const token = cookie?.includes(SESSION_COOKIE) && tokenOfCookie(cookie, sessionKey)
      return token ? admit('session', await findSessionHolder(db, hashToken(token), now())) : null
    },
    async holds(grant) {
      const [kind, id = ''] = grant.split(':')
      if (kind === 'session') return sessionExists(db, Number(id), now())
      return (await all.find((key) => key.kind === kind)?.holds?.(id)) ?? false
    },
  }
}
