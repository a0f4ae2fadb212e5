import {
  createServer,
  type IncomingHttpHeaders,
  type IncomingMessage,
  request as plainRequest,
  type ServerResponse,
} from 'node:http'
import { createServer as createSecureServer } from 'node:https'
import type { AddressInfo } from 'node:net'
import type { Duplex } from 'node:stream'

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
  const headers = forwardedHeaders(settings, target, scheme, request)
  for (const name of HOP_BY_HOP) delete headers[name]
  const { method } = request
  const onward = plainRequest(new URL(pathAt(settings, request.url), target), { method, headers })
  const giveUp = () => {
    if (response.headersSent) response.destroy()
    else response.writeHead(504, { 'content-type': 'text/html' }).end('<html><h1>504 Gateway Timeout</h1></html>')
    onward.destroy()
  }
  let clock: NodeJS.Timeout | undefined
  const alive = () => {
    clearTimeout(clock)
    if (settings.timeoutMs) clock = setTimeout(giveUp, settings.timeoutMs)
  }
  alive()
  onward.on('response', (answer) => {
    alive()
    const { stripsResponse = [], buffersStreams, ahead } = settings
    const kept = Object.entries(answer.headers).filter(
      ([name]) => !HOP_BY_HOP.includes(name) && !isNamed(stripsResponse, name),
    )
    const head = {
      ...Object.fromEntries(kept),
      ...(ahead && { date: new Date(Date.now() + ahead).toUTCString() }),
    }
    const held: Buffer[] = []
    const holds = buffersStreams && /^text\/event-stream/.test(String(answer.headers['content-type']))
    if (!holds) {
      response.writeHead(answer.statusCode ?? 502, head)
      response.flushHeaders()
    }
    answer.on('data', (chunk: Buffer) => {
      alive()
      if (holds) held.push(chunk)
      else response.write(chunk)
    })
    answer.on('end', () => {
      clearTimeout(clock)
      if (holds) response.writeHead(answer.statusCode ?? 502, head)
      response.end(Buffer.concat(held))
    })
    answer.on('error', () => response.destroy())
  })
  onward.on('error', () => {
    clearTimeout(clock)
    if (response.headersSent) response.destroy()
    else response.writeHead(502, { 'content-type': 'text/html' }).end('<html><h1>502 Bad Gateway</h1></html>')
  })
  response.on('close', () => {
    clearTimeout(clock)
    onward.destroy()
  })
  request.pipe(onward)
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
  // Of its own: the server ends it when it has refused.
  const onward = plainRequest(new URL(pathAt(settings, request.url), target), { headers, agent: false })
  const lines = ({ rawHeaders }: IncomingMessage) =>
    rawHeaders.flatMap((name, index) => (index % 2 ? [] : [`${name}: ${rawHeaders[index + 1]}`]))
  onward.on('upgrade', (answer, server, first) => {
    socket.write(`${['HTTP/1.1 101 Switching Protocols', ...lines(answer)].join('\r\n')}\r\n\r\n`)
    if (first.length) socket.write(first)
    if (head.length) server.write(head)
    server.on('error', () => socket.destroy())
    server.on('close', () => socket.destroy())
    socket.on('close', () => server.destroy())
    if (settings.timeoutMs) server.setTimeout(settings.timeoutMs, () => server.destroy())
    server.pipe(socket).pipe(server)
  })
  onward.on('response', (answer) => {
    const kept = lines(answer).filter((line) => !/^(connection|transfer-encoding|content-length):/i.test(line))
    const start = `HTTP/1.1 ${answer.statusCode} ${answer.statusMessage}`
    socket.write(`${[start, ...kept, 'connection: close'].join('\r\n')}\r\n\r\n`)
    answer.pipe(socket)
  })
  onward.on('error', () => socket.destroy())
  onward.end()
}
