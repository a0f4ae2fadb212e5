import { createServer, type IncomingHttpHeaders, type IncomingMessage, type ServerResponse } from 'node:http'
import { createServer as createSecureServer } from 'node:https'
import type { AddressInfo } from 'node:net'
import type { Duplex } from 'node:stream'
import { createProxyServer, proxyUpgrade } from 'httpxy'

/** What a reverse proxy does wrong; with none of it, it passes on everything as it should. */
export interface ProxySettings {
  /** Sends another `Host` than the one that was asked for: this one, or with `true` the address it forwards to. */
  readonly host?: string | true
  /** Adds headers of its own to requests for this path. */
  readonly adds?: { readonly at: string; readonly headers: Readonly<Record<string, string>> }
  /** Says nothing of where a request comes from. */
  readonly dropsForwarded?: boolean
  /** What `X-Forwarded-Proto` and `X-Forwarded-Host` say instead of the truth. */
  readonly forwardedProto?: string
  readonly forwardedHost?: string
  /** Headers that do not get in, and headers that do not get out: names, or the beginning of names with `*`. */
  readonly stripsRequest?: readonly string[]
  readonly stripsResponse?: readonly string[]
  /** Answers OPTIONS itself, and knows nothing of other origins. */
  readonly answersOptions?: boolean
  /** Makes an ordinary request of a wish to upgrade. */
  readonly noWebsocket?: boolean
  /** Keeps event streams until they are over. */
  readonly buffersStreams?: boolean
  /** Has the server below this path alone, which it takes off. */
  readonly prefix?: string
  /** Leaves the path where it is. */
  readonly keepsPrefix?: boolean
  /** Passes on as well what is about the server at the root of the host. */
  readonly passesWellKnown?: boolean
  /** Sends from these paths to the same with a slash at the end. */
  readonly addsSlash?: readonly string[]
  /** Answers below `/.well-known` itself, with a page that says that there is nothing. */
  readonly ownsWellKnown?: boolean
  /** Wants people to log in first: answers everything without its cookie with a page, or sends to one. */
  readonly wall?: 'page' | 'redirect'
  /** The beginning of paths that the wall leaves alone. */
  readonly wallLeaves?: string
  /** The most bytes a body may have. */
  readonly bodyLimit?: number
  /** After how long without a byte it gives up. */
  readonly timeoutMs?: number
  /** Sends everything to where it was asked already, or to https. */
  readonly redirects?: 'loop' | 'https'
  /** Forwards to another server. */
  readonly serves?: string
  /** How many milliseconds its clock is ahead. */
  readonly ahead?: number
}

export interface ReverseProxy {
  /** Without a slash at the end. */
  readonly url: string
  /** What it was asked, as `METHOD /path`. */
  readonly asked: string[]
  /** Changes what it forwards to: for a server that has to know the address of the proxy before it starts. */
  aim(target: string): void
  /** What it does wrong from now on, and nothing else. */
  use(settings: ProxySettings): void
  close(): Promise<void>
}

interface Options {
  /** With these it speaks https. */
  readonly key?: string
  readonly cert?: string
}

/** The cookie of whoever has got past the wall. */
export const WALL_COOKIE = 'wall=passed'

