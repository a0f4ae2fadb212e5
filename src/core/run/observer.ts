import type { Caller } from '../data/space.ts'

/**
 * The kind of a request. `stream` is an open stream of an assistant, for as long as it is open; `probe` is monitoring:
 * health, readiness and metrics.
 */
export type RequestWay = 'rest' | 'mcp' | 'stream' | 'live' | 'oauth' | 'web' | 'probe'

/** The work of the server, in a limited set of names: nothing chosen by a client, and no personal names. */
export type Work =
  | { readonly kind: 'operation'; readonly name: string; readonly way: Caller['way'] }
  | { readonly kind: 'transaction'; readonly name: 'read' | 'write' }
  | { readonly kind: 'job'; readonly name: string }
  | {
      /** One message of an assistant. */
      readonly kind: 'message'
      /** The method, and the tool if it exists. */
      readonly name: string
      /** The trace context of the client (SEP-414). */
      readonly meta: TraceHeaders
    }

/** The trace context of a request (W3C Trace Context). */
export interface TraceHeaders {
  readonly traceparent?: unknown
  readonly tracestate?: unknown
}

/** The start of a request. */
export interface RequestBegun {
  readonly id: string
  readonly method: string
  /** The pattern of its path; null if no route matches. */
  readonly route: string | null
  readonly way: RequestWay
  readonly headers: TraceHeaders
}

/** A request in progress. */
export interface RequestObserved {
  /** Runs the rest of the request in its context, so that its work is attributed to it. */
  within(next: () => void): void
  /** Ends the request; the status is null if it was cut off before an answer began. */
  over(status: number | null, way: RequestWay): void
}

/** Measures the work of the server. It must not change or fail it. */
export interface Observer {
  /** Runs and measures the work. */
  during<T>(work: Work, run: () => Promise<T>): Promise<T>
  request(begun: RequestBegun): RequestObserved
  /** The headers for calls of the current work to other servers. */
  traceHeaders(): Readonly<Record<string, string>>
}

/** The size and load of the database. */
export type DatabaseStats =
  | { readonly engine: 'sqlite'; readonly fileBytes: number; readonly logBytes: number }
  | {
      readonly engine: 'postgres'
      readonly bytes: number
      /** The connections of this process. */
      readonly pools: Readonly<Record<'read' | 'write', PoolStats>>
    }

export interface PoolStats {
  readonly most: number
  readonly used: number
  readonly idle: number
  /** The requests that wait for one. */
  readonly waiting: number
}

/** The values collected for metrics. */
export interface MetricSources {
  ready(): Promise<boolean>
  database(): Promise<DatabaseStats>
  uploads(): Promise<{ readonly files: number; readonly bytes: number }>
  /** Open websockets of this process. */
  websockets(): number
  /** Bytes that wait for slow clients. */
  unread(): number
  /** Open streams of assistants in this process. */
  streams(): number
  /** Active MCP sessions of the instance. */
  sessions(): Promise<number>
  /** Commits of this process that are not yet delivered to all followers. */
  backlog(): number
}
