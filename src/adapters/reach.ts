import { Agent, type Dispatcher, request } from 'undici'
import { createSsrfGuard, mayCall, type Resolve, resolveName } from './ssrf-guard.ts'

const MOST_HEADERS = 64 * 1024

/** The addresses that a caller may reach. */
export interface Reach {
  /** Throws if the address is out of reach. */
  check(url: URL): void
  readonly agent: Agent
}

export interface ReachOptions {
  /** Whether users may name addresses on the operator's own network. */
  readonly allowInternalNetwork: boolean
  /** For tests: replaces the system's name lookup and the address rules. */
  readonly resolve?: Resolve
  readonly mayCall?: (address: string) => boolean
}

/** The reach of addresses that the operator configured, and of those that users or strangers name. */
export function reachesOf(options: ReachOptions): Record<'operator' | 'users' | 'strangers', Reach> {
  function guarded(allowInternal: boolean): Reach {
    const { resolve = resolveName, mayCall: may = mayCall } = options
    const { check, lookup } = createSsrfGuard({ allowInternal, resolve, mayCall: may })
    return { check, agent: new Agent({ maxHeaderSize: MOST_HEADERS, connect: { lookup } }) }
  }
  return {
    operator: { check: () => undefined, agent: new Agent({ maxHeaderSize: MOST_HEADERS }) },
    users: guarded(options.allowInternalNetwork),
    // Strangers who have not logged in must not probe the operator's network, even if users may.
    strangers: guarded(false),
  }
}

interface OneRequest {
  readonly reach: Reach
  readonly headers: Readonly<Record<string, string>>
  /** Sent as JSON by POST; undefined for a GET. */
  readonly body?: unknown
  readonly signal: AbortSignal
}

/** One request to one host, without following redirects. */
export async function send(
  url: URL,
  { reach: { check, agent }, headers, body, signal }: OneRequest,
): Promise<Dispatcher.ResponseData> {
  check(url)
  const answer = await request(url, {
    dispatcher: agent,
    method: body === undefined ? 'GET' : 'POST',
    headers,
    body: body === undefined ? null : JSON.stringify(body),
    signal,
  })
  // The reader of the body gets its errors. A discarded body must not crash the process.
  answer.body.on('error', () => undefined)
  return answer
}
