import type { Kysely } from 'kysely'
import type { Tables } from '../../../core/data/tx.ts'
import { type AttemptLimiter, networkOf } from '../attempt-limiter.ts'
import { hashToken } from '../tokens.ts'
import { removeArtifact, removeRegistrations } from './store.ts'

/** What somebody has left who only tried whether the way in is open. */
export interface Traces {
  /** The ids of the programs that were registered. */
  readonly clients: readonly string[]
  /** The ids of the requests for access. */
  readonly requests: readonly string[]
  /** How often a registration was tried, and from which address. */
  readonly registrations: number
  readonly address: string | null
}

/** Removes it, and gives back what it cost in tries: whoever mends a proxy looks often. */
export async function forgetTraces(
  db: Kysely<Tables>,
  attempts: AttemptLimiter,
  { clients, requests, registrations, address }: Traces,
): Promise<void> {
  await removeRegistrations(db, clients)
  for (const id of requests) await removeArtifact(db, 'Interaction', hashToken(id))
  if (address !== null) await attempts.refund('registration', networkOf(address), registrations)
}
