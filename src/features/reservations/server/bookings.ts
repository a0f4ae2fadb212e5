import type { ReadTx } from '../../../core/data/tx.ts'
import type { Call } from '../../../core/run/feature.ts'
import { findStay, listStays } from '../../accommodations/server/index.ts'
import { stopKeys } from '../../assignments/server/index.ts'
import { listDays } from '../../days/server/index.ts'
import { tripNews } from '../../notifications/server/index.ts'
import { getTrip } from '../../trips/server/index.ts'
import { bookingView, bookingViews } from '../contract/booking.ts'
import type { Booking, PlacedBooking, ReservationRow } from '../contract/index.ts'
import { bookingChange } from '../contract/news.ts'
import { bookingPriced, type PricedAs } from './hooks.ts'
import { listReservations } from './store.ts'

export type Scene = Pick<Call, 'tx' | 'emit'>

/** The views of all reservations of a trip, by time. */
export const bookingsOf = async (tx: ReadTx, tripId: number): Promise<Booking[]> =>
  bookingViews(await listReservations(tx, tripId), await listStays(tx, tripId), await listDays(tx, tripId))

/** The same with the position of each in the plan of its day. */
export async function placedBookings(tx: ReadTx, tripId: number): Promise<PlacedBooking[]> {
  const keysOf = await stopKeys(tx, tripId)
  return (await bookingsOf(tx, tripId)).map((booking) => placedAmong(booking, keysOf))
}

/** The view of one reservation, with its position in the plan of its day. */
export async function placedBooking(tx: ReadTx, row: ReservationRow): Promise<PlacedBooking> {
  const stay = row.accommodation_id === null ? null : await findStay(tx, row.trip_id, row.accommodation_id)
  const booking = bookingView(row, stay ?? undefined, stay ? await listDays(tx, row.trip_id) : [])
  return placedAmong(booking, Object.keys(row.day_keys).length ? await stopKeys(tx, row.trip_id) : () => [])
}

function placedAmong(booking: Booking, keysOf: (dayId: number) => readonly string[]): PlacedBooking {
  const { day_id, day_keys } = booking
  const own = day_id === null ? undefined : day_keys[String(day_id)]
  if (day_id === null || own === undefined) return { ...booking, day_plan_position: null }
  return { ...booking, day_plan_position: keysOf(day_id).filter((key) => key < own).length }
}

/** Notifies everybody in the trip that this booking has changed. */
export const notifyOfBooking = ({ emit }: Scene, { trip_id, title }: ReservationRow): Promise<unknown> =>
  emit(tripNews, { tripId: trip_id, event: bookingChange, to: 'everybody', about: title })

/** Sets the price of a booking and returns its cost, which holds the price; null removes it, undefined changes nothing. */
export async function price(
  { tx, emit }: Scene,
  { id, trip_id, title, type }: ReservationRow,
  amount: number | null | undefined,
  category?: string,
): Promise<PricedAs | null> {
  if (amount === undefined) return null
  const { currency } = await getTrip(tx, trip_id)
  const costs = await emit(bookingPriced, {
    ...{ tripId: trip_id, reservationId: id, title, type },
    ...{ price: amount, currency, category: category ?? null },
  })
  return costs.find((cost) => cost !== null) ?? null
}
