import { useMemo, useRef } from 'react'
import { useTranslation } from 'react-i18next'
import { tell } from '../../../ui/design/toast.tsx'
import { patched, removed, useAct } from '../../../ui/live/act.ts'
import {
  create_day_note,
  DayNote,
  type DayNoteRow,
  delete_day_note,
  move_day_note,
  update_day_note,
} from '../../day-notes/contract/index.ts'
import { useDayName } from '../../days/web/day-name.ts'
import { useTrip } from '../../trips/web/trip-context.tsx'
import { usePlanner } from './planner.tsx'
import { type Entry, gapFor, landingAt, noteKey, staysPut } from './timeline.ts'

interface NoteSpot {
  readonly note: DayNoteRow
  readonly position: number
}

/** Moves notes of a day to other positions without changing their order. */
export function useNoteMoves() {
  const trip = useTrip()
  const act = useAct()
  return useMemo(
    () => ({
      async moveNotes(dayId: number, spots: readonly NoteSpot[]) {
        // From the last to the first, so that none of them passes another.
        for (const { note, position } of spots.toReversed()) {
          const { id: noteId, before_bookings: beforeBookings, sort_order: sortOrder } = note
          await act(move_day_note, { tripId: trip.id, noteId, dayId, position, beforeBookings, sortOrder }, [
            patched(DayNote, noteId, { position, before_bookings: beforeBookings }),
          ])
        }
      },
    }),
    [trip.id, act],
  )
}

export type NoteValues = Pick<DayNoteRow, 'text' | 'time' | 'icon'>

/** What can be done with the notes of a trip; each shows at once and can be undone. */
export function useNoteActions() {
  const trip = useTrip()
  const { plan } = usePlanner()
  const act = useAct()
  const dayName = useDayName()
  const { t } = useTranslation()
  const latest = useRef(plan)
  latest.current = plan
  return useMemo(() => {
    const tripId = trip.id
    const dayOf = (dayId: number) => latest.current.find(({ day }) => day.id === dayId)
    const entriesOf = (dayId: number): readonly Entry[] => dayOf(dayId)?.entries ?? []
    const rankIn = (dayId: number, noteId: number) =>
      entriesOf(dayId).findIndex((entry) => entry.key === noteKey(noteId))

    async function carry(note: Pick<DayNoteRow, 'id'>, toDay: number, gap: number) {
      const entries = entriesOf(toDay)
      const { slot: position, rank: sortOrder, beforeBookings } = landingAt(entries, gap, noteKey(note.id))
      const others = entries
        .flatMap((entry) => (entry.kind === 'note' && entry.note.id !== note.id ? [entry.note.sort_order] : []))
        .toSorted((a, b) => a - b)
      const guess = {
        day_id: toDay,
        position,
        before_bookings: beforeBookings,
        sort_order: (others[sortOrder - 1] ?? -1) + 0.5,
      }
      const to = { tripId, noteId: note.id, dayId: toDay, position, beforeBookings, sortOrder }
      return act(move_day_note, to, [patched(DayNote, note.id, guess)])
    }

    return {
      /** Writes a note at the end of a day, or where its time belongs. */
      add: (dayId: number, values: NoteValues) =>
        act(create_day_note, { tripId, dayId, ...values }, [], (made) => [DayNote, made.note]),

      change: (note: DayNoteRow, values: NoteValues) =>
        act(update_day_note, { tripId, dayId: note.day_id, noteId: note.id, ...values }, [
          patched(DayNote, note.id, values),
        ]),

      async remove(note: DayNoteRow) {
        const { id: noteId, day_id: dayId, text, time, icon } = note
        const rank = rankIn(dayId, noteId)
        if (!(await act(delete_day_note, { tripId, dayId, noteId }, [removed(DayNote, noteId)]))) return
        const restore = async () => {
          const gap = rank
          const made = await act(create_day_note, { tripId, dayId, text, time, icon })
          if (made) await carry(made.note, dayId, gapFor(entriesOf(dayId), noteKey(made.note.id), gap))
        }
        tell(t('dayNotes.wasDeleted'), { undo: () => void restore(), undoLabel: t('undo') })
      },

      /** Moves a note before the entry at `gap` of a day’s timeline. */
      async move(note: DayNoteRow, toDay: number, gap = entriesOf(toDay).length) {
        const fromDay = note.day_id
        if (fromDay === toDay && staysPut(entriesOf(fromDay), gap, noteKey(note.id))) return
        const rank = rankIn(fromDay, note.id)
        if (!(await carry(note, toDay, gap))) return
        const found = dayOf(toDay)
        tell(
          fromDay === toDay ? t('plan.wasReordered') : t('plan.wasMoved', { day: found ? dayName(found.day) : '' }),
          {
            undo: () => void carry(note, fromDay, gapFor(entriesOf(fromDay), noteKey(note.id), rank)),
            undoLabel: t('undo'),
          },
        )
      },
    }
  }, [trip.id, act, dayName, t])
}
