import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { commitAs } from '../../core/data/commit.ts'
import type { Author } from '../../core/data/database.ts'
import type { Feed } from '../../core/data/feed.ts'
import type { Input } from '../../core/declare/operation.ts'
import { callerOf, type Door, type Identity, STRANGERS_BODY } from '../../core/run/door.ts'
import { parseInput } from '../../core/run/input.ts'
import { User, WebSession } from '../contract/index.ts'
import { log_in, log_out, who_am_i } from '../contract/log-in.ts'
import { SESSION_COOKIE, SHORT_COOKIE } from './cookie.ts'
import { type SignInParts, signIn } from './sign-in.ts'

export interface RouteParts extends SignInParts {
  readonly door: Door
  readonly feed: Feed
}

const url = ({ path }: { path: string }) => `/api${path}`

/** Log-in, log-out, and who is logged in: what sets and clears the cookie of the app. */
export function identityRoutes(app: FastifyInstance, parts: RouteParts): void {
  app.post(url(log_in), { bodyLimit: STRANGERS_BODY }, async (request, reply) => {
    const asked = parseInput(log_in, request.body) as Input<typeof log_in>
    const userAgent = request.headers['user-agent']?.slice(0, 300) ?? ''
    const { user, cookies } = await signIn(parts, asked, { address: request.ip, userAgent })
    return answer(reply, { user }, cookies)
  })

  app.post(url(log_out), { bodyLimit: STRANGERS_BODY }, async (request, reply) => {
    const identity = await parts.door.byCookie(request.headers.cookie)
    if (identity) await endSession(parts, identity)
    return answer(reply, { success: true }, clearedCookies)
  })

  app.get(url(who_am_i), async (request, reply) => {
    const identity = await parts.door.byCookie(request.headers.cookie)
    if (!identity) return answer(reply, { user: null })
    const user = await parts.database.read((tx) => tx.find(User, { id: identity.userId }))
    return answer(reply, { user }, await prolonged(parts, request))
  })
}

function answer(reply: FastifyReply, body: object, cookies: readonly string[] = []): FastifyReply {
  if (cookies.length) reply.header('set-cookie', cookies)
  return reply.header('cache-control', 'no-store').send(body)
}

const clearedCookies = [SESSION_COOKIE, SHORT_COOKIE].map(
  (name) => `${name}=; Max-Age=0; Path=/; HttpOnly; SameSite=Lax`,
)

/** The cookies that make a remembered session last from now on, when it is time for it. */
async function prolonged({ auth }: RouteParts, request: FastifyRequest): Promise<string[]> {
  const headers = new Headers({ cookie: request.headers.cookie ?? '' })
  const { headers: answered } = await auth.api.getSession({ headers, returnHeaders: true })
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
  audit.observe({ operation: log_out, caller: callerOf(identity, 'web'), space: null, error: null })
}
