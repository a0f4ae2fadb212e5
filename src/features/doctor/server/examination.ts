import type { Arrived } from './echo.ts'
import type { Probes } from './probe.ts'
import type { Patience, Visitor } from './visitor.ts'

/** What the checks share. */
export interface Examination {
  /** The public address, without a slash at the end. */
  readonly base: string
  readonly visitor: Visitor
  readonly probes: Probes
  readonly patience: Patience
  /** How a request arrived at the server. */
  readonly arrived: Arrived
  /** What has to be removed again. */
  readonly traces: Traces
}

/** What the doctor leaves behind while he looks. */
export interface Traces {
  /** The ids of programs that were registered. */
  readonly clients: string[]
  /** The ids of requests for access. */
  readonly requests: string[]
  /** The grants that MCP sessions were opened with. */
  readonly grants: string[]
  /** How many registrations were tried. */
  registrations: number
  /** The address that they came from, as the server reads it. */
  address: string | null
}
