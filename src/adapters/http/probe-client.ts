import { type LookupAddress, lookup } from 'node:dns'
import { Agent, type IncomingHttpHeaders, type IncomingMessage, request as plainRequest } from 'node:http'
import { Agent as SecureAgent, type RequestOptions as SecureRequestOptions, request as secureRequest } from 'node:https'
import type { LookupFunction, Socket } from 'node:net'
import type { TLSSocket } from 'node:tls'

/** A request to send. */
export interface ProbeRequest {
  readonly method?: string
  readonly headers?: Readonly<Record<string, string>>
  readonly body?: string
  /** The declared length of a body that is not sent. */
  readonly declares?: number
  readonly signal: AbortSignal
}

/** The raw answer: redirects are not followed, and no status is an error. */
export interface ProbeResponse {
  /** 101 after an upgrade; the connection is then already closed. */
  readonly status: number
  readonly headers: IncomingHttpHeaders
  /** The unread body; destroy it if it is not needed. */
  readonly body: IncomingMessage
  /** The local port of the request. */
  readonly port: number | null
  /** When the certificate expires; null without one. */
  readonly certificateEnds: Date | null
}

/**
 * Calls the public address of this server as anyone outside would. The operator chose the address, so any is allowed.
 * Nothing is cached, retried or hidden, because the failures are the result.
 */
export interface ProbeClient {
  /** Returns the answer or throws the network error. */
  visit(url: URL, visit: ProbeRequest): Promise<ProbeResponse>
  /** Every address of a name. */
  resolve(hostname: string): Promise<string[]>
  /** Closes the connections. */
  close(): void
}

interface Options {
  /** Additional trusted certificate authorities. */
  readonly ca?: string
  /** Replaces the system's lookup for connections. */
  readonly lookup?: LookupFunction
  readonly resolve?: (hostname: string) => Promise<string[]>
}

export function createProbeClient({ ca, lookup: ownLookup, resolve = addressesOf }: Options = {}): ProbeClient {
  const options = { ...(ownLookup && { lookup: ownLookup }), ...(ca && { ca }) }
  const plain = new Agent({ keepAlive: true, ...options })
  const secure = new SecureAgent({ keepAlive: true, ...options })
  return {
    visit(url, visit) {
      // A connection cannot be reused after an upgrade or an unfinished request.
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
  { method = 'GET', headers, body, declares, signal }: ProbeRequest,
  options: SecureRequestOptions,
): Promise<ProbeResponse> {
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
    // The certificate is available only while the connection is open.
    let certificateEnds: Date | null = null
    outgoing.once('socket', (socket) => {
      const look = () => {
        certificateEnds = certificateEndOf(socket)
      }
      if (socket.connecting) socket.once('secureConnect', look)
      else look()
    })
    const resolveWith = (answer: IncomingMessage, status: number) => {
      answer.on('error', () => undefined)
      const port = outgoing.socket?.localPort ?? null
      resolve({ status, headers: answer.headers, body: answer, port, certificateEnds })
    }
    outgoing.once('response', (answer) => {
      resolveWith(answer, answer.statusCode ?? 0)
      if (declares !== undefined) outgoing.destroy()
    })
    outgoing.once('upgrade', (answer, socket) => {
      resolveWith(answer, 101)
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
    lookup(hostname, { all: true }, (error, addresses: LookupAddress[]) =>
      error ? reject(error) : resolve(addresses.map(({ address }) => address)),
    )
  })
