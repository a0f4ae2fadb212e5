import { useMemo } from 'react'
import { useTranslation } from 'react-i18next'
import { useAct } from '../../../ui/live/act.ts'
import { useDayName } from '../../days/web/day-name.ts'
import { tellUndoable } from '../../history/web/undo.ts'
import { useTrip } from '../../trips/web/trip-context.tsx'
import { type EntryRef, refOf } from '../contract/entry.ts'
import { move_plan_entry } from '../contract/index.ts'
import { spotAt, staysPut } from '../contract/timeline.ts'
import { placing } from './guesses.ts'
import { useLatestPlan } from './latest-plan.ts'

/** Moves a stop, a note or a booking in the plan: one call each. */
export function useMoves() {
  const trip = useTrip()
  const latest = useLatestPlan()
  const act = useAct()
  const dayName = useDayName()
  const { t } = useTranslation()
  return useMemo(
    () => ({
      /** Moves an entry of a day before the entry at `gap` of a day’s timeline, or to its end. */
      async move(ref: EntryRef, fromDay: number, toDay: number, gap = latest.entriesOf(toDay).length) {
        const from = latest.entriesOf(fromDay)
        const entry = from.find((one) => refOf(one) === ref)
        if (!entry || (fromDay === toDay && staysPut(from, gap, ref))) return
        const entries = latest.entriesOf(toDay)
        const spot = spotAt(entries, gap, ref)
        const { guesses } = placing(entries, toDay, [entry], spot)
        const input = { tripId: trip.id, dayId: toDay, entry: ref, before: spot.before, after: spot.after }
        const moved = await act(move_plan_entry, input, guesses)
        if (!moved) return
        const day = latest.days().find((one) => one.day.id === toDay)?.day
        tellUndoable(
          fromDay === toDay ? t('plan.wasReordered') : t('plan.wasMoved', { day: day ? dayName(day) : '' }),
          moved,
        )
      },
    }),
    [trip.id, latest, act, dayName, t],
  )
}
