import { randomUUID } from 'node:crypto'
import type { IncomingMessage } from 'node:http'
import type { Socket } from 'node:net'
import { constants } from 'node:zlib'
import compress from '@fastify/compress'
import fastify, {
  type FastifyBaseLogger,
  type FastifyInstance,
  type FastifyReply,
  type FastifyRequest,
  LogController,
} from 'fastify'
import type { Logger } from 'pino'
import packageJson from '../../../package.json' with { type: 'json' }
import type { Database } from '../../core/data/database.ts'
import { arrivedAt, basePathOf } from '../../core/run/base-path.ts'
import type { Observer } from '../../core/run/observer.ts'
import { Readiness, WHY_UNREADY } from '../../core/run/readiness.ts'
import { drain, isRead, takeJsonOnly } from './body.ts'
import { DEADLINES, type Deadlines, keepDeadlines } from './deadlines.ts'
import { securityHeaders } from './headers.ts'
import { messages } from './messages.ts'
import { observeRequests } from './observing.ts'
import { checkHost, checkOrigin, Origins } from './origins.ts'
import { loggedPath, PROBLEM_TYPE, pathOf, problemBelow, problemFor, refusal, sendProblem } from './problem.ts'
import { REQUEST_ID, requestIds } from './request-id.ts'
import { rememberMethods, wantsSocket } from './routes.ts'
import { type WebApp, web } from './web.ts'

export { createLog } from './log.ts'
export { tellMetrics } from './observing.ts'
export { problemFor, sendProblem } from './problem.ts'

declare module 'fastify' {
  interface FastifyInstance {
    /** Decides which hosts and pages are ours. */
    readonly origins: Origins
    /** The URL of this server for browsers, with its base path; null if it is not known. */
    readonly publicUrl: string | null
    /** Whether this server is ready. */
    readonly readiness: Readiness
  }
  interface FastifyContextConfig {
    /** Open to pages of any origin: for routes that use no cookie and must be reachable across sites. */
    anyOrigin?: boolean
    /**
     * Answered under any host name: container platforms and monitoring use names of their own. For routes that reveal
     * nothing, or nothing without a token.
     */
    anyHost?: boolean
  }
}

export interface HttpOptions {
  readonly log: Logger
  readonly database: Database
  /** Whether the database has all migrations of this program; true by default. */
  readonly isMigrated?: () => Promise<boolean>
  /** The public URL, or null if it is not known. */
  readonly appUrl: string | null
  /** Further host names of the server, as `host` or `host:port`. */
  readonly allowedHosts: readonly string[]
  /**
   * The proxies whose `X-Forwarded-*` headers are trusted: addresses, or a boolean. A number of hops would identify
   * nobody.
   */
  readonly trustProxy: boolean | string | string[]
  /** The folder of the built web app; null serves none. */
  readonly web: string | null
  readonly deadlines?: Partial<Deadlines>
  /** Measures each request. */
  readonly observer?: Observer | null
}

const BODY_LIMIT = 1024 * 1024
/** Streams and sockets end by themselves when the server closes; the remaining ones are cut after this time. */
const CLOSE_AFTER_MS = 5000

const COMPRESSION = {
  globalDecompression: false,
  threshold: 4096,
  encodings: ['br', 'gzip'] as ('br' | 'gzip')[],
  // At the default quality one large answer would delay all others.
  brotliOptions: { params: { [constants.BROTLI_PARAM_QUALITY]: 4 } },
  // Not event streams: their data must arrive at once.
  customTypes:
    /^(application\/([\w.+-]+\+)?(json|javascript)|text\/(html|css|plain|markdown|javascript)|image\/svg\+xml)\b/,
}

