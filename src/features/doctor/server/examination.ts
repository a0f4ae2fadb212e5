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
  /** How the first request arrived at the server. */
  readonly arrived: Arrived
  /** What must be removed afterwards. */
  readonly traces: Leftovers
}

/** What an examination leaves behind. */
export interface Leftovers {
  /** The ids of programs that were registered. */
  readonly clients: string[]
  /** The ids of requests for access. */
  readonly requests: string[]
  /** The grants that MCP sessions were opened with. */
  readonly grants: string[]
  /** How many registrations were attempted. */
  registrations: number
  /** The address they came from, as the server reads it. */
  address: string | null
}
