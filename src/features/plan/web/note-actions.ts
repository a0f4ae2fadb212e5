import { useMemo } from 'react'
import { useTranslation } from 'react-i18next'
import type { Given } from '../../../core/declare/copying.ts'
import { inserted, patched, removed, useAct } from '../../../ui/live/act.ts'
import {
  clockOf,
  create_day_note,
  DayNote,
  type DayNoteRow,
  delete_day_note,
  noteEntry,
  update_day_note,
} from '../../day-notes/contract/index.ts'
import { tellUndoable } from '../../history/web/undo.ts'
import { useTrip } from '../../trips/web/trip-context.tsx'
import { type DayEntry, refOf } from '../contract/entry.ts'
import { spotOfNote } from '../contract/timeline.ts'
import { placing } from './guesses.ts'
import { useLatestPlan } from './latest-plan.ts'

export type NoteValues = Given<typeof DayNote>

/** The actions on notes. Each makes one call, shows at once and can be undone. */
export function useNoteActions() {
  const trip = useTrip()
  const latest = useLatestPlan()
  const act = useAct()
  const { t } = useTranslation()
  return useMemo(() => {
    const tripId = trip.id

    /** Adds a note at the end of a day, or by its time. */
    function add(dayId: number, values: NoteValues) {
      const entries = latest.entriesOf(dayId)
      const moving: DayEntry = { kind: 'note', id: -1, order_key: null, time: clockOf(values.time) }
      const { keys, guesses } = placing(entries, dayId, [moving], spotOfNote(entries, moving.time))
      const order_key = keys.get(refOf(moving))
      const row = order_key && { trip_id: tripId, day_id: dayId, ...values, order_key, created_at: '' }
      return act(
        create_day_note,
        { tripId, dayId, ...values },
        [...(row ? [inserted(DayNote, row)] : []), ...guesses],
        (output) => [DayNote, output.note],
      )
    }

    return {
      add,

      /** Changes a note; a new time moves it to where it belongs. */
      change(note: DayNoteRow, values: NoteValues) {
        const { id: noteId, day_id: dayId } = note
        const entries = latest.entriesOf(dayId)
        const moving = noteEntry({ ...note, ...values })
        const isNew = moving.time !== null && moving.time !== clockOf(note.time)
        const guesses = isNew ? placing(entries, dayId, [moving], spotOfNote(entries, moving.time)).guesses : []
        const input = { tripId, dayId, noteId, ...values }
        return act(update_day_note, input, [patched(DayNote, noteId, values), ...guesses])
      },

      async remove(note: DayNoteRow) {
        const { id: noteId, day_id: dayId } = note
        const deleted = await act(delete_day_note, { tripId, dayId, noteId }, [removed(DayNote, noteId)])
        if (deleted) tellUndoable(t('dayNotes.wasDeleted'), deleted)
      },
    }
  }, [trip.id, latest, act, t])
}
