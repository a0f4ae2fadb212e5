import type { Tx } from '../../../core/data/tx.ts'
import { invalidField } from '../../../core/declare/errors.ts'
import type { AccommodationRow } from '../../accommodations/contract/index.ts'
import { changeStay, endStay, findStay, makeStay } from '../../accommodations/server/index.ts'
import { getDay } from '../../days/server/index.ts'
import type { BookingType, ReservationRow } from '../contract/index.ts'
import { messages } from '../contract/messages.ts'
import { dateOf, timeOf } from '../contract/moments.ts'
import type { Scene } from './bookings.ts'
import { findReservationOfStay, patchReservation, removeReservation } from './store.ts'

/** The fields that a hotel’s stay holds; in its booking they are empty. */
export const KEPT_BY_STAY = {
  day_id: null,
  end_day_id: null,
  place_id: null,
  reservation_time: null,
  reservation_end_time: null,
  confirmation_number: null,
  notes: null,
  day_keys: {},
} as const

export interface StayTimes {
  check_in?: string | null | undefined
  check_in_end?: string | null | undefined
  check_out?: string | null | undefined
}

interface Said extends StayTimes {
  place_id?: number | null | undefined
  start_day_id?: number | null | undefined
  end_day_id?: number | null | undefined
  reservation_time?: string | null | undefined
  reservation_end_time?: string | null | undefined
  confirmation_number?: string | null | undefined
  notes?: string | null | undefined
}

/** The stay of a booking, or null. */
export const stayOf = async (
  tx: Tx,
  { trip_id, accommodation_id }: ReservationRow,
): Promise<AccommodationRow | null> => (accommodation_id === null ? null : findStay(tx, trip_id, accommodation_id))

/** Makes the stay of a booked hotel. */
export async function stayFor(
  tx: Tx,
  tripId: number,
  values: Said & { place_id: number; start_day_id: number; end_day_id: number },
  now: string,
): Promise<AccommodationRow> {
  const { place_id, start_day_id, end_day_id, confirmation_number: confirmation, notes } = values
  const times = await timesOf(tx, tripId, values, { start_day_id, end_day_id })
  return makeStay(tx, tripId, { place_id, start_day_id, end_day_id, ...times, confirmation, notes }, now)
}

/** Applies the changes of a hotel's booking to its stay. */
export async function changeStayOf(tx: Tx, stay: AccommodationRow, changes: Said): Promise<AccommodationRow> {
  const { place_id, start_day_id, end_day_id, confirmation_number: confirmation, notes } = changes
  if (start_day_id === null || end_day_id === null) {
    throw invalidField(start_day_id === null ? 'day_id' : 'end_day_id', messages.stayNeedsDays())
  }
  const span = { start_day_id: start_day_id ?? stay.start_day_id, end_day_id: end_day_id ?? stay.end_day_id }
  const times = await timesOf(tx, stay.trip_id, changes, span)
  return changeStay(tx, stay, { place_id, ...span, ...times, confirmation, notes })
}

/** The times of check-in and check-out; a moment given instead must be on the day of the stay. */
async function timesOf(
  tx: Tx,
  tripId: number,
  changes: Said,
  { start_day_id, end_day_id }: { start_day_id: number; end_day_id: number },
): Promise<StayTimes> {
  const within = async (field: 'reservation_time' | 'reservation_end_time', dayId: number) => {
    const moment = changes[field]
    if (!moment) return undefined
    const { date } = await getDay(tx, tripId, dayId)
    if (date && date !== dateOf(moment)) {
      throw invalidField(field, messages.notOnDayOfStay({ date }))
    }
    return timeOf(moment) ?? undefined
  }
  return {
    check_in: changes.check_in ?? (await within('reservation_time', start_day_id)) ?? changes.check_in,
    check_in_end: changes.check_in_end,
    check_out: changes.check_out ?? (await within('reservation_end_time', end_day_id)) ?? changes.check_out,
  }
}

/** Refuses fields that only a stay has, of a hotel without one or of another booking. */
export function refuseTimesWithoutStay(type: BookingType, times: StayTimes): void {
  const says = type === 'hotel' ? messages.timesNeedStay() : messages.onlyForStays()
  for (const field of ['check_in', 'check_in_end', 'check_out'] as const) {
    if (times[field]) throw invalidField(field, says)
  }
}

/** Separates a booking from its stay: copies into the booking what only the stay held, and removes the stay. */
export async function partFromStay(scene: Scene, row: ReservationRow, stay: AccommodationRow): Promise<ReservationRow> {
  const parted = await patchReservation(scene.tx, row, {
    ...withoutDays(stay),
    day_id: stay.start_day_id,
    end_day_id: stay.end_day_id,
  })
  await endStay(scene, stay)
  return parted
}

const withoutDays = ({ place_id, confirmation, notes }: AccommodationRow) => ({
  accommodation_id: null,
  place_id,
  confirmation_number: confirmation,
  notes,
})

/** Handles the end of a stay: removes its booking too, or keeps it without a day. */
export async function followEnd(
  { tx }: Scene,
  stay: AccommodationRow,
  keepBooking: boolean,
  forget: (row: ReservationRow) => Promise<unknown>,
): Promise<number | null> {
  const row = await findReservationOfStay(tx, stay.trip_id, stay.id)
  if (!row) return null
  if (keepBooking) await patchReservation(tx, row, withoutDays(stay))
  else await forget(row)
  return row.id
}

/** Removes a booking and its stay. */
export async function removeWithStay(scene: Scene, row: ReservationRow): Promise<void> {
  const stay = await stayOf(scene.tx, row)
  await removeReservation(scene.tx, row)
  if (stay) await endStay(scene, stay)
}
