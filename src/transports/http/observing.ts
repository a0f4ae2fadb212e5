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

/** Such an answer lasts as long as it is open, which says nothing about how fast the server is. */
const isStream = ({ raw }: FastifyReply): boolean =>
  /^text\/event-stream\b/.test(String(raw.getHeader('content-type') ?? ''))

interface Observed {
  readonly seen: RequestObserved
  readonly way: RequestWay
  readonly closed: () => void
}

/** Has every request measured, from its first hook until its answer is over or cut off. */
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
    const known = observed.get(request)
    if (!known) return done()
    // From here on it is a socket, which is open for as long as it is.
    if (wantsSocket(request.raw)) {
      reply.raw.off('close', known.closed)
      known.seen.over(101, 'live')
      return done()
    }
    // What happens on a stream for hours is no part of the request that opened it.
    if (request.method === 'GET' && known.way === 'mcp') return done()
    known.seen.within(done)
  })
}

/** Where the figures are told, to whoever has the token. */
export interface MetricsRoute {
  readonly token: string
  scrape(): Promise<{ readonly type: string; readonly text: string }>
}

const BEARER = /^Bearer +([^\s]+)$/i

/**
 * The figures for Prometheus. Without the token it is a 401 and not a 404: that there are figures is no secret, and whoever sets up
 * a scrape sees that it is the token that is wrong.
 */
export function tellMetrics(app: FastifyInstance, { token, scrape }: MetricsRoute): void {
  const wanted = digest(token)
  app.get('/metrics', { config: { anyHost: true } }, async (request, reply) => {
    const given = BEARER.exec(request.headers.authorization ?? '')?.[1] ?? ''
    // Digests are of one length, and say nothing of how much of the token was right.
    if (!timingSafeEqual(digest(given), wanted)) {
      throw messages.metricsToken()
    }
    const { type, text } = await scrape()
    return reply.header('cache-control', 'no-store').type(type).send(text)
  })
}

const digest = (text: string): Buffer => createHash('sha256').update(text).digest()
