import { type LookupAddress, lookup } from 'node:dns'
import { Agent, type IncomingHttpHeaders, type IncomingMessage, request as plainRequest } from 'node:http'
import { Agent as SecureAgent, type RequestOptions as SecureRequestOptions, request as secureRequest } from 'node:https'
import type { LookupFunction, Socket } from 'node:net'
import type { TLSSocket } from 'node:tls'

/** One request as it is sent. */
export interface Visit {
  readonly method?: string
  readonly headers?: Readonly<Record<string, string>>
  readonly body?: string
  /** Says how long the body is, and then sends none of it. */
  readonly declares?: number
  readonly signal: AbortSignal
}

/** What came back, as it came: no redirect is followed, and no status is an error. */
export interface Visited {
  /** 101 where the connection was upgraded; it is closed by then. */
  readonly status: number
  readonly headers: IncomingHttpHeaders
  /** The body, still to be read; whoever does not want it destroys it. */
  readonly body: IncomingMessage
  /** The port that it was asked from. */
  readonly port: number | null
  /** When the certificate ends; null without one. */
  readonly certificateEnds: Date | null
}

/**
 * The way to the public address of this very server, as anybody goes it from outside. The operator chose the address, so it may be
 * anywhere; nothing is remembered, retried or hidden, since what goes wrong on the way is what is looked for.
 */
export interface Visits {
  /** What comes back, or what the network threw. */
  visit(url: URL, visit: Visit): Promise<Visited>
  /** Every address of a name. */
  resolve(hostname: string): Promise<string[]>
  /** Gives the connections back. */
  close(): void
}

interface Options {
  /** Further authorities whose certificates are good. */
  readonly ca?: string
  /** Instead of the system's, to find the address for a connection. */
  readonly lookup?: LookupFunction
  readonly resolve?: (hostname: string) => Promise<string[]>
}

export function createVisits({ ca, lookup: ownLookup, resolve = addressesOf }: Options = {}): Visits {
  const options = { ...(ownLookup && { lookup: ownLookup }), ...(ca && { ca }) }
  const plain = new Agent({ keepAlive: true, ...options })
  const secure = new SecureAgent({ keepAlive: true, ...options })
  return {
    visit(url, visit) {
      // A connection that was to be upgraded, or that is left in the middle of a request, is of no use afterwards.
      const once = visit.declares !== undefined || visit.headers?.upgrade !== undefined
      const agent = once ? false : url.protocol === 'https:' ? secure : plain
      return send(url, visit, { ...options, agent })
    },
    resolve,
    close() {
      plain.destroy()
      secure.destroy()
    },
  }
}

function send(
  url: URL,
  { method = 'GET', headers, body, declares, signal }: Visit,
  options: SecureRequestOptions,
): Promise<Visited> {
  return new Promise((resolve, reject) => {
    const start = url.protocol === 'https:' ? secureRequest : plainRequest
    const upgrades = headers?.upgrade !== undefined
    const outgoing = start(url, {
      ...options,
      method,
      signal,
      headers: {
        ...headers,
        ...(body !== undefined && { 'content-length': Buffer.byteLength(body) }),
        ...(declares !== undefined && { 'content-length': declares }),
        ...(upgrades && { connection: 'Upgrade' }),
      },
    })
    // The certificate is only to be had as long as the connection is open.
    let certificateEnds: Date | null = null
    outgoing.once('socket', (socket) => {
      const look = () => {
        certificateEnds = certificateEndOf(socket)
      }
      if (socket.connecting) socket.once('secureConnect', look)
      else look()
    })
    const told = (answer: IncomingMessage, status: number) => {
      answer.on('error', () => undefined)
      const port = outgoing.socket?.localPort ?? null
      resolve({ status, headers: answer.headers, body: answer, port, certificateEnds })
    }
    outgoing.once('response', (answer) => {
      told(answer, answer.statusCode ?? 0)
      if (declares !== undefined) outgoing.destroy()
    })
    outgoing.once('upgrade', (answer, socket) => {
      told(answer, 101)
      socket.destroy()
    })
    outgoing.on('error', reject)
    if (declares === undefined) outgoing.end(body)
    else outgoing.flushHeaders()
  })
}

function certificateEndOf(socket: Socket): Date | null {
  const ends = 'getPeerCertificate' in socket && (socket as TLSSocket).getPeerCertificate().valid_to
  return ends ? new Date(ends) : null
}

const addressesOf = (hostname: string): Promise<string[]> =>
  new Promise((resolve, reject) => {
    lookup(hostname, { all: true }, (error, found: LookupAddress[]) =>
      error ? reject(error) : resolve(found.map(({ address }) => address)),
    )
  })
