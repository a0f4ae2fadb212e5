import { isTransport } from './booking.ts'
import {
  type BOOKINGS,
  type Booking,
  bookingAtPlace,
  create_reservation,
  create_transport,
  type TRANSPORTS,
  transportFields,
} from './index.ts'

/** The operation that creates a deleted booking once more, and its input. */
export function bookingAgain(booking: Booking) {
  const { trip_id: tripId, day_id, end_day_id } = booking
  if (isTransport(booking.type)) {
    const type = booking.type as (typeof TRANSPORTS)[number]
    const days = present({ start_day_id: day_id, end_day_id })
    return { operation: create_transport, input: { tripId, type, ...transportFields.of(booking), ...days } }
  }
  const type = booking.type as (typeof BOOKINGS)[number]
  const refs = present({ place_id: booking.place_id, assignment_id: booking.assignment_id, end_day_id })
  const input = { tripId, type, ...bookingAtPlace.of(booking), ...refs }
  const { check_in, check_in_end, check_out, accommodation_id, place_id } = booking
  if (accommodation_id === null || place_id === null) {
    return { operation: create_reservation, input: { ...input, ...present({ day_id }) } }
  }
  // The days and the times of a hotel are those of its stay.
  const { reservation_time: _, reservation_end_time: __, ...hotel } = input
  const stay = { ...present({ start_day_id: day_id }), check_in, check_in_end, check_out }
  return { operation: create_reservation, input: { ...hotel, ...stay } }
}

type Present<T> = { [K in keyof T]?: NonNullable<T[K]> }

const present = <T extends object>(values: T): Present<T> =>
  Object.fromEntries(Object.entries(values).filter(([, value]) => value !== null)) as Present<T>
