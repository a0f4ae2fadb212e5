import type { ReadTx, Tx } from '../../../core/data/tx.ts'
import type { Values } from '../../../core/declare/entity.ts'
import { DayNote, type DayNoteRow } from '../contract/index.ts'
import { messages } from '../contract/messages.ts'

/** The notes of a trip, ordered by day and place in the day. */
export const listNotes = (tx: ReadTx, tripId: number): Promise<DayNoteRow[]> =>
  tx.list(DayNote, { trip_id: tripId }, ['day_id', 'order_key'])

/** The notes of one day in order. */
export const listNotesOfDay = (tx: ReadTx, tripId: number, dayId: number): Promise<DayNoteRow[]> =>
  tx.list(DayNote, { trip_id: tripId, day_id: dayId }, ['order_key'])

/** A note of this trip, or `not_found`. */
export async function getNote(tx: ReadTx, tripId: number, noteId: number): Promise<DayNoteRow> {
  const note = await tx.find(DayNote, { id: noteId, trip_id: tripId })
  if (!note) throw messages.noteNotFound({ id: noteId })
  return note
}

export const insertNote = (tx: Tx, values: Values<typeof DayNote>): Promise<DayNoteRow> => tx.insert(DayNote, values)

export const patchNote = (tx: Tx, note: DayNoteRow, patch: Values<typeof DayNote>): Promise<DayNoteRow> =>
  tx.patch(DayNote, note, patch)

export const removeNote = (tx: Tx, note: DayNoteRow): Promise<void> => tx.remove(DayNote, note)
