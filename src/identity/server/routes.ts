import type { FastifyInstance, FastifyRequest } from 'fastify'
import { commitAs } from '../../core/data/commit.ts'
import type { Author, Database } from '../../core/data/database.ts'
import type { Feed } from '../../core/data/feed.ts'
import type { Authenticator, Identity } from '../../core/run/authentication.ts'
import { User, WebSession } from '../contract/index.ts'
import { log_in, log_out, who_am_i } from '../contract/log-in.ts'
import type { Cookies } from './cookie.ts'
import { serve } from './serve.ts'
import { type SignInParts, signIn } from './sign-in.ts'

export interface RouteParts extends SignInParts {
  readonly database: Database
  readonly authenticator: Authenticator
  readonly feed: Feed
  readonly cookies: Cookies
}

/** Login, logout and the current user: the routes that set and clear the session cookie. */
export function identityRoutes(app: FastifyInstance, parts: RouteParts): void {
  const { authenticator, database } = parts

  serve(app, authenticator, log_in, async ({ input, request }) => {
    const userAgent = request.headers['user-agent']?.slice(0, 300) ?? ''
    const from = { address: request.ip, userAgent, cookies: request.headers.cookie }
    const { user, cookies } = await signIn(parts, input, from)
    return { body: { user }, cookies }
  })

  serve(app, authenticator, log_out, async ({ request }) => {
    const identity = await authenticator.identifyCookie(request.headers.cookie)
    if (identity) await endSession(parts, identity)
    return { body: { success: true as const }, cookies: cleared(parts.cookies) }
  })

  serve(app, authenticator, who_am_i, async ({ request }) => {
    const identity = await authenticator.identifyCookie(request.headers.cookie)
    if (!identity) return { body: { user: null } }
    const user = (await database.read((tx) => tx.find(User, { id: identity.userId }))) ?? null
    return { body: { user }, cookies: await prolonged(parts, request) }
  })
}

const cleared = ({ session, short, path }: Cookies): string[] =>
  [session, short].map((name) => {
    // Browsers reject this name without it.
    const secure = name.startsWith('__Secure-') ? '; Secure' : ''
    return `${name}=; Max-Age=0; Path=${path()}; HttpOnly; SameSite=Lax${secure}`
  })

/** The cookies that prolong a remembered session, if due. */
async function prolonged({ auth }: RouteParts, request: FastifyRequest): Promise<string[]> {
  const headers = new Headers({ cookie: request.headers.cookie ?? '' })
  const { api } = await auth()
  const { headers: answered } = await api.getSession({ headers, returnHeaders: true })
  return answered.getSetCookie()
}

async function endSession({ database, feed, audit }: RouteParts, identity: Identity): Promise<void> {
  const id = Number(identity.grant.split(':')[1])
  const { name, userId: user_id, grant } = identity
  const author: Author = { user_id, name, grant, client: null, operation: log_out.name, way: 'web' }
  await commitAs({ database, feed }, { space: 'user', id: user_id }, author, async (tx) => {
    const session = await tx.find(WebSession, { id, user_id })
    if (session) await tx.remove(WebSession, session)
  })
  audit.note({ event: log_out.name, user_id, grant_id: grant, outcome: 'ok' })
}
