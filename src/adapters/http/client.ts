import type { Dispatcher } from 'undici'
import packageJson from '../../../package.json' with { type: 'json' }
import { outgoing as messages } from '../messages.ts'
import { Breakers, withPlainError } from './breakers.ts'
import { Cache } from './cache.ts'
import { type GuardedAgent, type GuardOptions, guardedAgents, send } from './guarded-agents.ts'
import { asHeaders, bodyOf, judged, translating } from './responses.ts'

/**
 * The only way out: every HTTP call of the server to others goes through an `HttpClient`. It has a time limit, a size
 * limit and a cache, and stops calling a host that keeps failing for a while. Failures throw `unavailable` (the other
 * side) or `invalid` (an address that may not be called), with a message for people.
 *
 *     const rates = await http.json(`${url}/latest?base=EUR`, { trusted: true, cacheSeconds: 3600 })
 *
 * Make calls in `prepare`, never in a transaction.
 */
export interface HttpClient {
  /** The answer, parsed as JSON; null for one of the `absent` statuses. */
  json(url: string, call?: HttpCall): Promise<unknown>
  /** The same as text. */
  text(url: string, call?: HttpCall): Promise<string | null>
  /** The final address after redirects, without reading the body. */
  resolve(url: string, call?: HttpCall & { until?: (url: URL) => boolean }): Promise<string>
  /** For libraries that make their own calls: one GET of an address named by a stranger. Follows no redirects. */
  fetch(url: string | URL | Request, init?: RequestInit): Promise<Response>
}

export interface HttpCall {
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

export interface HttpClientOptions extends GuardOptions {
  /** How the other side can contact the operator; part of the User-Agent. */
  readonly contact?: string | null
  /** Headers sent to addresses that the operator configured, to link their traces. */
  readonly traceHeaders?: () => Readonly<Record<string, string>>
  /** How long to wait before trying a failing host again. */
  readonly breakMs?: number
  /** The default time limit of a call; 8 seconds if absent. */
  readonly timeoutMs?: number
}

const MAX_HOPS = 5
/** The size limit of a client metadata document. */
const MOST_FETCHED = 64 * 1024
const CACHE_BYTES = 8 * 1024 * 1024
const REDIRECTS = new Set([301, 302, 303, 307, 308])

type ResponseData = Dispatcher.ResponseData

interface Reading<T> {
  /** Ends at the first address for which it is true, without calling it. */
  readonly until?: ((url: URL) => boolean) | undefined
  /** Reads the last answer; null for an `absent` status, or if `until` ended it. */
  read(answer: ResponseData | null, url: URL): Promise<T>
}

export const createHttpClient = (options: HttpClientOptions): HttpClient => new UndiciClient(options)

class UndiciClient implements HttpClient {
  readonly #agents: Record<'operator' | 'users' | 'strangers', GuardedAgent>
  readonly #breakers: Breakers
  readonly #cache = new Cache(CACHE_BYTES)
  readonly #timeoutMs: number
  readonly #userAgent: string
  readonly #traceHeaders: HttpClientOptions['traceHeaders']

  constructor(options: HttpClientOptions) {
    this.#agents = guardedAgents(options)
    this.#breakers = new Breakers(options.breakMs ?? 30_000)
    this.#timeoutMs = options.timeoutMs ?? 8000
    this.#userAgent = `TREK/${packageJson.version}${options.contact ? ` (${options.contact})` : ''}`
    this.#traceHeaders = options.traceHeaders
  }

  async json(url: string, call?: HttpCall): Promise<unknown> {
    const body = await this.text(url, call)
    if (body === null) return null
    try {
      return JSON.parse(body)
    } catch {
      throw messages.unreadable({ host: parsed(url).host })
    }
  }

  async text(url: string, call: HttpCall = {}): Promise<string | null> {
    if (!call.cacheSeconds) return this.#load(url, call)
    const key = JSON.stringify([url, call.headers, call.body])
    return this.#cache.get(key, call.cacheSeconds, () => this.#load(url, call))
  }

  async resolve(url: string, call: HttpCall & { until?: (url: URL) => boolean } = {}): Promise<string> {
    return withPlainError(url, () =>
      this.#follow(url, call, {
        until: call.until,
        async read(answer, at) {
          answer?.body.destroy()
          return at.href
        },
      }),
    )
  }

  async fetch(input: string | URL | Request, init?: RequestInit): Promise<Response> {
    const url = parsed(input instanceof Request ? input.url : String(input))
    const headers = { 'user-agent': this.#userAgent, ...Object.fromEntries(new Headers(init?.headers)) }
    // The caller can shorten the time limit but not extend it.
    const signals = [init?.signal, AbortSignal.timeout(this.#timeoutMs)].filter((signal) => signal != null)
    const signal = AbortSignal.any(signals)
    return withPlainError(url.href, () =>
      // A separate breaker: strangers must not be able to block a host that users need.
      this.#breakers.of(`stranger ${url.host}`).execute(() =>
        translating(url, async () => {
          const answer = await send(url, { agent: this.#agents.strangers, headers, signal })
          const body = await bodyOf(answer, MOST_FETCHED, url)
          return new Response(body, { status: answer.statusCode, headers: asHeaders(answer) })
        }),
      ),
    )
  }

  #load(url: string, call: HttpCall): Promise<string | null> {
    return withPlainError(url, async () => {
      await call.before?.()
      return this.#follow(url, call, {
        read: async (answer, at) => (answer ? bodyOf(answer, call.maxBytes ?? 1024 * 1024, at) : null),
      })
    })
  }

  /** Follows redirects to the end and reads the answer within the time limit. */
  async #follow<T>(address: string, call: HttpCall, { until, read }: Reading<T>): Promise<T> {
    const first = parsed(address)
    const signal = AbortSignal.timeout(call.timeoutMs ?? this.#timeoutMs)
    let url = first
    for (let hop = 0; hop <= MAX_HOPS; hop++) {
      if (until?.(url)) return read(null, url)
      const at = url
      const next = await this.#breakers.of(at.host).execute(() =>
        translating(at, async () => {
          const answer = await this.#send(at, call, at.origin === first.origin, signal)
          const location = REDIRECTS.has(answer.statusCode) && answer.headers.location
          if (!location) return { done: await read(judged(answer, at, call.absent), at) }
          answer.body.destroy()
          return { location: String(location) }
        }),
      )
      if ('done' in next) return next.done
      url = parsed(next.location, url)
    }
    throw messages.endlessRedirects({ host: first.host })
  }

  /** Only the named host gets the headers and the body of a call; the target of a redirect does not. */
  #send(url: URL, call: HttpCall, isNamedHost: boolean, signal: AbortSignal): Promise<ResponseData> {
    const body = isNamedHost ? call.body : undefined
    const isTrusted = isNamedHost && call.trusted
    return send(url, {
      agent: isTrusted ? this.#agents.operator : this.#agents.users,
      headers: {
        'user-agent': this.#userAgent,
        ...(body !== undefined && { 'content-type': 'application/json' }),
        ...(isTrusted && this.#traceHeaders?.()),
        ...(isNamedHost && call.headers),
      },
      body,
      signal,
    })
  }
}

function parsed(address: string, from?: URL): URL {
  const url = URL.parse(address, from?.href)
  if (url) return url
  throw from ? messages.wrongRedirect({ host: from.host }) : messages.noAddress()
}
