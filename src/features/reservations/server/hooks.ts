import { hook } from '../../../core/run/feature.ts'

/** A reservation was given a price: the cost that belongs to it, which has the price, is made or changed. */
export const bookingPriced = hook<{
  tripId: number
  reservationId: number
  title: string
  type: string
  price: number
  /** That of the trip. */
  currency: string
  /** Null: that of the cost, or the one that suits the type. */
  category: string | null
}>('booking_priced')

/** A reservation is about to be deleted: remove what belongs to it, let go of what names it. */
export const reservationDeleted = hook<{ tripId: number; reservationId: number }>('reservation_deleted', {
  dependentsFirst: true,
})
