import { useMemo } from 'react'
import { useTranslation } from 'react-i18next'
import { type Given, givenIn } from '../../../core/declare/copying.ts'
import { tell } from '../../../ui/design/toast.tsx'
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
import { useTrip } from '../../trips/web/trip-context.tsx'
import { type DayEntry, refOf } from '../contract/entry.ts'
import { type Spot, spotAt, spotOfNote } from '../contract/timeline.ts'
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

    function write(dayId: number, values: NoteValues, spot: Spot | null) {
      const entries = latest.entriesOf(dayId)
      const moving: DayEntry = { kind: 'note', id: -1, order_key: null, time: clockOf(values.time) }
      const { keys, guesses } = placing(entries, dayId, [moving], spot ?? spotOfNote(entries, moving.time))
      const order_key = keys.get(refOf(moving))
      const row = order_key && { trip_id: tripId, day_id: dayId, ...values, order_key, created_at: '' }
      return act(
        create_day_note,
        { tripId, dayId, ...values, before: spot?.before, after: spot?.after },
        [...(row ? [inserted(DayNote, row)] : []), ...guesses],
        (output) => [DayNote, output.note],
      )
    }

    return {
      /** Adds a note at the end of a day, or by its time. */
      add: (dayId: number, values: NoteValues) => write(dayId, values, null),

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
        const entries = latest.entriesOf(dayId)
        const ref = refOf({ kind: 'note', id: noteId })
        const back = spotAt(
          entries,
          entries.findIndex((entry) => refOf(entry) === ref),
          ref,
        )
        if (!(await act(delete_day_note, { tripId, dayId, noteId }, [removed(DayNote, noteId)]))) return
        tell(t('dayNotes.wasDeleted'), {
          undo: () => void write(dayId, givenIn(DayNote, note), latest.spotNow(dayId, back)),
          undoLabel: t('undo'),
        })
      },
    }
  }, [trip.id, latest, act, t])
}
