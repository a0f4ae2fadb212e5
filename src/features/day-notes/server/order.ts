import type { ReadTx, Tx } from '../../../core/data/tx.ts'
import { startsOfDay } from '../../assignments/server/index.ts'
import { clockOf, type DayNoteRow } from '../contract/index.ts'
import { listNotesOfDay, patchNote } from './store.ts'

export interface Spot {
  readonly dayId: number
  /** Before the first stop whose order_index is not smaller. */
  readonly position: number
  readonly beforeBookings: boolean
  /** Its place among the notes of the day, as far as the position leaves a choice. */
  readonly sortOrder?: number | undefined
}

/** Where a note with such a label belongs: before the first stop that starts later, or at the end of the day. */
export async function spotFor(
  tx: ReadTx,
  tripId: number,
  dayId: number,
  label: string | null | undefined,
): Promise<Spot> {
  const starts = await startsOfDay(tx, tripId, dayId)
  const clock = clockOf(label)
  const later = clock === null ? -1 : starts.findIndex((start) => start !== null && start > clock)
  return { dayId, position: later < 0 ? starts.length : later, beforeBookings: false }
}

/** Numbers the notes of a day 0, 1, 2 … in this order; only those whose number changes are written. */
export async function numberNotes(tx: Tx, notes: readonly DayNoteRow[]): Promise<void> {
  for (const [index, note] of notes.entries()) await patchNote(tx, note, { sort_order: index })
}

/** Puts a note at a spot of a day, its own or another. */
export async function placeNote(tx: Tx, note: DayNoteRow, spot: Spot): Promise<void> {
  const others = (await listNotesOfDay(tx, note.trip_id, spot.dayId)).filter((other) => other.id !== note.id)
  const values = { day_id: spot.dayId, position: spot.position, before_bookings: spot.beforeBookings }
  for (const [index, one] of others.toSpliced(rankOf(spot, others), 0, note).entries()) {
    await patchNote(tx, one, one === note ? { ...values, sort_order: index } : { sort_order: index })
  }
  if (note.day_id !== spot.dayId) await numberNotes(tx, await listNotesOfDay(tx, note.trip_id, note.day_id))
}

/** How many of the other notes of the day come before a spot. */
export function rankOf({ position, beforeBookings, sortOrder }: Spot, others: readonly DayNoteRow[]): number {
  const compare = (other: DayNoteRow) =>
    other.position - position || Number(beforeBookings) - Number(other.before_bookings)
  const first = others.filter((other) => compare(other) < 0).length
  const last = others.filter((other) => compare(other) <= 0).length
  return Math.max(first, Math.min(last, sortOrder ?? last))
}

/** Keeps the notes of a day between the same stops when one of them came to a position or went from it. */
export async function followStops(
  tx: Tx,
  { tripId, dayId, at, by }: { tripId: number; dayId: number; at: number; by: 1 | -1 },
): Promise<void> {
  for (const note of await listNotesOfDay(tx, tripId, dayId)) {
    if (note.position > at) await patchNote(tx, note, { position: note.position + by })
  }
}
