import type { Caller } from '../../core/data/space.ts'
import type { Authenticator, Identity } from '../../core/run/authentication.ts'
import type { Delivery } from '../../core/run/lost.ts'
import type { Pipeline } from '../../core/run/pipeline.ts'
import type { SettingsView } from '../../core/run/settings.ts'
import type { Named } from '../http/unexpected.ts'
import type { Fixtures } from './fixtures.ts'
import type { UnreadBounds } from './outflow.ts'

export interface McpLimits {
  /** For each pair of a user and a client; all clients unknown to OAuth count as one. */
  readonly requestsPerMinute: number
  /** The most active sessions of a user; when another one opens, the least recently used sleeps. */
  readonly sessionsPerUser: number
  /** The number of seconds after which an unused session sleeps. */
  readonly sessionSeconds: number
  /** The keep-alive interval of an open stream, in seconds; 0 sends none. */
  readonly keepAliveSeconds: number
  /** The shortest interval between two comparisons of an answer that spans spaces, in milliseconds. */
  readonly compareMs?: number
  /** The most open streams of this process, of all users together. */
  readonly streams?: number
  /** The most data that waits for slow clients. */
  readonly unread?: Partial<UnreadBounds>
}

/** The parts of the endpoint. */
export interface McpParts {
  readonly pipeline: Pipeline
  readonly authenticator: Authenticator
  /** The public URL of this server for a client of this host; without a slash at the end. */
  publicUrl(host: string): string
  readonly version: string
  readonly limits: McpLimits
  /** Items outside of the catalogue: the tools that the protocol's conformance suite calls. */
  readonly fixtures?: Fixtures | undefined
}

/** An authenticated request, with the settings at that moment. */
export interface AuthenticatedRequest {
  readonly identity: Identity
  readonly settings: SettingsView
}

/** Before 2026 there are sessions, opened by `initialize`; from 2026-07-28 on each request is independent. */
export type Era = 'sessions' | 'stateless'

/** One request to the endpoint, with everything that its answer can depend on. */
export interface McpRequest extends AuthenticatedRequest {
  readonly parts: McpParts
  readonly era: Era
  readonly caller: Caller
  /** Its HTTP request. */
  readonly request: Named
  /** The delivery of the answer. */
  readonly delivery: Delivery
}
