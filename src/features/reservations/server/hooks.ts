import { hook } from '../../../core/run/feature.ts'
import type { Payer } from '../../budget/contract/index.ts'

/** The cost that holds the price of a booking. */
export interface PricedAs {
  readonly budget_item_id: number
  readonly payers: Payer[]
}

/** The price of a reservation was set: its cost is made or changed; without a price it is removed. */
export const bookingPriced = hook<
  {
    tripId: number
    reservationId: number
    title: string
    type: string
    price: number | null
    /** The currency of the trip. */
    currency: string
    /** Null for that of the cost, or the one that suits the type. */
    category: string | null
  },
  PricedAs | null
>('booking_priced')

/** A reservation is about to be deleted; references to it must be cleared. */
export const reservationDeleted = hook<{ tripId: number; reservationId: number }>('reservation_deleted', {
  dependentsFirst: true,
  consequence: 'What names a booking lets go of it.',
})
