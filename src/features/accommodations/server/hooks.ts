import { hook } from '../../../core/run/feature.ts'
import type { PlaceRow } from '../../places/server/index.ts'
import type { AccommodationRow } from '../contract/index.ts'

/** A stay was added; its booking is made in answer. */
export const stayCreated = hook<{ stay: AccommodationRow; place: PlaceRow }>('stay_created')

/** A stay was changed; it is at `place` now. */
export const stayChanged = hook<{ before: AccommodationRow; after: AccommodationRow }>('stay_changed')

/**
 * A stay is about to be removed. Its booking is removed too, or stays with the facts of the stay (`keepBooking`).
 * Returns the id of the booking.
 */
export const stayEnded = hook<{ stay: AccommodationRow; keepBooking: boolean }, number | null>('stay_ended', {
  dependentsFirst: true,
})