/** The HTTP app: the checks and error forms shared by all transports. Each transport registers its routes on it. */
export async function createHttp(options: HttpOptions): Promise<FastifyInstance> {
  const { log, database, trustProxy } = options
  const deadlines = { ...DEADLINES, ...options.deadlines }
  const arrived = arrivedAt(options.appUrl)
  const refuseUnreadable = refusing(deadlines.farewell, options.appUrl)
  const app: FastifyInstance = fastify({
    loggerInstance: log as FastifyBaseLogger,
    logController: new LogController({ disableRequestLogging: true, requestIdLogLabel: 'request_id' }),
    genReqId: requestIds(trustProxy),
    trustProxy,
    bodyLimit: BODY_LIMIT,
    http: {
      shouldUpgradeCallback: (request) => wantsSocket(request, arrived),
      connectionsCheckingInterval: Math.min(30_000, deadlines.headers),
    },
    ...(basePathOf(options.appUrl) && { rewriteUrl: ({ url = '/' }: IncomingMessage) => arrived(url) }),
    // The last requests of a connection are answered as usual, and close it.
    return503OnClosing: false,
    clientErrorHandler: refuseUnreadable,
    frameworkErrors: (error, request, reply) => {
      // No hook runs for these, so their bodies are not read.
      reply.header('connection', 'close').header(REQUEST_ID, request.id)
      sendProblem(reply as unknown as FastifyReply, problemFor(error, request as FastifyRequest))
    },
  })
  const origins = new Origins(options.appUrl, options.allowedHosts)
  app.decorate('origins', origins)
  app.decorate('publicUrl', options.appUrl)
  const readiness = new Readiness({ database, isMigrated: options.isMigrated ?? (async () => true) })
  app.decorate('readiness', readiness)
  const methodsAt = rememberMethods(app)
  takeJsonOnly(app)
  keepDeadlines(app, deadlines, refuseUnreadable)
  const nothing = nothingAt(methodsAt)
  if (options.observer) observeRequests(app, options.observer)

  const security = securityHeaders(options.appUrl)
  app.addHook('onRequest', async (request, reply) => {
    reply.headers(security).header(REQUEST_ID, request.id)
    if (!request.routeOptions.config.anyHost) checkHost(request, origins)
    checkOrigin(request, origins)
    database.notifier.poll()
    // A body sent to an unknown address is not parsed.
    if (request.is404 && !isRead(request)) return nothing(request, reply)
  })
  app.addHook('onSend', (request, reply, payload, done) => {
    if (isRead(request)) done(null, payload)
    else drain(request, reply).then(() => done(null, payload), done)
  })
  await app.register(compress, COMPRESSION)
  app.addHook('onResponse', finish)
  app.addHook('preClose', async () => {
    readiness.stop()
    setTimeout(() => app.server.closeAllConnections(), CLOSE_AFTER_MS).unref()
  })

  answerErrors(app, nothing, await web(app, options.web))
  tellHealth(app, readiness)
  return app
}

/** Liveness and readiness: a restart helps only a process that is not alive. */
function tellHealth(app: FastifyInstance, readiness: Readiness): void {
  const { version } = packageJson
  app.get('/api/health', { config: { anyHost: true } }, async (_request, reply) =>
    reply.header('cache-control', 'no-store').send({ status: 'ok', version }),
  )
  app.get('/api/ready', { config: { anyHost: true } }, async (_request, reply) => {
    const reason = await readiness.look()
    if (reason === null) return reply.header('cache-control', 'no-store').send({ status: 'ready' })
    return sendProblem(reply, { ...refusal(503, WHY_UNREADY[reason]()), reason, retry_after: 1 })
  })
}

type NotFound = (request: FastifyRequest, reply: FastifyReply) => FastifyReply

function answerErrors(app: FastifyInstance, nothing: NotFound, pages: WebApp | null): void {
  app.setErrorHandler((error, request, reply) => sendProblem(reply, problemFor(error, request)))
  app.setNotFoundHandler((request, reply) => {
    return pages?.isPage(request) ? pages.sendPage(request, reply) : nothing(request, reply)
  })
}

/** Answers that an address does not exist, or does not accept the method. */
const nothingAt =
  (methodsAt: (path: string) => string[]): NotFound =>
  (request, reply) => {
    const allowed = methodsAt(pathOf(request))
    if (!allowed.length || allowed.includes(request.method)) return sendProblem(reply, refusal(404))
    reply.header('allow', allowed.join(', '))
    return sendProblem(reply, refusal(405, messages.wrongMethod({ methods: allowed })))
  }

async function finish(request: FastifyRequest, reply: FastifyReply): Promise<void> {
  const ms = Math.round(reply.elapsedTime * 10) / 10
  request.log.debug({ method: request.method, path: loggedPath(request), status: reply.statusCode, ms }, 'answered')
  // HTTP no longer closes a socket whose upgrade was refused.
  if (wantsSocket(request.raw)) request.raw.socket.destroy()
}

const UNREADABLE: Record<string, number> = { HPE_HEADER_OVERFLOW: 431, ERR_HTTP_REQUEST_TIMEOUT: 408 }

/** Answers malformed HTTP that forms no request, and ends the connection. */
const refusing =
  (farewell: number, publicUrl: string | null) =>
  (error: Error & { code?: string }, socket: Socket): void => {
    if (error.code === 'ECONNRESET' || !socket.writable) {
      socket.destroy()
      return
    }
    const problem = problemBelow(publicUrl, refusal(UNREADABLE[error.code ?? ''] ?? 400))
    const body = JSON.stringify(problem)
    const head = [
      `HTTP/1.1 ${problem.status} Refused`,
      `content-type: ${PROBLEM_TYPE}`,
      `content-length: ${Buffer.byteLength(body)}`,
      'connection: close',
      `${REQUEST_ID}: ${randomUUID()}`,
    ]
    socket.end(`${head.join('\r\n')}\r\n\r\n${body}`)
    // The other side may never close its half.
    setTimeout(() => socket.destroy(), farewell).unref()
  }
