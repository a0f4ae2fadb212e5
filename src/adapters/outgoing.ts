import {
  BrokenCircuitError,
  type CircuitBreakerPolicy,
  ConsecutiveBreaker,
  circuitBreaker,
  handleWhen,
} from 'cockatiel'
import { Agent, type Dispatcher, request } from 'undici'
import packageJson from '../../package.json' with { type: 'json' }
import { TrekError } from '../core/declare/errors.ts'
import type { Message } from '../core/declare/message.ts'
import { Cache } from './cache.ts'
import { outgoing as messages, outage } from './messages.ts'
import { createSsrfGuard, mayCall, type Resolve, resolveName } from './ssrf-guard.ts'

/**
 * The only way out: every HTTP call of the server to others goes through an `Outgoing`. It has a time limit, a size
 * limit and a cache, and stops calling a host that keeps failing for a while. Failures throw `unavailable` (the other
 * side) or `invalid` (an address that may not be called), with a message for people.
 *
 *     const rates = await outgoing.json(`${url}/latest?base=EUR`, { trusted: true, cacheSeconds: 3600 })
 *
 * Make calls in `prepare`, never in a transaction.
 */
export interface Outgoing {
  /** The answer, parsed as JSON; null for one of the `absent` statuses. */
  json(url: string, call?: OutgoingCall): Promise<unknown>
  /** The same as text. */
  text(url: string, call?: OutgoingCall): Promise<string | null>
  /** The final address after redirects, without reading the body. */
  resolve(url: string, call?: OutgoingCall & { until?: (url: URL) => boolean }): Promise<string>
  /** For libraries that make their own calls: one GET of an address named by a stranger. Follows no redirects. */
  fetch(url: string | URL | Request, init?: RequestInit): Promise<Response>
}

export interface OutgoingCall {
  /**
   * Whether the operator (not a user) configured this address. Only then may it be on this machine or its network. A
   * redirect to another host loses the trust.
   */
  readonly trusted?: boolean
  /** The time limit, including redirects; default 8 seconds. */
  readonly timeoutMs?: number
  /** How long to cache an answer; default: not at all. Concurrent calls share one. */
  readonly cacheSeconds?: number
  /** The size limit of an answer; default 1 MB. */
  readonly maxBytes?: number
  /** Sent to this host only, not to redirect targets. */
  readonly headers?: Readonly<Record<string, string>>
  /** Sent as JSON by POST. */
  readonly body?: unknown
  /** Awaited before a real call, not before a cached answer. */
  readonly before?: () => Promise<void>
  /** Statuses that mean "no such thing", such as 404. The answer is then null. */
  readonly absent?: readonly number[]
}

export interface OutgoingOptions {
  /** Whether users may name addresses on the operator's own network. */
  readonly allowInternalNetwork: boolean
  /** How the other side can contact the operator; part of the User-Agent. */
  readonly contact?: string | null
  /** Headers sent to addresses that the operator configured, to link their traces. */
  readonly traceHeaders?: () => Readonly<Record<string, string>>
  /** How long to wait before trying a failing host again. */
  readonly breakMs?: number
  /** The default time limit of a call; 8 seconds if absent. */
  readonly timeoutMs?: number
  /** For tests: replaces the system's name lookup and the address rules. */
  readonly resolve?: Resolve
  readonly mayCall?: (address: string) => boolean
}

const MAX_HOPS = 5
const FAILURES_TO_BREAK = 5
const MAX_HOSTS = 200
/** The size limit of a client metadata document. */
const MOST_FETCHED = 64 * 1024
const CACHE_BYTES = 8 * 1024 * 1024
const REDIRECTS = new Set([301, 302, 303, 307, 308])

const MOST_HEADERS = 64 * 1024

type ResponseData = Dispatcher.ResponseData

/** The addresses that a caller may reach. */
interface Reach {
  /** Throws if the address is out of reach. */
  check(url: URL): void
  readonly agent: Agent
}

