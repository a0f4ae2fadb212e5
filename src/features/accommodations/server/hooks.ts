import { hook } from '../../../core/run/feature.ts'
import type { PlaceRow } from '../../places/server/index.ts'
import type { AccommodationRow } from '../contract/index.ts'

/** A stay was added: it gets its booking. */
export const stayCreated = hook<{ stay: AccommodationRow; place: PlaceRow }>('stay_created')

/** A stay was changed, and is at `place` now. */
export const stayChanged = hook<{ before: AccommodationRow; after: AccommodationRow }>('stay_changed')

/**
 * A stay is about to be removed. Its booking goes with it, or stays behind with what the stay knew (`keepBooking`). Answers
 * with the id of the booking.
 */
export const stayEnded = hook<{ stay: AccommodationRow; keepBooking: boolean }, number | null>('stay_ended', {
  dependentsFirst: true,
})
