import type { Tx } from '../../../core/data/tx.ts'
import { daysBetween } from '../../../core/declare/dates.ts'
import type { DayRow } from '../../days/server/index.ts'
import type { ReservationRow } from '../contract/index.ts'
import { messages } from '../contract/messages.ts'
import { dateOf, shifted } from '../contract/moments.ts'
import { keysLeft } from './order.ts'
import { listReservations, patchReservation } from './store.ts'
import { datesShifted } from './timing.ts'

interface Redated {
  tripId: number
  before: readonly DayRow[]
  after: readonly DayRow[]
  shift: 'keep_bookings' | 'shift_all'
}

/** Handles new dates of days: bookings move to the day that has their date now, or take the new date of their day. */
export async function followDates(tx: Tx, { tripId, before, after, shift }: Redated): Promise<void> {
  const move = shift === 'keep_bookings' ? keepDate : takeDate
  for (const row of await listReservations(tx, tripId)) {
    if (row.accommodation_id !== null) continue
    const patch = move(row, before, after)
    await patchReservation(tx, row, { ...patch, ...keysLeft(row, { ...row, ...patch }, after) })
  }
}

/** Keeps its date: it moves to the day that has the date now. */
function keepDate(row: ReservationRow, before: readonly DayRow[], after: readonly DayRow[]): Partial<ReservationRow> {
  const date = dateOf(row.reservation_time)
  if (!date) return {}
  const own = after.find((day) => day.id === row.day_id)
  const day = after.find((one) => one.date === date)
  // It can stay on a day without a date, but not on one with another date.
  if (!day) return own?.date ? { day_id: null, end_day_id: null } : {}
  if (row.end_day_id === null) return { day_id: day.id }
  const endDate = dateOf(row.reservation_end_time) ?? before.find((one) => one.id === row.end_day_id)?.date
  const end = after.find((one) => one.date !== null && one.date === endDate)
  return { day_id: day.id, end_day_id: end && end.day_number >= day.day_number ? end.id : null }
}

/** Keeps its day: each of its dates becomes the new date of the day that had it. */
function takeDate(row: ReservationRow, before: readonly DayRow[], after: readonly DayRow[]): Partial<ReservationRow> {
  const dateAfter = new Map(after.map((day) => [day.id, day.date]))
  const numberAfter = (dayId: number | null) => after.find((day) => day.id === dayId)?.day_number
  const [first, last] = [numberAfter(row.day_id), numberAfter(row.end_day_id)]
  if (first !== undefined && last !== undefined && last < first) {
    throw messages.wouldEndFirst({ title: row.title, id: row.id }, { details: { reservation_id: row.id } })
  }
  const [from, to] = [before.find((day) => day.id === row.day_id)?.date, dateAfter.get(row.day_id ?? 0)]
  const offset = from && to ? daysBetween(from, to) : 0
  const dates = new Map(before.flatMap((day) => (day.date ? [[day.date, dateAfter.get(day.id)] as const] : [])))
  const { reservation_time, reservation_end_time, endpoints } = datesShifted(
    row,
    (date) => dates.get(date) ?? shifted(date, offset),
  )
  return { reservation_time, reservation_end_time, endpoints }
}

/** Handles a removed day: its bookings stay, without the day. */
export async function loseDay(tx: Tx, tripId: number, dayId: number): Promise<void> {
  for (const row of await listReservations(tx, tripId)) {
    if (row.day_id === dayId) {
      await patchReservation(tx, row, { day_id: null, end_day_id: null, day_keys: {} })
    } else if (row.end_day_id === dayId || String(dayId) in row.day_keys) {
      const { [String(dayId)]: _, ...day_keys } = row.day_keys
      await patchReservation(tx, row, { day_keys, ...(row.end_day_id === dayId && { end_day_id: null }) })
    }
  }
}
