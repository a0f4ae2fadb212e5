import { randomUUID } from 'node:crypto'
import type { Socket } from 'node:net'
import { constants } from 'node:zlib'
import compress from '@fastify/compress'
import helmet from '@fastify/helmet'
import fastify, { type FastifyBaseLogger, type FastifyInstance, type FastifyReply, type FastifyRequest } from 'fastify'
import type { Logger } from 'pino'
import type { Database } from '../core/database.ts'
import { forbidden, unavailable } from '../core/errors.ts'
import { INSTANCE } from '../core/space.ts'
import { Origins } from './http/origins.ts'
import { PROBLEM_TYPE, pathOf, problemFor, refusal, sendProblem } from './http/problem.ts'
import { web } from './http/web.ts'

export { createLog } from './http/log.ts'
export { problemOf, sendProblem } from './http/problem.ts'

declare module 'fastify' {
  interface FastifyInstance {
    /** Which hosts and pages are ours. */
    readonly origins: Origins
  }
  interface FastifyContextConfig {
    /** Open to pages of any origin: for routes that take no cookie and must be reachable across sites. */
    anyOrigin?: boolean
  }
}

export interface HttpOptions {
  readonly log: Logger
  readonly database: Database
  /** The public URL, or null where it is not known. */
  readonly appUrl: string | null
  /** Further names the server answers to, as `host` or `host:port`. */
  readonly allowedHosts: readonly string[]
  /** Whose `X-Forwarded-*` headers count, as Fastify takes it: addresses, or a yes or no. */
  readonly trustProxy: boolean | string | string[]
  /** The folder of the built web app; null serves none. */
  readonly web: string | null
}

const BODY_LIMIT = 1024 * 1024
/** A body beyond the limit is still read this far, so that the sender gets the answer rather than a broken connection. */
const DRAIN_LIMIT = 64 * 1024 * 1024
/** Streams and sockets end by themselves when the server closes; what has not ended by then is cut. */
const CLOSE_AFTER_MS = 5000

/** The HTTP app: every check and every error form that all ways in share. Each way in registers its routes on it. */
export async function createHttp(options: HttpOptions): Promise<FastifyInstance> {
  const { log, database, trustProxy } = options
  const app: FastifyInstance = fastify({
    loggerInstance: log as FastifyBaseLogger,
    disableRequestLogging: true,
    genReqId: () => randomUUID(),
    trustProxy,
    bodyLimit: BODY_LIMIT,
    clientErrorHandler: refuseUnreadable,
    frameworkErrors: (error, request, reply) => {
      sendProblem(reply as unknown as FastifyReply, problemFor(error, request as FastifyRequest))
    },
  })
  const origins = new Origins(options.appUrl, options.allowedHosts)
  app.decorate('origins', origins)
  const methodsAt = rememberMethods(app)
  takeJsonOnly(app)

  app.addHook('onRequest', async (request, reply) => {
    reply.header('x-request-id', request.id)
    checkHost(request, origins)
    checkOrigin(request, origins)
    database.doorbell.check()
  })
  await app.register(helmet, securityHeaders(options.appUrl))
  await app.register(compress, {
    globalDecompression: false,
    threshold: 4096,
    encodings: ['br', 'gzip'],
    // At the default quality one large answer would hold up everybody.
    brotliOptions: { params: { [constants.BROTLI_PARAM_QUALITY]: 4 } },
    // Not event streams: what is sent there must arrive at once.
    customTypes:
      /^(application\/([\w.+-]+\+)?(json|javascript)|text\/(html|css|plain|markdown|javascript)|image\/svg\+xml)\b/,
  })
  app.addHook('onResponse', async (request, reply) => {
    const ms = Math.round(reply.elapsedTime * 10) / 10
    request.log.debug({ method: request.method, path: pathOf(request), status: reply.statusCode, ms }, 'answered')
    // A socket that wanted to be upgraded and was refused is no longer HTTP's to close.
    if (request.headers.upgrade !== undefined) request.raw.socket.destroy()
  })
  app.setErrorHandler(async (error, request, reply) => {
    const problem = problemFor(error, request)
    if (problem.status === 413) await drain(request)
    return sendProblem(reply, problem)
  })
  const isPage = await web(app, options.web)
  app.setNotFoundHandler(async (request, reply) => {
    if (isPage(request)) return reply.sendFile('index.html')
    const allowed = methodsAt(pathOf(request))
    if (!allowed.length || allowed.includes(request.method)) return sendProblem(reply, refusal(404))
    reply.header('allow', allowed.join(', '))
    return sendProblem(reply, refusal(405, { hint: `It takes ${allowed.join(', ')}.` }))
  })
  app.get('/api/health', async (_request, reply) => {
    await database.head(INSTANCE).catch(() => {
      throw unavailable('The database does not answer')
    })
    return reply.header('cache-control', 'no-store').send({ status: 'ok' })
  })
  app.addHook('preClose', async () => {
    setTimeout(() => app.server.closeAllConnections(), CLOSE_AFTER_MS).unref()
  })
  return app
}

