import { Agent, type Dispatcher, request } from 'undici'
import { createSsrfGuard, mayCall, type Resolve, resolveName } from './ssrf-guard.ts'

const MOST_HEADERS = 64 * 1024

/** Sends requests to the addresses that a caller may reach. */
export interface GuardedAgent {
  /** Throws if the address may not be called. */
  check(url: URL): void
  readonly dispatcher: Agent
}

export interface GuardOptions {
  /** Whether users may name addresses on the operator's own network. */
  readonly allowInternalNetwork: boolean
  /** For tests: replaces the system's name lookup and the address rules. */
  readonly resolve?: Resolve
  readonly mayCall?: (address: string) => boolean
}

/** The agents for addresses that the operator configured, and for those that users or strangers name. */
export function guardedAgents(options: GuardOptions): Record<'operator' | 'users' | 'strangers', GuardedAgent> {
  function guarded(allowInternal: boolean): GuardedAgent {
    const { resolve = resolveName, mayCall: may = mayCall } = options
    const { check, lookup } = createSsrfGuard({ allowInternal, resolve, mayCall: may })
    return { check, dispatcher: new Agent({ maxHeaderSize: MOST_HEADERS, connect: { lookup } }) }
  }
  return {
    operator: { check: () => undefined, dispatcher: new Agent({ maxHeaderSize: MOST_HEADERS }) },
    users: guarded(options.allowInternalNetwork),
    // Strangers who have not logged in must not probe the operator's network, even if users may.
    strangers: guarded(false),
  }
}

interface OneRequest {
  readonly agent: GuardedAgent
  readonly headers: Readonly<Record<string, string>>
  /** Sent as JSON by POST; undefined for a GET. */
  readonly body?: unknown
  readonly signal: AbortSignal
}

/** One request to one host, without following redirects. */
export async function send(
  url: URL,
  { agent: { check, dispatcher }, headers, body, signal }: OneRequest,
): Promise<Dispatcher.ResponseData> {
  check(url)
  const answer = await request(url, {
    dispatcher,
    method: body === undefined ? 'GET' : 'POST',
    headers,
    body: body === undefined ? null : JSON.stringify(body),
    signal,
  })
  // The reader of the body gets its errors. A discarded body must not crash the process.
  answer.body.on('error', () => undefined)
  return answer
}
