import { useMemo } from 'react'
import { useTranslation } from 'react-i18next'
import { tell } from '../../../ui/design/toast.tsx'
import { useAct } from '../../../ui/live/act.ts'
import { useDayName } from '../../days/web/day-name.ts'
import { useTrip } from '../../trips/web/trip-context.tsx'
import { type EntryRef, refOf } from '../contract/entry.ts'
import { move_plan_entry } from '../contract/index.ts'
import { type Spot, spotAt, staysPut } from '../contract/timeline.ts'
import type { PlanEntry } from './entries.ts'
import { placing } from './guesses.ts'
import { useLatestPlan } from './latest-plan.ts'

/** Moves a stop, a note or a booking in the plan: one call, and one to undo it. */
export function useMoves() {
  const trip = useTrip()
  const latest = useLatestPlan()
  const act = useAct()
  const dayName = useDayName()
  const { t } = useTranslation()
  return useMemo(() => {
    const entryOf = (ref: EntryRef) =>
      latest
        .days()
        .flatMap(({ entries }) => entries)
        .find((entry) => refOf(entry) === ref)

    const carry = (entry: PlanEntry, dayId: number, spot: Spot) => {
      const { guesses } = placing(latest.entriesOf(dayId), dayId, [entry], spot)
      const input = { tripId: trip.id, dayId, entry: refOf(entry), before: spot.before, after: spot.after }
      return act(move_plan_entry, input, guesses)
    }

    return {
      /** Moves an entry of a day before the entry at `gap` of a day’s timeline, or to its end. */
      async move(ref: EntryRef, fromDay: number, toDay: number, gap = latest.entriesOf(toDay).length) {
        const from = latest.entriesOf(fromDay)
        const at = from.findIndex((entry) => refOf(entry) === ref)
        const entry = from[at]
        if (!entry || (fromDay === toDay && staysPut(from, gap, ref))) return
        const back = spotAt(from, at, ref)
        if (!(await carry(entry, toDay, spotAt(latest.entriesOf(toDay), gap, ref)))) return
        const day = latest.days().find((one) => one.day.id === toDay)?.day
        const undo = () => {
          const now = entryOf(ref)
          if (now) void carry(now, fromDay, latest.spotNow(fromDay, back))
        }
        tell(fromDay === toDay ? t('plan.wasReordered') : t('plan.wasMoved', { day: day ? dayName(day) : '' }), {
          undo,
          undoLabel: t('undo'),
        })
      },

      /** Undoes an automatic move. */
      moveBack(ref: EntryRef, dayId: number, spot: Spot) {
        const now = entryOf(ref)
        if (now) void carry(now, dayId, latest.spotNow(dayId, spot))
      },
    }
  }, [trip.id, latest, act, dayName, t])
}
