import type { DayEntry } from '../../plan/contract/entry.ts'
import type { DatedDay } from './booking.ts'
import { type Leg, type LegEnd, legsOf } from './endpoint.ts'
import type { ReservationRow } from './index.ts'
import { timeOf } from './moments.ts'

/** The part of a booking on one day: all of it, its start, something in between, or its end. */
export type Phase = 'only' | 'start' | 'middle' | 'end'

type OfDays = Pick<ReservationRow, 'day_id' | 'end_day_id'>

/** The fields of a booking that decide when it is on which day. */
export interface Booked
  extends OfDays,
    Pick<ReservationRow, 'id' | 'accommodation_id' | 'reservation_time' | 'reservation_end_time' | 'day_keys'> {
  readonly endpoints: readonly LegEnd[]
}

export interface DayBooking<B extends Booked> {
  readonly booking: B
  readonly phase: Phase
  /** Its time on this day, HH:MM. */
  readonly time: string | null
  /** The legs of a transport with stops that depart or arrive on this day. */
  readonly legs: readonly Leg<B['endpoints'][number]>[]
  /** Its place in the order of the day, if somebody has moved it. */
  readonly order_key: string | null
}

/** The part of a booking on a day; null if there is none. */
export function phaseOn(
  { day_id, end_day_id }: OfDays,
  dayId: number,
  days: readonly Pick<DatedDay, 'id' | 'day_number'>[],
): Phase | null {
  if (day_id === null) return null
  if (end_day_id === null || end_day_id === day_id) return day_id === dayId ? 'only' : null
  if (day_id === dayId) return 'start'
  if (end_day_id === dayId) return 'end'
  const numberOf = (id: number) => days.find((day) => day.id === id)?.day_number
  const [start, here, end] = [numberOf(day_id), numberOf(dayId), numberOf(end_day_id)]
  return start !== undefined && here !== undefined && end !== undefined && start < here && here < end ? 'middle' : null
}

/** The bookings on a day with their parts, by time; excludes hotels with a stay, because the stay is shown instead. */
export function bookingsOnDay<B extends Booked>(
  bookings: readonly B[],
  dayId: number,
  days: readonly DatedDay[],
): DayBooking<B>[] {
  const date = days.find((day) => day.id === dayId)?.date ?? null
  return bookings
    .filter((booking) => booking.accommodation_id === null)
    .flatMap((booking): DayBooking<B>[] => {
      const phase = phaseOn(booking, dayId, days)
      if (!phase) return []
      const legs = booking.endpoints.length > 2 && date ? legsOn(booking.endpoints, date) : []
      const own =
        phase === 'end'
          ? timeOf(booking.reservation_end_time)
          : phase === 'middle'
            ? null
            : timeOf(booking.reservation_time)
      const time = own ?? legs[0]?.departure.time ?? null
      return [{ booking, phase, time, legs, order_key: booking.day_keys[String(dayId)] ?? null }]
    })
    .toSorted((a, b) => compare(a.time ?? '99', b.time ?? '99') || a.booking.id - b.booking.id)
}

/** A booking as an entry of a day. */
export const bookingEntry = <B extends Booked>({
  booking: { id },
  phase,
  time,
  order_key,
}: DayBooking<B>): DayEntry => ({
  kind: 'booking',
  id,
  order_key,
  time,
  goesOn: phase === 'middle',
})

const legsOn = <E extends LegEnd>(endpoints: readonly E[], date: string): Leg<E>[] =>
  legsOf(endpoints).filter(({ departure, arrival }) => departure.date === date || arrival.date === date)

const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0)
