import { createServer, type IncomingHttpHeaders, type IncomingMessage, type ServerResponse } from 'node:http'
import { createServer as createSecureServer } from 'node:https'
import type { AddressInfo } from 'node:net'
import type { Duplex } from 'node:stream'
import { createProxyServer, proxyUpgrade } from 'httpxy'

/** The faults of a reverse proxy; without any, it forwards everything correctly. */
export interface ProxySettings {
  /** Replaces the `Host` header by this one, or with `true` by the address that it forwards to. */
  readonly host?: string | true
  /** Adds headers to requests for this path. */
  readonly adds?: { readonly at: string; readonly headers: Readonly<Record<string, string>> }
  /** Sends no `X-Forwarded-*` headers. */
  readonly dropsForwarded?: boolean
  /** False values of `X-Forwarded-Proto` and `X-Forwarded-Host`. */
  readonly forwardedProto?: string
  readonly forwardedHost?: string
  /** Headers that it removes from requests and from answers: names, or prefixes with `*`. */
  readonly stripsRequest?: readonly string[]
  readonly stripsResponse?: readonly string[]
  /** Answers OPTIONS itself, without CORS headers. */
  readonly answersOptions?: boolean
  /** Forwards an upgrade as an ordinary request. */
  readonly noWebsocket?: boolean
  /** Buffers event streams until they end. */
  readonly buffersStreams?: boolean
  /** Forwards only this path, and strips it. */
  readonly prefix?: string
  /** Does not strip the prefix. */
  readonly keepsPrefix?: boolean
  /** Also forwards the well-known paths of the server at the root of the host. */
  readonly passesWellKnown?: boolean
  /** Redirects these paths to the same with a trailing slash. */
  readonly addsSlash?: readonly string[]
  /** Answers everything below `/.well-known` itself, with 404. */
  readonly ownsWellKnown?: boolean
  /** Requires a log-in: answers every request without its cookie with a page or a redirect. */
  readonly wall?: 'page' | 'redirect'
  /** The prefix of paths that need no log-in at the proxy. */
  readonly wallLeaves?: string
  /** The maximum size of a body, in bytes. */
  readonly bodyLimit?: number
  /** The time without a byte after which it gives up. */
  readonly timeoutMs?: number
  /** Redirects every request to its own address, or to https. */
  readonly redirects?: 'loop' | 'https'
  /** Forwards to another server. */
  readonly serves?: string
  /** How far its clock is ahead, in milliseconds. */
  readonly ahead?: number
}

export interface ReverseProxy {
  /** Without a trailing slash. */
  readonly url: string
  /** Its requests, as `METHOD /path`. */
  readonly requests: string[]
  /** Sets the server to forward to, for a server that needs the address of the proxy before it starts. */
  aim(target: string): void
  /** Replaces its faults. */
  use(settings: ProxySettings): void
  close(): Promise<void>
}

interface Options {
  /** If set, the proxy uses https. */
  readonly key?: string
  readonly cert?: string
}

/** The cookie of a browser that is logged in at the proxy. */
export const WALL_COOKIE = 'wall=passed'

