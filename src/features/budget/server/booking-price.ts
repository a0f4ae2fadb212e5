import type { Tx } from '../../../core/data/tx.ts'
import { invalidField, TrekError } from '../../../core/declare/errors.ts'
import { keyAfter } from '../../../core/declare/order-key.ts'
import type { PricedAs } from '../../reservations/server/index.ts'
import type { BudgetItemRow } from '../contract/index.ts'
import { type Expense, expenseAfter, namedIn, type Participants, participantsOf } from './expense.ts'
import { frozenRate } from './rate.ts'
import * as store from './store.ts'

const BY_TYPE: Record<string, string> = {
  hotel: 'accommodation',
  flight: 'flights',
  train: 'transport',
  bus: 'transport',
  car: 'transport',
  ferry: 'transport',
  cruise: 'transport',
  taxi: 'transport',
  transit: 'transport',
  walk: 'transport',
  bicycle: 'transport',
  restaurant: 'food',
  activity: 'activities',
  tour: 'activities',
}

export interface Priced {
  readonly tripId: number
  readonly reservationId: number
  readonly title: string
  readonly type: string
  readonly price: number | null
  readonly currency: string
  readonly category: string | null
}

/** Makes, changes or removes the cost of a booking; the cost holds the price. */
export async function priceBooking(tx: Tx, booking: Priced, now: string): Promise<PricedAs | null> {
  const { tripId, reservationId, title, type, price, currency, category } = booking
  const before = await store.findItemOfReservation(tx, tripId, reservationId)
  if (price === null) {
    if (before) await store.removeItem(tx, before)
    return null
  }
  if (!before) {
    // A free booking gets no cost; an existing cost stays, with 0.
    if (price === 0) return null
    const participants = await participantsOf(tx, tripId)
    const made = await store.insertItem(tx, {
      ...expenseAt(null, price, currency, participants),
      name: title,
      category: category ?? BY_TYPE[type] ?? 'other',
      trip_id: tripId,
      reservation_id: reservationId,
      order_key: keyAfter(await store.lastKey(tx, tripId)),
      created_at: now,
    })
    return pricedAs(made)
  }
  const participants = await participantsOf(tx, tripId, namedIn(before))
  const changed = await store.patchItem(tx, before, {
    ...expenseAt(before, price, currency, participants),
    ...(before.currency !== currency && frozenRate(currency, currency, undefined, null, now)),
    ...(category !== null && { category }),
  })
  return pricedAs(changed)
}

/** The amounts of an expense at this price. The caller sets no other field of it, so every problem is one of the price. */
function expenseAt(before: Expense | null, price: number, currency: string, participants: Participants): Expense {
  try {
    return expenseAfter(before, { total_price: price }, currency, participants)
  } catch (error) {
    if (!(error instanceof TrekError) || !error.issues[0]) throw error
    const { key, params = {}, message: text } = error.issues[0]
    throw invalidField('price', { key, params, text, ...(error.hint && { hint: error.hint }) })
  }
}

const pricedAs = ({ id, payers }: BudgetItemRow): PricedAs => ({ budget_item_id: id, payers })
