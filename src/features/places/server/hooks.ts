import type { ReadTx } from '../../../core/data/tx.ts'
import { hook } from '../../../core/run/feature.ts'

/** A place is about to be deleted; listeners remove what depends on it. */
export const placeDeleted = hook<{ tripId: number; placeId: number }>('place_deleted', {
  dependentsFirst: true,
  consequence: 'The stops at a place go with it; what names it lets go of it.',
})

/** The places of a trip that are on any day. */
export const placesOnDays = hook<{ tripId: number }, Set<number>, ReadTx>('places_on_days')