/** Starts a reverse proxy on its own port, in front of a running server. */
export async function startProxy(
  target: string | null,
  settings: ProxySettings = {},
  options: Options = {},
): Promise<ReverseProxy> {
  let server: URL | null = target ? new URL(target) : null
  let current = settings
  const requests: string[] = []
  const scheme = options.cert ? 'https' : 'http'
  const shouldUpgradeCallback = () => !current.noWebsocket
  const aimed = () => {
    const aim = current.serves ? new URL(current.serves) : server
    if (!aim) throw new Error('The proxy has no server to forward to: call aim() first')
    return aim
  }
  const answer = (request: IncomingMessage, response: ServerResponse) => {
    requests.push(`${request.method} ${request.url}`)
    const own = ownAnswer(current, `${scheme}://${request.headers.host}`, request)
    if (own) {
      response.writeHead(own.status, { 'content-type': 'text/html', ...own.headers })
      response.end(pageOf(own))
    } else forward(current, aimed(), scheme, request, response)
  }
  const listener = options.cert
    ? createSecureServer({ ...options, shouldUpgradeCallback } as never, answer)
    : createServer({ shouldUpgradeCallback } as never, answer)
  listener.on('upgrade', (request: IncomingMessage, socket: Duplex, head: Buffer) => {
    requests.push(`UPGRADE ${request.url}`)
    socket.on('error', () => socket.destroy())
    const own = ownAnswer(current, `${scheme}://${request.headers.host}`, request)
    if (own) socket.end(rawAnswer(own))
    else tunnel(current, aimed(), scheme, request, socket, head)
  })
  const sockets = new Set<Duplex>()
  listener.on(options.cert ? 'secureConnection' : 'connection', (socket: Duplex) => {
    sockets.add(socket)
    socket.once('close', () => sockets.delete(socket))
  })
  await new Promise<void>((resolve) => listener.listen(0, '127.0.0.1', resolve))
  return {
    url: `${scheme}://localhost:${(listener.address() as AddressInfo).port}`,
    requests,
    aim(target) {
      server = new URL(target)
    },
    use(settings) {
      current = settings
    },
    async close() {
      const closed = new Promise((resolve) => listener.close(resolve))
      for (const socket of sockets) socket.destroy()
      await closed
    },
  }
}

interface OwnAnswer {
  readonly status: number
  readonly headers?: Record<string, string>
  readonly body?: string
}

const pageOf = ({ status, body }: OwnAnswer): string => body ?? `<html><body><h1>${status}</h1></body></html>`

/** The same for an upgrade request. */
function rawAnswer(own: OwnAnswer): string {
  const headers = { 'content-type': 'text/html', ...own.headers, connection: 'close' }
  const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}`)
  return `${[`HTTP/1.1 ${own.status} Own`, ...lines].join('\r\n')}\r\n\r\n${pageOf(own)}`
}

const LOG_IN_PAGE = '<html><title>Sign in</title><form method="post"><input type="password" name="p"></form></html>'

/** The proxy's own answer, or null if it forwards the request. */
function ownAnswer(settings: ProxySettings, origin: string, request: IncomingMessage): OwnAnswer | null {
  const { url = '/', method, headers } = request
  const [path = '/', query] = url.split('?')
  const search = query === undefined ? '' : `?${query}`
  if (settings.redirects) {
    const to = settings.redirects === 'loop' ? origin : origin.replace(/^http:/, 'https:')
    return { status: 301, headers: { location: `${to}${url}` } }
  }
  const isOpen = settings.wallLeaves !== undefined && path.startsWith(settings.wallLeaves)
  if (settings.wall && !isOpen && !headers.cookie?.includes(WALL_COOKIE)) {
    return settings.wall === 'page'
      ? { status: 200, body: LOG_IN_PAGE }
      : { status: 302, headers: { location: `https://auth.example.org/login?rd=${encodeURIComponent(origin + url)}` } }
  }
  if (!isPassedOn(settings, path)) return { status: 404 }
  if (settings.ownsWellKnown && path.startsWith('/.well-known/')) return { status: 404 }
  if (settings.addsSlash?.includes(path)) return { status: 301, headers: { location: `${path}/${search}` } }
  if (settings.answersOptions && method === 'OPTIONS') return { status: 200, headers: { allow: 'GET, POST' } }
  if (settings.bodyLimit !== undefined && Number(headers['content-length'] ?? 0) > settings.bodyLimit) {
    return { status: 413, headers: { connection: 'close' } }
  }
  return null
}

/** Headers that belong to one connection and are not forwarded. */
const HOP_BY_HOP = ['connection', 'keep-alive', 'upgrade', 'te', 'trailer', 'proxy-connection']

const isNamed = (names: readonly string[], name: string): boolean =>
  names.some((one) => (one.endsWith('*') ? name.startsWith(one.slice(0, -1)) : name === one))

