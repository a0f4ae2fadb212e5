import type { Caller } from '../../core/data/space.ts'
import type { Authenticator, Identity } from '../../core/run/authentication.ts'
import type { Delivery } from '../../core/run/lost.ts'
import type { Pipeline } from '../../core/run/pipeline.ts'
import type { SettingsView } from '../../core/run/settings.ts'
import type { Named } from '../http/unexpected.ts'
import type { Fixtures } from './fixtures.ts'
import type { UnreadBounds } from './outflow.ts'

export interface Limits {
  /** For each pair of a user and a client; what OAuth does not know is one client. */
  readonly requestsPerMinute: number
  /** So many of a user's sessions live; when one more comes, the coldest sleeps. */
  readonly sessionsPerUser: number
  /** How long a session lives without being used, in seconds; then it sleeps. */
  readonly sessionSeconds: number
  /** How often an open stream says that it is still there, in seconds; 0 says nothing. */
  readonly keepAliveSeconds: number
  /** An answer that spans spaces is compared at most so often, in milliseconds, however much changes. */
  readonly compareMs?: number
  /** Streams that this process holds open at most, whoever they are of. */
  readonly streams?: number
  /** What may wait for those who do not read. */
  readonly unread?: Partial<UnreadBounds>
}

/** What the endpoint is built from. */
export interface McpParts {
  readonly pipeline: Pipeline
  readonly authenticator: Authenticator
  /** Where the world finds this server, for whoever came to this host; without a slash at the end. */
  publicUrl(host: string): string
  readonly version: string
  readonly limits: Limits
  /** What exists in no catalogue: the tools that the protocol's conformance suite calls. */
  readonly fixtures?: Fixtures | undefined
}

/** An authenticated request, with the settings of that moment. */
export interface AuthenticatedRequest {
  readonly identity: Identity
  readonly settings: SettingsView
}

/** Before 2026 there are sessions, opened by `initialize`; from 2026-07-28 on each request stands for itself. */
export type Era = 'sessions' | 'stateless'

/** One request on its way through the endpoint, with all that an answer can depend on. */
export interface McpRequest extends AuthenticatedRequest {
  readonly parts: McpParts
  readonly era: Era
  readonly caller: Caller
  /** The HTTP request that it came with. */
  readonly request: Named
  /** How the answer fares on its way. */
  readonly delivery: Delivery
}
