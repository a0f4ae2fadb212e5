import type { z } from 'zod'
import type { Tx } from '../../../core/data/tx.ts'
import { conflict } from '../../../core/declare/errors.ts'
import { implement } from '../../../core/run/feature.ts'
import { countStops } from '../../assignments/server/index.ts'
import { getDay } from '../../days/server/index.ts'
import * as contract from '../contract/index.ts'
import { numberNotes, placeNote, rankOf, spotFor } from './order.ts'
import * as store from './store.ts'

export const handlers = implement(contract, {
  list_day_notes: async ({ tx, input: { tripId, dayId } }) => {
    await getDay(tx, tripId, dayId)
    return { notes: await store.listNotesOfDay(tx, tripId, dayId) }
  },

  create_day_note: async ({ tx, input: { tripId, dayId, ...values }, now }) => {
    await getDay(tx, tripId, dayId)
    return { note: await addNote(tx, { ...values, trip_id: tripId, day_id: dayId, created_at: now }) }
  },

  update_day_note: async ({ tx, input: { tripId, dayId, noteId, ...patch } }) => {
    const before = await store.getNote(tx, tripId, noteId)
    if (before.day_id !== dayId) throw notOnThatDay(before, dayId)
    const note = await store.patchNote(tx, before, patch)
    const clock = contract.clockOf(note.time)
    if (clock === null || clock === contract.clockOf(before.time)) return { note }
    await placeNote(tx, note, await spotFor(tx, tripId, dayId, note.time))
    return { note: await store.getNote(tx, tripId, noteId) }
  },

  delete_day_note: async ({ tx, input: { tripId, dayId, noteId } }) => {
    const note = await store.getNote(tx, tripId, noteId)
    if (note.day_id !== dayId) throw notOnThatDay(note, dayId)
    await store.removeNote(tx, note)
    await numberNotes(tx, await store.listNotesOfDay(tx, tripId, dayId))
    return { success: true }
  },

  move_day_note: async ({ tx, input: { tripId, noteId, dayId, ...to } }) => {
    const note = await store.getNote(tx, tripId, noteId)
    await getDay(tx, tripId, dayId)
    const position = Math.min(to.position, await countStops(tx, tripId, dayId))
    await placeNote(tx, note, { ...to, dayId, position })
    return { note: await store.getNote(tx, tripId, noteId) }
  },
})

/** Puts a note on a day, where its time or the end of the plan is. */
export async function addNote(tx: Tx, values: NewNote): Promise<contract.DayNoteRow> {
  const spot = await spotFor(tx, values.trip_id, values.day_id, values.time)
  const others = await store.listNotesOfDay(tx, values.trip_id, values.day_id)
  const sort_order = rankOf(spot, others)
  const { position, beforeBookings: before_bookings } = spot
  const note = await store.insertNote(tx, { ...values, position, before_bookings, sort_order })
  await numberNotes(tx, others.toSpliced(sort_order, 0, note))
  return note
}

type NewNote = z.output<typeof contract.DayNote.create> & Pick<contract.DayNoteRow, 'trip_id' | 'day_id' | 'created_at'>

function notOnThatDay(note: contract.DayNoteRow, dayId: number) {
  return conflict(`Note ${note.id} is on day ${note.day_id}, not on day ${dayId}`, {
    hint: `Call again with day ${note.day_id}.`,
    details: { day_id: note.day_id },
  })
}