export function createOutgoing(options: OutgoingOptions): Outgoing {
  function reachOf(allowInternal: boolean): Reach {
    const { resolve = resolveName, mayCall: may = mayCall } = options
    const { check, lookup } = createSsrfGuard({ allowInternal, resolve, mayCall: may })
    return { check, agent: new Agent({ maxHeaderSize: MOST_HEADERS, connect: { lookup } }) }
  }
  const operator: Reach = { check: () => undefined, agent: new Agent({ maxHeaderSize: MOST_HEADERS }) }
  const users = reachOf(options.allowInternalNetwork)
  // Strangers who have not logged in must not probe the operator's network, even if users may.
  const strangers = reachOf(false)
  const userAgent = `TREK/${packageJson.version}${options.contact ? ` (${options.contact})` : ''}`
  const patience = options.timeoutMs ?? 8000
  const cache = new Cache(CACHE_BYTES)
  const breakers = new Map<string, CircuitBreakerPolicy>()

  function breakerOf(host: string): CircuitBreakerPolicy {
    const known = breakers.get(host)
    const breaker =
      known ??
      circuitBreaker(
        handleWhen((error) => error instanceof Outage),
        { halfOpenAfter: options.breakMs ?? 30_000, breaker: new ConsecutiveBreaker(FAILURES_TO_BREAK) },
      )
    breakers.delete(host)
    breakers.set(host, breaker)
    const oldest = breakers.size > MAX_HOSTS && breakers.keys().next().value
    if (oldest) breakers.delete(oldest)
    return breaker
  }

  /** One request to one host. */
  async function send(
    url: URL,
    call: OutgoingCall,
    { check, agent }: Reach,
    own: boolean,
    signal: AbortSignal,
  ): Promise<ResponseData> {
    check(url)
    const posts = own && call.body !== undefined
    const answer = await request(url, {
      dispatcher: agent,
      method: posts ? 'POST' : 'GET',
      headers: {
        'user-agent': userAgent,
        ...(posts && { 'content-type': 'application/json' }),
        ...(own && call.trusted && options.traceHeaders?.()),
        ...(own && call.headers),
      },
      body: posts ? JSON.stringify(call.body) : null,
      signal,
    })
    // The reader of the body gets its errors. A discarded body must not crash the process.
    answer.body.on('error', () => undefined)
    return answer
  }

  /** Follows redirects to the end and reads the answer within the time limit. */
  async function follow<T>(
    address: string,
    call: OutgoingCall,
    until: ((url: URL) => boolean) | undefined,
    read: (answer: ResponseData | null, url: URL) => Promise<T>,
  ): Promise<T> {
    const first = parsed(address)
    const signal = AbortSignal.timeout(call.timeoutMs ?? patience)
    let url = first
    for (let hop = 0; hop <= MAX_HOPS; hop++) {
      if (until?.(url)) return read(null, url)
      const at = url
      const next = await breakerOf(at.host).execute(() =>
        translating(at, async () => {
          const own = at.origin === first.origin
          const answer = await send(at, call, own && call.trusted ? operator : users, own, signal)
          const location = REDIRECTS.has(answer.statusCode) && answer.headers.location
          if (!location) return { done: await read(judged(answer, at, call), at) }
          answer.body.destroy()
          return { location: String(location) }
        }),
      )
      if ('done' in next) return next.done
      url = parsed(next.location, url)
    }
    throw messages.endlessRedirects({ host: first.host })
  }

  const load = (url: string, call: OutgoingCall): Promise<string | null> =>
    plainly(url, async () => {
      await call.before?.()
      return follow(url, call, undefined, async (answer, at) =>
        answer ? bodyOf(answer, call.maxBytes ?? 1024 * 1024, at) : null,
      )
    })

  const text = (url: string, call: OutgoingCall = {}): Promise<string | null> =>
    call.cacheSeconds
      ? cache.get(JSON.stringify([url, call.headers, call.body]), call.cacheSeconds, () => load(url, call))
      : load(url, call)

  return {
    text,

    async json(url, call) {
      const body = await text(url, call)
      if (body === null) return null
      try {
        return JSON.parse(body)
      } catch {
        throw messages.unreadable({ host: parsed(url).host })
      }
    },

    async fetch(input, init) {
      const url = parsed(input instanceof Request ? input.url : String(input))
      const headers = Object.fromEntries(new Headers(init?.headers))
      // The caller can shorten the time limit but not extend it.
      const signals = [init?.signal, AbortSignal.timeout(patience)].filter((signal) => signal != null)
      return plainly(url.href, () =>
        // A separate breaker: strangers must not be able to block a host that users need.
        breakerOf(`stranger ${url.host}`).execute(() =>
          translating(url, async () => {
            const answer = await send(url, { headers }, strangers, true, AbortSignal.any(signals))
            const body = await bodyOf(answer, MOST_FETCHED, url)
            return new Response(body, { status: answer.statusCode, headers: asHeaders(answer) })
          }),
        ),
      )
    },

    resolve: (url, call = {}) =>
      plainly(url, () =>
        follow(url, call, call.until, async (answer, at) => {
          answer?.body.destroy()
          return at.href
        }),
      ),
  }
}

