import { createHash, timingSafeEqual } from 'node:crypto'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import type { Observer, RequestObserved, RequestWay } from '../../core/run/observer.ts'
import { messages } from './messages.ts'
import { pathOf } from './problem.ts'
import { wantsSocket } from './routes.ts'

const WAYS: readonly [RegExp, RequestWay][] = [
  [/^\/(metrics|api\/(health|ready))$/, 'probe'],
  [/^\/api(\/|$)/, 'rest'],
  [/^\/mcp(\/|$)/, 'mcp'],
  [/^\/ws$/, 'live'],
  [/^\/(oauth|authorize|token|register|\.well-known)(\/|$)/, 'oauth'],
]

const wayOf = (request: FastifyRequest): RequestWay => {
  const path = pathOf(request)
  return WAYS.find(([pattern]) => pattern.test(path))?.[1] ?? 'web'
}

/** Its duration depends on the client, not on the speed of the server. */
const isStream = ({ raw }: FastifyReply): boolean =>
  /^text\/event-stream\b/.test(String(raw.getHeader('content-type') ?? ''))

interface Observed {
  readonly seen: RequestObserved
  readonly way: RequestWay
  readonly closed: () => void
}

/** Measures every request, from its first hook until its answer is complete or cut off. */
export function observeRequests(app: FastifyInstance, observer: Observer): void {
  const observed = new WeakMap<FastifyRequest, Observed>()
  app.addHook('onRequest', (request, reply, done) => {
    const way = wayOf(request)
    const { id, method, headers, routeOptions } = request
    const { traceparent, tracestate } = headers
    const route = routeOptions.url ?? null
    const seen = observer.request({ id, method, route, way, headers: { traceparent, tracestate } })
    const { raw } = reply
    const closed = () => seen.over(raw.headersSent ? raw.statusCode : null, isStream(reply) ? 'stream' : way)
    observed.set(request, { seen, way, closed })
    raw.once('close', closed)
    done()
  })
  app.addHook('preHandler', (request, reply, done) => {
    const current = observed.get(request)
    if (!current) return done()
    // From here on it is a WebSocket of unlimited duration.
    if (wantsSocket(request.raw)) {
      reply.raw.off('close', current.closed)
      current.seen.over(101, 'live')
      return done()
    }
    // Later events on a long stream do not belong to the request that opened it.
    if (request.method === 'GET' && current.way === 'mcp') return done()
    current.seen.within(done)
  })
}

/** The metrics, for clients with the token. */
export interface MetricsRoute {
  readonly token: string
  scrape(): Promise<{ readonly type: string; readonly text: string }>
}

const BEARER = /^Bearer +([^\s]+)$/i

/**
 * The metrics for Prometheus. Without the token the answer is 401 and not 404: the existence of metrics is no secret,
 * and the administrator of a scrape sees that the token is wrong.
 */
export function tellMetrics(app: FastifyInstance, { token, scrape }: MetricsRoute): void {
  const expected = digest(token)
  app.get('/metrics', { config: { anyHost: true } }, async (request, reply) => {
    const bearer = BEARER.exec(request.headers.authorization ?? '')?.[1] ?? ''
    // Digests have the same length and do not reveal how much of the token was right.
    if (!timingSafeEqual(digest(bearer), expected)) {
      throw messages.metricsToken()
    }
    const { type, text } = await scrape()
    return reply.header('cache-control', 'no-store').type(type).send(text)
  })
}

const digest = (text: string): Buffer => createHash('sha256').update(text).digest()
