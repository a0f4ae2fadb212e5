import { hook } from '../../../core/run/feature.ts'
import type { Payer } from '../../budget/contract/index.ts'

/** The cost that a booking has its price in. */
export interface PricedAs {
  readonly budget_item_id: number
  readonly payers: Payer[]
}

/** A reservation was given a price: the cost that belongs to it, which has the price, is made or changed; without one it goes. */
export const bookingPriced = hook<
  {
    tripId: number
    reservationId: number
    title: string
    type: string
    price: number | null
    /** That of the trip. */
    currency: string
    /** Null: that of the cost, or the one that suits the type. */
    category: string | null
  },
  PricedAs | null
>('booking_priced')

/** A reservation is about to be deleted: let go of it. */
export const reservationDeleted = hook<{ tripId: number; reservationId: number }>('reservation_deleted', {
  dependentsFirst: true,
  consequence: 'What names a booking lets go of it.',
})
