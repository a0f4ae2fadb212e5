import { feature, instruction, onHook, rows } from '../../../core/run/feature.ts'
import { Day } from '../../days/contract/index.ts'
import { dayContents, dayDeleted, dayNoted, dayPlan } from '../../days/server/index.ts'
import { entryIn } from '../../plan/contract/entry.ts'
import { dayEntries, entriesPlaced, entryFor } from '../../plan/server/hooks.ts'
import { showSection } from '../../sharing/server/hooks.ts'
import { tripCopied, tripDeleted } from '../../trips/server/index.ts'
import * as contract from '../contract/index.ts'
import { sharedDayNotes } from '../contract/shared.ts'
import { addNote, handlers, placedNotes } from './handlers.ts'
import { getNote, insertNote, listNotes, listNotesOfDay, patchNote, removeNote } from './store.ts'

export const dayNotes = feature({
  name: 'day-notes',
  contract,
  handlers,
  instructions: [instruction('words', 'A day note stands between the stops of a day.', contract.create_day_note)],
  entities: [rows(contract.DayNote)],
  listeners: [
    onHook(dayEntries, async ({ tx }, { tripId, dayId }) =>
      (await listNotesOfDay(tx, tripId, dayId)).map(contract.noteEntry),
    ),
    onHook(entryFor, async ({ tx }, { tripId, kind, id }) =>
      kind === 'note' ? contract.noteEntry(await getNote(tx, tripId, id)) : null,
    ),
    onHook(entriesPlaced, async ({ tx }, { tripId, dayId, keys }) => {
      for (const [ref, order_key] of keys) {
        const { kind, id } = entryIn(ref)
        if (kind === 'note') await patchNote(tx, await getNote(tx, tripId, id), { day_id: dayId, order_key })
      }
    }),
    onHook(dayContents, async ({ tx }, { tripId }) => {
      const byDay = Map.groupBy(await listNotes(tx, tripId), (note) => note.day_id)
      return new Map([...byDay].map(([dayId, notes]) => [dayId, { day_notes: notes.length }]))
    }),
    onHook(dayPlan, async ({ tx }, { tripId, dayId }) => ({
      name: 'notes',
      byDay: Map.groupBy(await placedNotes(tx, tripId, dayId), (note) => note.day_id),
    })),
    onHook(dayNoted, async (call, { tripId, dayId, text }) => {
      const values = contract.DayNote.create.parse({ text })
      await addNote(call, { ...values, trip_id: tripId, day_id: dayId, created_at: call.now }, null)
    }),
    onHook(dayDeleted, async ({ tx }, { tripId, dayId }) => {
      for (const note of await listNotesOfDay(tx, tripId, dayId)) await removeNote(tx, note)
    }),
    onHook(tripCopied, async ({ tx, now }, copy) => {
      for (const { id, day_id, ...note } of await listNotes(tx, copy.from)) {
        const dayId = copy.copyOf(Day, day_id)
        if (dayId === null) continue
        const copied = await insertNote(tx, { ...note, trip_id: copy.trip.id, day_id: dayId, created_at: now })
        copy.became(contract.DayNote, id, copied.id)
      }
    }),
    showSection(sharedDayNotes, listNotes, contract.list_day_notes),
    onHook(tripDeleted, async ({ tx }, { tripId }) => {
      for (const note of await listNotes(tx, tripId)) await removeNote(tx, note)
    }),
  ],
})
