import type { AccommodationRow } from '../../accommodations/contract/index.ts'
import type { Booking, BookingType, ReservationRow } from './index.ts'
import { TRANSPORTS } from './index.ts'
import { dateOf, momentOf } from './moments.ts'

export interface DatedDay {
  readonly id: number
  readonly day_number: number
  readonly date: string | null
}

export const isTransport = (type: BookingType): boolean =>
  type === 'transit' || (TRANSPORTS as readonly string[]).includes(type)

/** The view of a reservation: a hotel shows the dates, place and notes of its stay, which only the stay stores. */
export function bookingView(
  row: ReservationRow,
  stay: AccommodationRow | undefined,
  days: readonly Pick<DatedDay, 'id' | 'date'>[],
): Booking {
  if (!stay) return { ...row, check_in: null, check_in_end: null, check_out: null }
  const dateOfDay = (dayId: number) => days.find((day) => day.id === dayId)?.date ?? null
  return {
    ...row,
    place_id: stay.place_id,
    day_id: stay.start_day_id,
    end_day_id: stay.end_day_id,
    reservation_time: momentOf(dateOfDay(stay.start_day_id), stay.check_in),
    reservation_end_time: momentOf(dateOfDay(stay.end_day_id), stay.check_out),
    confirmation_number: stay.confirmation,
    notes: stay.notes,
    check_in: stay.check_in,
    check_in_end: stay.check_in_end,
    check_out: stay.check_out,
  }
}

/** The date on which a booking begins: its own, or that of its day. */
export const firstDateOf = (
  { reservation_time, day_id }: Pick<Booking, 'reservation_time' | 'day_id'>,
  days: readonly Pick<DatedDay, 'id' | 'date'>[],
): string | null => dateOf(reservation_time) ?? days.find(({ id }) => id === day_id)?.date ?? null

/** The views of all reservations of a trip, by time; those without a time come last. */
export function bookingViews(
  rows: readonly ReservationRow[],
  stays: readonly AccommodationRow[],
  days: readonly DatedDay[],
): Booking[] {
  const stayById = new Map(stays.map((stay) => [stay.id, stay]))
  const numberOf = new Map(days.map((day) => [day.id, day.day_number]))
  const latest = Number.MAX_SAFE_INTEGER
  return rows
    .map((row) =>
      bookingView(row, row.accommodation_id === null ? undefined : stayById.get(row.accommodation_id), days),
    )
    .map((booking) => ({
      booking,
      day: booking.day_id === null ? latest : (numberOf.get(booking.day_id) ?? latest),
      at: booking.reservation_time ?? firstDateOf(booking, days) ?? '9999',
    }))
    .toSorted((a, b) => (a.at < b.at ? -1 : a.at > b.at ? 1 : a.day - b.day || a.booking.id - b.booking.id))
    .map(({ booking }) => booking)
}
