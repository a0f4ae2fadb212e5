import type { Kysely } from 'kysely'
import type { Tables } from '../../../core/data/tx.ts'
import { type AttemptLimiter, networkOf } from '../attempt-limiter.ts'
import { hashToken } from '../tokens.ts'
import { removeArtifact, removeRegistrations } from './store.ts'

/** Rows that a check of the doctor wrote: it registers programs and requests access as programs do. */
export interface ProbeLeftovers {
  /** The ids of the registered programs. */
  readonly clients: readonly string[]
  /** The ids of the access requests. */
  readonly requests: readonly string[]
  /** The number of registration attempts, and their address. */
  readonly registrations: number
  readonly address: string | null
}

/** Removes the rows and refunds the attempts: repairing a proxy takes many runs of the doctor. */
export async function removeProbeLeftovers(
  db: Kysely<Tables>,
  attempts: AttemptLimiter,
  { clients, requests, registrations, address }: ProbeLeftovers,
): Promise<void> {
  await removeRegistrations(db, clients)
  for (const id of requests) await removeArtifact(db, 'Interaction', hashToken(id))
  if (address !== null) await attempts.refund('registration', networkOf(address), registrations)
}