/** A reverse proxy in front of a running server, on a port of its own. */
export async function startProxy(
  target: string | null,
  settings: ProxySettings = {},
  options: Options = {},
): Promise<ReverseProxy> {
  let server: URL | null = target ? new URL(target) : null
  let now = settings
  const asked: string[] = []
  const scheme = options.cert ? 'https' : 'http'
  const shouldUpgradeCallback = () => !now.noWebsocket
  const aimed = () => {
    const aim = now.serves ? new URL(now.serves) : server
    if (!aim) throw new Error('The proxy was not told where to forward to')
    return aim
  }
  const answer = (request: IncomingMessage, response: ServerResponse) => {
    asked.push(`${request.method} ${request.url}`)
    const own = ownAnswer(now, `${scheme}://${request.headers.host}`, request)
    if (own) {
      response.writeHead(own.status, { 'content-type': 'text/html', ...own.headers })
      response.end(pageOf(own))
    } else forward(now, aimed(), scheme, request, response)
  }
  const listener = options.cert
    ? createSecureServer({ ...options, shouldUpgradeCallback } as never, answer)
    : createServer({ shouldUpgradeCallback } as never, answer)
  listener.on('upgrade', (request: IncomingMessage, socket: Duplex, head: Buffer) => {
    asked.push(`UPGRADE ${request.url}`)
    socket.on('error', () => socket.destroy())
    const own = ownAnswer(now, `${scheme}://${request.headers.host}`, request)
    if (own) socket.end(rawAnswer(own))
    else tunnel(now, aimed(), scheme, request, socket, head)
  })
  const sockets = new Set<Duplex>()
  listener.on(options.cert ? 'secureConnection' : 'connection', (socket: Duplex) => {
    sockets.add(socket)
    socket.once('close', () => sockets.delete(socket))
  })
  await new Promise<void>((resolve) => listener.listen(0, '127.0.0.1', resolve))
  return {
    url: `${scheme}://localhost:${(listener.address() as AddressInfo).port}`,
    asked,
    aim(target) {
      server = new URL(target)
    },
    use(settings) {
      now = settings
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

/** The same for a connection that wanted to be upgraded. */
function rawAnswer(own: OwnAnswer): string {
  const headers = { 'content-type': 'text/html', ...own.headers, connection: 'close' }
  const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}`)
  return `${[`HTTP/1.1 ${own.status} Own`, ...lines].join('\r\n')}\r\n\r\n${pageOf(own)}`
}

const LOG_IN_PAGE = '<html><title>Sign in</title><form method="post"><input type="password" name="p"></form></html>'

/** What the proxy answers by itself, or null where it forwards. */
function ownAnswer(settings: ProxySettings, origin: string, request: IncomingMessage): OwnAnswer | null {
  const { url = '/', method, headers } = request
  const [path = '/', query] = url.split('?')
  const search = query === undefined ? '' : `?${query}`
  if (settings.redirects) {
    const to = settings.redirects === 'loop' ? origin : origin.replace(/^http:/, 'https:')
    return { status: 301, headers: { location: `${to}${url}` } }
  }
  const left = settings.wallLeaves !== undefined && path.startsWith(settings.wallLeaves)
  if (settings.wall && !left && !headers.cookie?.includes(WALL_COOKIE)) {
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

/** What belongs to one connection, and is not passed on. */
const HOP_BY_HOP = ['connection', 'keep-alive', 'upgrade', 'te', 'trailer', 'proxy-connection']

const isNamed = (names: readonly string[], name: string): boolean =>
  names.some((one) => (one.endsWith('*') ? name.startsWith(one.slice(0, -1)) : name === one))

/** The headers as the server gets them. */
function forwardedHeaders(
  settings: ProxySettings,
  target: URL,
  scheme: string,
  { headers, socket, url }: IncomingMessage,
): IncomingHttpHeaders {
  const { adds, host, dropsForwarded, forwardedProto, forwardedHost, stripsRequest = [] } = settings
  const said = dropsForwarded
    ? {}
    : {
        'x-forwarded-for': socket.remoteAddress ?? '',
        'x-forwarded-proto': forwardedProto ?? scheme,
        'x-forwarded-host': forwardedHost ?? headers.host ?? '',
      }
  const added = adds && adds.at === url ? adds.headers : {}
  const all = { ...headers, ...said, ...added, host: host === true ? target.host : (host ?? headers.host) }
  return Object.fromEntries(Object.entries(all).filter(([name]) => !isNamed(stripsRequest, name)))
}

const isBelow = (prefix: string, path: string): boolean => path === prefix || path.startsWith(`${prefix}/`)

function isPassedOn({ prefix, passesWellKnown }: ProxySettings, path: string): boolean {
  if (!prefix || isBelow(prefix, path)) return true
  const [, about = ''] = /^\/\.well-known\/[^/]+(\/.*)/.exec(path) ?? []
  return passesWellKnown === true && isBelow(prefix, about)
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
    const holds = buffersStreams && /^text\/event-stream/.test(String(headers['content-type']))
    if (holds) response.cork()
    // The head of a stream does not wait for its first event.
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
    // A refusal was passed on; without any answer the connection was ended.
    () => undefined,
  )
}
