import type { DatedDay } from '../contract/booking.ts'
import { type Leg, legsOf } from '../contract/endpoint.ts'
import type { Booking } from '../contract/index.ts'
import { timeOf } from '../contract/moments.ts'

/** What a booking is on one day: all of it, its start, something in between, or its end. */
export type Phase = 'only' | 'start' | 'middle' | 'end'

export interface DayBooking {
  readonly booking: Booking
  readonly phase: Phase
  /** When that is on this day, HH:MM. */
  readonly time: string | null
  /** Where somebody has put it among the stops: before the first one whose order_index is not smaller. */
  readonly position: number | null
  /** The legs of a transport with stops that leave or arrive on this day. */
  readonly legs: readonly Leg[]
}

/** What of a booking is on a day; null when nothing is. */
export function phaseOn(booking: Booking, dayId: number, days: readonly DatedDay[]): Phase | null {
  const { day_id, end_day_id } = booking
  if (day_id === null) return null
  if (end_day_id === null || end_day_id === day_id) return day_id === dayId ? 'only' : null
  if (day_id === dayId) return 'start'
  if (end_day_id === dayId) return 'end'
  const numberOf = (id: number) => days.find((day) => day.id === id)?.day_number
  const [start, here, end] = [numberOf(day_id), numberOf(dayId), numberOf(end_day_id)]
  return start !== undefined && here !== undefined && end !== undefined && start < here && here < end ? 'middle' : null
}

/** The bookings on a day and what of them, by time; a hotel with a stay is not among them, the stay is shown instead. */
export function bookingsOnDay(bookings: readonly Booking[], dayId: number, days: readonly DatedDay[]): DayBooking[] {
  const date = days.find((day) => day.id === dayId)?.date ?? null
  return bookings
    .filter((booking) => booking.accommodation_id === null)
    .flatMap((booking): DayBooking[] => {
      const phase = phaseOn(booking, dayId, days)
      if (!phase) return []
      const legs = booking.endpoints.length > 2 && date ? legsOn(booking, date) : []
      const own =
        phase === 'end'
          ? timeOf(booking.reservation_end_time)
          : phase === 'middle'
            ? null
            : timeOf(booking.reservation_time)
      const time = own ?? legs[0]?.departure.time ?? null
      const position =
        dayId === booking.day_id ? booking.day_plan_position : (booking.day_positions[String(dayId)] ?? null)
      return [{ booking, phase, time, position, legs }]
    })
    .toSorted((a, b) => compare(a.time ?? '99', b.time ?? '99') || a.booking.id - b.booking.id)
}

const legsOn = ({ endpoints }: Booking, date: string): Leg[] =>
  legsOf(endpoints).filter(({ departure, arrival }) => departure.date === date || arrival.date === date)

const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0)

/**
 * The index among the stops of a day before which a booking stands: where somebody has put it, else by its time, else at the
 * end. `stops` are in order, with their start times.
 */
export function slotAmong(
  { position, time, phase }: Pick<DayBooking, 'position' | 'time' | 'phase'>,
  stops: readonly { order_index: number; start: string | null }[],
): number {
  const before = (found: (stop: { order_index: number; start: string | null }) => boolean): number => {
    const index = stops.findIndex(found)
    return index < 0 ? stops.length : index
  }
  if (position !== null) return before((stop) => stop.order_index >= position)
  if (phase === 'middle') return 0
  return time === null ? stops.length : before((stop) => stop.start !== null && stop.start > time)
}