/** A failure of the host, not of one request. */
class Outage extends TrekError {
  constructor(message: Message) {
    super('unavailable', message)
  }
}

function parsed(address: string, from?: URL): URL {
  const url = URL.parse(address, from?.href)
  if (url) return url
  throw from ? messages.wrongRedirect({ host: from.host }) : messages.noAddress()
}

/** The answer of a successful status; null for an `absent` one. */
function judged(answer: ResponseData, { host }: URL, { absent = [] }: OutgoingCall): ResponseData | null {
  const { statusCode: status } = answer
  if (status >= 200 && status < 300) return answer
  answer.body.destroy()
  if (absent.includes(status)) return null
  if (status === 429) throw new Outage(outage.tooManyRequests({ host }))
  throw status >= 500 ? new Outage(outage.failed({ host, status })) : messages.refused({ host, status })
}

function asHeaders({ headers }: ResponseData): Headers {
  const known = new Headers()
  for (const [name, value] of Object.entries(headers)) if (value !== undefined) known.set(name, String(value))
  return known
}

async function bodyOf(answer: ResponseData, maxBytes: number, { host }: URL): Promise<string> {
  const chunks: Buffer[] = []
  let size = 0
  for await (const chunk of answer.body) {
    size += (chunk as Buffer).length
    if (size > maxBytes) throw messages.tooLarge({ host, kilobytes: Math.ceil(maxBytes / 1024) })
    chunks.push(chunk as Buffer)
  }
  return Buffer.concat(chunks).toString('utf8')
}

/** Turns network errors into an outage of the host. */
async function translating<T>({ host }: URL, call: () => Promise<T>): Promise<T> {
  try {
    return await call()
  } catch (error) {
    const refused = causeOf(error)
    if (refused) throw refused
    const late = (error as Error).name === 'TimeoutError' || (error as Error).name === 'AbortError'
    throw new Outage(late ? outage.late({ host }) : outage.unreachable({ host }))
  }
}

/** The guard's refusal that ended a connection, or one of our own errors. */
function causeOf(error: unknown): TrekError | null {
  if (error instanceof TrekError) return error
  const { cause, errors } = error as { cause?: unknown; errors?: unknown[] }
  const inner = cause ?? errors?.[0]
  return inner ? causeOf(inner) : null
}

/** Gives the error of an open circuit breaker a plain message. */
async function plainly<T>(url: string, call: () => Promise<T>): Promise<T> {
  try {
    return await call()
  } catch (error) {
    if (!(error instanceof BrokenCircuitError)) throw error
    throw messages.leftAlone({ host: parsed(url).host }, { retryAfter: 30 })
  }
}
