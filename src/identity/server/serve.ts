import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { TrekError } from '../../core/declare/errors.ts'
import type { Input, Output } from '../../core/declare/operation.ts'
import type { AnyRoute } from '../../core/declare/route.ts'
import { type Authenticator, type Identity, STRANGERS_BODY } from '../../core/run/authentication.ts'
import { parseInput } from '../../core/run/input.ts'
import { messages as core } from '../../core/run/messages.ts'
import { messages } from '../contract/messages.ts'

/** The arguments of a route's handler. */
export interface RouteCall<R extends AnyRoute> {
  readonly input: Input<R>
  /** The logged-in person if the route admits only people; otherwise null, as nobody was looked up. */
  readonly identity: R['admits'] extends 'person' ? Identity : null
  readonly request: FastifyRequest
  readonly reply: FastifyReply
}

export interface RouteAnswer<R extends AnyRoute> {
  readonly body: Output<R>
  /** Values of `Set-Cookie`. */
  readonly cookies?: readonly string[]
}

/**
 * Serves a route. All routes check in this order: page, person and demo mode before reading the body, then the input.
 */
export function serve<R extends AnyRoute>(
  app: FastifyInstance,
  authenticator: Authenticator,
  route: R,
  handle: (call: RouteCall<R>) => Promise<RouteAnswer<R>>,
): void {
  const people = new WeakMap<FastifyRequest, Identity>()
  app.route({
    method: route.method,
    url: route.path,
    bodyLimit: STRANGERS_BODY,
    onRequest: async (request) => {
      if (route.admits === 'person') people.set(request, await personAt(authenticator, request))
    },
    handler: async (request, reply) => {
      const input = parseInput(route, inputOf(route, request)) as Input<R>
      const identity = (people.get(request) ?? null) as RouteCall<R>['identity']
      const { body, cookies = [] } = await handle({ input, identity, request, reply })
      if (cookies.length) reply.header('set-cookie', cookies)
      return reply.header('cache-control', 'no-store').send(body)
    },
  })
}

async function personAt(authenticator: Authenticator, request: FastifyRequest): Promise<Identity> {
  if (!request.server.origins.isOwnPage(request)) throw messages.ownPageOnly()
  const identity = await authenticator.identifyCookie(request.headers.cookie)
  if (!identity) throw core.notLoggedIn()
  if (identity.readOnly) throw new TrekError('forbidden', identity.readOnly)
  return identity
}

/** The path parameters and, for a POST, the body. */
function inputOf({ method }: AnyRoute, { params, body }: FastifyRequest): unknown {
  if (method === 'GET' || body === undefined || body === null) return params
  return typeof body === 'object' && !Array.isArray(body) ? { ...body, ...(params as object) } : body
}