function checkHost(request: FastifyRequest, origins: Origins): void {
  // Behind a proxy both names count: a rebound page could send a forwarded one of its own.
  for (const host of new Set([request.headers.host, request.host])) {
    if (!origins.knowsHost(host)) {
      throw forbidden(`This server does not answer to the host ${host || '(none)'}`, {
        hint: 'Use the address in APP_URL, or add the host to ALLOWED_HOSTS.',
      })
    }
  }
}

const CHANGES_NOTHING = new Set(['GET', 'HEAD', 'OPTIONS'])

function checkOrigin(request: FastifyRequest, origins: Origins): void {
  const { url, config } = request.routeOptions
  const guarded =
    !CHANGES_NOTHING.has(request.method) ||
    request.headers.upgrade !== undefined ||
    url === '/mcp' ||
    url?.startsWith('/mcp/')
  if (!guarded || config.anyOrigin || origins.knowsOrigin(request.headers.origin)) return
  throw forbidden('Pages of other sites may not do this', {
    hint: 'If the page is yours, add its host to ALLOWED_HOSTS.',
  })
}

function securityHeaders(appUrl: string | null) {
  return {
    contentSecurityPolicy: {
      useDefaults: false,
      directives: {
        'default-src': ["'self'"],
        'base-uri': ["'none'"],
        'connect-src': ["'self'"],
        'font-src': ["'self'", 'data:'],
        'form-action': ["'self'"],
        'frame-ancestors': ["'none'"],
        'img-src': ["'self'", 'data:', 'blob:'],
        'object-src': ["'none'"],
        'script-src': ["'self'"],
        'style-src': ["'self'"],
        'worker-src': ["'self'", 'blob:'],
      },
    },
    // Means nothing over plain HTTP, where browsers only complain about it.
    crossOriginOpenerPolicy: false,
    originAgentCluster: false,
    strictTransportSecurity: appUrl?.startsWith('https:') ? { maxAge: 31_536_000, includeSubDomains: false } : false,
    // Not no-referrer: forms of our own pages would then send no Origin.
    referrerPolicy: { policy: 'same-origin' },
    xFrameOptions: { action: 'deny' },
  } as const
}

/** JSON is the only body that is taken everywhere; a way in that needs another kind adds it for itself. */
function takeJsonOnly(app: FastifyInstance): void {
  app.removeAllContentTypeParsers()
  const parse = app.getDefaultJsonParser('error', 'error')
  app.addContentTypeParser('application/json', { parseAs: 'string' }, (request, body, done) => {
    if (body === '') done(null, undefined)
    else parse(request, body as string, done)
  })
}

/** Which methods an address takes, for the answer to one it does not take. */
function rememberMethods(app: FastifyInstance): (path: string) => string[] {
  const known = new Map<string, { pattern: RegExp; methods: Set<string> }>()
  app.addHook('onRoute', ({ url, method }) => {
    if (url.includes('*')) return
    const pattern = new RegExp(`^${url.replace(/[.+?^${}()|[\]\\]/g, '\\$&').replace(/:\w+/g, '[^/]+')}$`)
    const entry = known.get(url) ?? { pattern, methods: new Set() }
    known.set(url, entry)
    for (const one of [method].flat()) entry.methods.add(one)
  })
  return (path) => {
    const found = new Set<string>()
    for (const { pattern, methods } of known.values()) {
      if (pattern.test(path)) for (const method of methods) found.add(method)
    }
    return [...found].sort()
  }
}

/** Reads what is left of a body and forgets it. */
export async function drain({ raw }: FastifyRequest): Promise<void> {
  let read = 0
  try {
    for await (const chunk of raw) {
      read += (chunk as Buffer).length
      if (read > DRAIN_LIMIT) return
    }
  } catch {
    // The sender has gone; there is nobody left to answer.
  }
}

const UNREADABLE: Record<string, number> = { HPE_HEADER_OVERFLOW: 431, ERR_HTTP_REQUEST_TIMEOUT: 408 }

/** Answers what is not HTTP enough to become a request. */
function refuseUnreadable(error: Error & { code?: string }, socket: Socket): void {
  if (error.code === 'ECONNRESET' || !socket.writable) return void socket.destroy()
  const problem = refusal(UNREADABLE[error.code ?? ''] ?? 400)
  const body = JSON.stringify(problem)
  const head = [
    `HTTP/1.1 ${problem.status} Refused`,
    `content-type: ${PROBLEM_TYPE}`,
    `content-length: ${Buffer.byteLength(body)}`,
    'connection: close',
  ]
  socket.end(`${head.join('\r\n')}\r\n\r\n${body}`)
}