/** The headers that the server receives. */
function forwardedHeaders(
  settings: ProxySettings,
  target: URL,
  scheme: string,
  { headers, socket, url }: IncomingMessage,
): IncomingHttpHeaders {
  const { adds, host, dropsForwarded, forwardedProto, forwardedHost, stripsRequest = [] } = settings
  const forwarded = dropsForwarded
    ? {}
    : {
        'x-forwarded-for': socket.remoteAddress ?? '',
        'x-forwarded-proto': forwardedProto ?? scheme,
        'x-forwarded-host': forwardedHost ?? headers.host ?? '',
      }
  const added = adds && adds.at === url ? adds.headers : {}
  const result = { ...headers, ...forwarded, ...added, host: host === true ? target.host : (host ?? headers.host) }
  return Object.fromEntries(Object.entries(result).filter(([name]) => !isNamed(stripsRequest, name)))
}

const isBelow = (prefix: string, path: string): boolean => path === prefix || path.startsWith(`${prefix}/`)

function isPassedOn({ prefix, passesWellKnown }: ProxySettings, path: string): boolean {
  if (!prefix || isBelow(prefix, path)) return true
  const [, subpath = ''] = /^\/\.well-known\/[^/]+(\/.*)/.exec(path) ?? []
  return passesWellKnown === true && isBelow(prefix, subpath)
}

function pathAt({ prefix, keepsPrefix }: ProxySettings, url = '/'): string {
  const isTakenOff = prefix && !keepsPrefix && isBelow(prefix, url.split('?', 1)[0] as string)
  return isTakenOff ? url.slice(prefix.length) || '/' : url
}

function forward(
  settings: ProxySettings,
  target: URL,
  scheme: string,
  request: IncomingMessage,
  response: ServerResponse,
): void {
  const { stripsResponse = [], buffersStreams, ahead, timeoutMs } = settings
  const headers = forwardedHeaders(settings, target, scheme, request)
  for (const name of HOP_BY_HOP) delete headers[name]
  Object.assign(request, { headers, url: pathAt(settings, request.url) })
  const forwarder = createProxyServer({ target: target.origin, ...(timeoutMs && { proxyTimeout: timeoutMs }) })
  forwarder.on('proxyRes', ({ headers }) => {
    for (const name of Object.keys(headers)) if (isNamed([...HOP_BY_HOP, ...stripsResponse], name)) delete headers[name]
    if (ahead) headers.date = new Date(Date.now() + ahead).toUTCString()
    const buffers = buffersStreams && /^text\/event-stream/.test(String(headers['content-type']))
    if (buffers) response.cork()
    // Sends the head of a stream before its first event.
    else response.once('pipe', () => response.flushHeaders())
  })
  forwarder.on('error', (error) => {
    if (response.headersSent) response.destroy()
    else {
      const isLate = timeoutMs !== undefined && (error as NodeJS.ErrnoException).code === 'ECONNRESET'
      const title = isLate ? '504 Gateway Timeout' : '502 Bad Gateway'
      response.writeHead(isLate ? 504 : 502, { 'content-type': 'text/html' }).end(`<html><h1>${title}</h1></html>`)
    }
  })
  void forwarder.web(request, response)
}

function tunnel(
  settings: ProxySettings,
  target: URL,
  scheme: string,
  request: IncomingMessage,
  socket: Duplex,
  head: Buffer,
): void {
  const headers = forwardedHeaders(settings, target, scheme, request)
  Object.assign(request, { headers, url: pathAt(settings, request.url) })
  proxyUpgrade(target.origin, request, socket, head, { xfwd: false }).then(
    (server) => {
      if (settings.timeoutMs) server.setTimeout(settings.timeoutMs, () => server.destroy())
      server.on('close', () => socket.destroy())
      socket.on('close', () => server.destroy())
    },
    // The refusal was forwarded, or the connection ended without an answer.
    () => undefined,
  )
}
