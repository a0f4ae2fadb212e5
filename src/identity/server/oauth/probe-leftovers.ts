import type { Kysely } from 'kysely'
import type { Tables } from '../../../core/data/tx.ts'
import { type AttemptLimiter, networkOf } from '../attempt-limiter.ts'
import { hashToken } from '../tokens.ts'
import { removeArtifact, removeRegistrations } from './store.ts'

/** Rows that a check of the doctor has written: it registers programs and asks for access as programs do. */
export interface ProbeLeftovers {
  /** The ids of the programs that were registered. */
  readonly clients: readonly string[]
  /** The ids of the requests for access. */
  readonly requests: readonly string[]
  /** How often a registration was tried, and from which address. */
  readonly registrations: number
  readonly address: string | null
}

/** Removes them, and refunds the attempts: whoever repairs a proxy runs the doctor often. */
export async function removeProbeLeftovers(
  db: Kysely<Tables>,
  attempts: AttemptLimiter,
  { clients, requests, registrations, address }: ProbeLeftovers,
): Promise<void> {
  await removeRegistrations(db, clients)
  for (const id of requests) await removeArtifact(db, 'Interaction', hashToken(id))
  if (address !== null) await attempts.refund('registration', networkOf(address), registrations)
}
