import { type Answer, answer, hook } from '../../core/feature.ts'
import type { AnyOperation } from '../../core/operation.ts'
import type { ReadTx } from '../../core/tx.ts'
import type { TripRow } from './store.ts'

/** What happens to a whole trip. Each feature answers for its own rows. */

/** A trip was created: it needs as many days as it lasts. */
export const tripCreated = hook<{ trip: TripRow; dayCount: number }>('trip_created')

/** The dates of a trip were changed to those of `trip`. */
export const tripDatesChanged = hook<{ trip: TripRow; shrink: 'refuse' | 'keep_undated' | 'delete' }>(
  'trip_dates_changed',
)

/** A trip is about to be deleted: remove what you have of it. */
export const tripDeleted = hook<{ tripId: number }>('trip_deleted', { dependentsFirst: true })

/** Somebody is no longer in a trip: take them out of what they were named in. */
export const memberRemoved = hook<{ tripId: number; userId: number }>('member_removed')

/** One section of the whole trip, or why the caller does not get it. */
export interface Section {
  name: string
  value: unknown
  omitted: string | null
}

/** Everything there is to say of a trip, section by section. */
export const tripSummary = hook<{ tripId: number }, Section, ReadTx>('trip_summary')

/** A section of the summary, for callers who could also call the operation that reads it. */
export const summarySection = (
  name: string,
  reads: AnyOperation,
  read: (tx: ReadTx, tripId: number, userId: number) => Promise<unknown>,
): Answer =>
  answer(tripSummary, async ({ tx, caller, barred }, { tripId }) => {
    const omitted = barred(reads)
    return { name, value: omitted ? undefined : await read(tx, tripId, caller.userId), omitted }
  })
