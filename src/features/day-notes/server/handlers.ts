import type { z } from 'zod'
import type { ReadTx } from '../../../core/data/tx.ts'
import { type Call, implement } from '../../../core/run/feature.ts'
import { stopKeys, stopsBefore } from '../../assignments/server/index.ts'
import { getDay } from '../../days/server/index.ts'
import { type DayEntry, refOf } from '../../plan/contract/entry.ts'
import { type Spot, spotOfNote } from '../../plan/contract/timeline.ts'
import { entriesOfDay, makePlace, makeRoom, type OfDay } from '../../plan/server/index.ts'
import * as contract from '../contract/index.ts'
import { messages } from '../contract/messages.ts'
import { spotAmongStops } from './order.ts'
import * as store from './store.ts'

export const handlers = implement(contract, {
  list_day_notes: async ({ tx, input: { tripId, dayId } }) => {
    await getDay(tx, tripId, dayId)
    return { notes: await placedNotes(tx, tripId, dayId) }
  },

  create_day_note: async (call) => {
    const { tx, input, now } = call
    const { tripId, dayId, before, after, ...values } = input
    await getDay(tx, tripId, dayId)
    const spot = before === undefined && after === undefined ? null : { before, after }
    const note = await addNote(call, { ...values, trip_id: tripId, day_id: dayId, created_at: now }, spot)
    return { note: await placedNote(tx, note) }
  },

  update_day_note: async (call) => {
    const { tx, input } = call
    const { tripId, dayId, noteId, newDayId: day_id = dayId, ...patch } = input
    const before = await store.getNote(tx, tripId, noteId)
    if (before.day_id !== dayId) throw notOnThatDay(before, dayId)
    await getDay(tx, tripId, day_id)
    const entry = contract.noteEntry({ ...before, time: patch.time === undefined ? before.time : patch.time })
    const isNew = day_id !== dayId || (entry.time !== null && entry.time !== contract.clockOf(before.time))
    const order_key = isNew ? await keyByTime(call, { tripId, dayId: day_id }, entry) : undefined
    return { note: await placedNote(tx, await store.patchNote(tx, before, { ...patch, day_id, order_key })) }
  },

  delete_day_note: async ({ tx, input: { tripId, dayId, noteId } }) => {
    const note = await store.getNote(tx, tripId, noteId)
    if (note.day_id !== dayId) throw notOnThatDay(note, dayId)
    await store.removeNote(tx, note)
    return { success: true }
  },

  move_day_note: async (call) => {
    const { tx, input } = call
    const { tripId, noteId, dayId, ...to } = input
    const note = await store.getNote(tx, tripId, noteId)
    await getDay(tx, tripId, dayId)
    const day = { tripId, dayId }
    const entry = contract.noteEntry(note)
    const spot = spotAmongStops(await entriesOfDay(call, day), entry, to)
    const order_key = (await makePlace(call, day, [entry], spot)).get(refOf(entry))
    return { note: await placedNote(tx, await store.patchNote(tx, note, { day_id: dayId, order_key })) }
  },
})

type Asking = Pick<Call, 'tx' | 'emit'>

/** Puts a note on a day: at a spot, or by its time, or else at the end. */
export async function addNote({ tx, emit }: Asking, values: NewNote, spot: Spot | null): Promise<contract.DayNoteRow> {
  const day = { tripId: values.trip_id, dayId: values.day_id }
  const time = contract.clockOf(values.time)
  const goesTo = spot ?? spotOfNote(await entriesOfDay({ emit }, day), time)
  const [order_key] = await makeRoom({ emit }, day, [{ kind: 'note', time }], goesTo)
  return store.insertNote(tx, { ...values, order_key })
}

type NewNote = z.output<typeof contract.DayNote.create> & Pick<contract.DayNoteRow, 'trip_id' | 'day_id' | 'created_at'>

/** The key of a note that comes to a day or has a new time. */
async function keyByTime({ emit }: Asking, day: OfDay, entry: DayEntry): Promise<string | undefined> {
  const spot = spotOfNote(await entriesOfDay({ emit }, day), entry.time)
  return (await makePlace({ emit }, day, [entry], spot)).get(refOf(entry))
}

const placedNote = async (tx: ReadTx, note: contract.DayNoteRow): Promise<contract.PlacedNote> => ({
  ...note,
  position: await stopsBefore(tx, note.trip_id, note.day_id, note.order_key),
})

/** The notes of a trip, or of one day, as in answers. */
export async function placedNotes(tx: ReadTx, tripId: number, dayId?: number): Promise<contract.PlacedNote[]> {
  const all = dayId === undefined
  const notes = all ? await store.listNotes(tx, tripId) : await store.listNotesOfDay(tx, tripId, dayId)
  if (!notes.length) return []
  const keysOf = await stopKeys(tx, tripId, dayId)
  return notes.map((note) => ({
    ...note,
    position: keysOf(note.day_id).filter((key) => key < note.order_key).length,
  }))
}

const notOnThatDay = ({ id, day_id: day }: contract.DayNoteRow, requestedDay: number) =>
  messages.onOtherDay({ id, day, given: requestedDay }, { details: { day_id: day } })
