import type { ReadTx, Tx } from '../../../core/data/tx.ts'
import { invalidField } from '../../../core/declare/errors.ts'
import type { Call } from '../../../core/run/feature.ts'
import { type DayRow, listDays } from '../../days/server/index.ts'
import { type DayEntry, type EntryRef, entryIn } from '../../plan/contract/entry.ts'
import { indexInFrontOf, spotAt } from '../../plan/contract/timeline.ts'
import { entriesOfDay, makePlace, type OfDay } from '../../plan/server/index.ts'
import { isTransport } from '../contract/booking.ts'
import type { ReservationRow } from '../contract/index.ts'
import { messages } from '../contract/messages.ts'
import { bookingEntry, bookingsOnDay, phaseOn } from '../contract/on-day.ts'
import { getReservation, listReservations, patchReservation } from './store.ts'

/** The bookings of a day as entries. */
export async function entriesOn(tx: ReadTx, { tripId, dayId }: OfDay): Promise<DayEntry[]> {
  const rows = await listReservations(tx, tripId)
  return rows.length ? bookingsOnDay(rows, dayId, await listDays(tx, tripId)).map(bookingEntry) : []
}

/** Gives bookings their keys on a day; refuses a booking that is not on that day. */
export async function placeBookings(
  tx: Tx,
  { tripId, dayId }: OfDay,
  keys: ReadonlyMap<EntryRef, string>,
): Promise<void> {
  const days = await listDays(tx, tripId)
  for (const [ref, key] of keys) {
    const { kind, id } = entryIn(ref)
    if (kind !== 'booking') continue
    const row = await getReservation(tx, tripId, id)
    checkOnDay(row, dayId, days, 'dayId')
    await patchReservation(tx, row, { day_keys: { ...row.day_keys, [String(dayId)]: key } })
  }
}

/** A booking as an entry of one of its days. */
export async function entryOn(tx: ReadTx, { tripId, dayId }: OfDay, id: number): Promise<DayEntry | null> {
  checkOnDay(await getReservation(tx, tripId, id), dayId, await listDays(tx, tripId), 'dayId')
  return (await entriesOn(tx, { tripId, dayId })).find((entry) => entry.id === id) ?? null
}

function checkOnDay(row: ReservationRow, dayId: number | null, days: readonly DayRow[], path: string): void {
  const isStay = row.accommodation_id !== null
  if (!isStay && dayId !== null && phaseOn(row, dayId, days) !== null) return
  const { id, day_id: day } = row
  if (isStay) throw invalidField(path, messages.stayHasNoPosition({ id }))
  const operation = isTransport(row.type) ? 'update_transport' : 'update_reservation'
  throw invalidField(
    path,
    day === null ? messages.onNoDay({ id, operation }) : messages.onOtherDay({ id, day, operation }),
  )
}

/** Puts a booking before the stop at an index of a day; changes nothing if somebody has already put it there. */
export async function placeBeforeStop(
  { tx, emit }: Pick<Call, 'tx' | 'emit'>,
  { tripId, row, dayId, position }: { tripId: number; row: ReservationRow; dayId: number | null; position: number },
): Promise<void> {
  checkOnDay(row, dayId, await listDays(tx, tripId), 'positions')
  const day = { tripId, dayId: dayId as number }
  const entries = await entriesOfDay({ emit }, day)
  const isOwn = ({ kind, id }: DayEntry) => kind === 'booking' && id === row.id
  const own = entries.find(isOwn) as DayEntry
  const others = entries.filter((entry) => !isOwn(entry))
  const stops = others.flatMap(({ kind }, at) => (kind === 'stop' ? [at] : []))
  const at = Math.min(position, stops.length)
  const now = entries.slice(0, entries.findIndex(isOwn)).filter(({ kind }) => kind === 'stop').length
  if (own.order_key !== null && now === at) return
  const spot = spotAt(others, indexInFrontOf(others, stops[at] ?? others.length, own), null)
  await placeBookings(tx, day, await makePlace({ emit }, day, [own], spot))
}

/** The keys of a booking for the days it is on now. */
export function keysLeft(
  { day_keys }: Pick<ReservationRow, 'day_keys'>,
  timing: Pick<ReservationRow, 'day_id' | 'end_day_id'>,
  days: readonly DayRow[],
): Pick<ReservationRow, 'day_keys'> {
  const left = Object.entries(day_keys).filter(([dayId]) => phaseOn(timing, Number(dayId), days) !== null)
  return { day_keys: Object.fromEntries(left) }
}
