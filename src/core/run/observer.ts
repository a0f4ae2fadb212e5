import type { Caller } from '../data/space.ts'

/**
 * By which way a request came. `stream` is an open stream of an assistant, which lasts as long as it is open; `probe` is whoever looks
 * after the server: health, readiness and figures.
 */
export type RequestWay = 'rest' | 'mcp' | 'stream' | 'live' | 'oauth' | 'web' | 'probe'

/** What the server does, in words of which there are few: nothing that a client can choose, and nobody's name. */
export type Work =
  | { readonly kind: 'operation'; readonly name: string; readonly way: Caller['way'] }
  | { readonly kind: 'transaction'; readonly name: 'read' | 'write' }
  | { readonly kind: 'job'; readonly name: string }
  | {
      /** One message of an assistant. */
      readonly kind: 'message'
      /** The method, and the tool where it is one that there is. */
      readonly name: string
      /** Where the trace of the client is found (SEP-414). */
      readonly meta: TraceHeaders
    }

/** What a client says of the trace that its request belongs to (W3C Trace Context). */
export interface TraceHeaders {
  readonly traceparent?: unknown
  readonly tracestate?: unknown
}

/** A request as it begins. */
export interface RequestBegun {
  readonly id: string
  readonly method: string
  /** The pattern of its path; null where there is no such route. */
  readonly route: string | null
  readonly way: RequestWay
  readonly headers: TraceHeaders
}

/** A request that is being answered. */
export interface RequestObserved {
  /** Goes on with what the request asks for, so that it is known what belongs to it. */
  within(next: () => void): void
  /** It is over; the status is null where it was cut off before an answer began. */
  over(status: number | null, way: RequestWay): void
}

/** Measures what the server does. It changes nothing of it, and fails nothing. */
export interface Observer {
  /** Does the work, and measures it. */
  during<T>(work: Work, run: () => Promise<T>): Promise<T>
  request(begun: RequestBegun): RequestObserved
  /** What is sent along where the work of this moment calls another server. */
  traceHeaders(): Readonly<Record<string, string>>
}

/** How full the database is and how busy. */
export type DatabaseFigures =
  | { readonly engine: 'sqlite'; readonly fileBytes: number; readonly logBytes: number }
  | {
      readonly engine: 'postgres'
      readonly bytes: number
      /** The connections of this process. */
      readonly pools: Readonly<Record<'read' | 'write', PoolFigures>>
    }

export interface PoolFigures {
  readonly most: number
  readonly used: number
  readonly idle: number
  /** Who waits for one. */
  readonly waiting: number
}

/** What is looked up when somebody asks for the figures. */
export interface Figures {
  ready(): Promise<boolean>
  database(): Promise<DatabaseFigures>
  uploads(): Promise<{ readonly files: number; readonly bytes: number }>
  /** Open websockets of this process. */
  websockets(): number
  /** Bytes that wait for clients which do not take them. */
  unread(): number
  /** Open streams of assistants at this process. */
  streams(): number
  /** MCP sessions of the instance that are awake. */
  sessions(): Promise<number>
  /** Commits of this process of which not all followers have been told. */
  backlog(): number
}
