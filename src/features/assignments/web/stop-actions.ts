import { useMemo } from 'react'
import { useTranslation } from 'react-i18next'
import { patched, removed, useAct } from '../../../ui/live/act.ts'
import { useDayName } from '../../days/web/day-name.ts'
import { tellUndoable } from '../../history/web/undo.ts'
import { refOf } from '../../plan/contract/entry.ts'
import { type Spot, spotAt, spotOfStop } from '../../plan/contract/timeline.ts'
import { placing } from '../../plan/web/guesses.ts'
import { useLatestPlan } from '../../plan/web/latest-plan.ts'
import type { PlannedStop } from '../../plan/web/plan.ts'
import { usePlanner } from '../../plan/web/planner.tsx'
import { useTrip } from '../../trips/web/trip-context.tsx'
import {
  Assignment,
  type AssignmentRow,
  assign_place_to_day,
  assign_places_to_day,
  set_assignment_participants,
  unassign_place,
  update_assignment_time,
} from '../contract/index.ts'
import { arrivals } from './arrivals.ts'

/** The actions on stops. Each makes one call and shows at once. */
export function useStopActions() {
  const trip = useTrip()
  const { places } = usePlanner()
  const latest = useLatestPlan()
  const act = useAct()
  const dayName = useDayName()
  const { t } = useTranslation()
  return useMemo(() => {
    const tripId = trip.id
    const placeById = new Map(places.map((place) => [place.id, place]))
    const nameOf = (dayId: number) => {
      const timeline = latest.days().find(({ day }) => day.id === dayId)
      return timeline ? dayName(timeline.day) : ''
    }

    const coming = (dayId: number, placeIds: readonly number[], spot: Spot) => {
      const arriving = placeIds.map((id) => ({ id, place: placeById.get(id) }))
      return arrivals({ tripId, dayId, entries: latest.entriesOf(dayId), arriving, spot })
    }

    return {
      /** Puts a place on a day, before the entry at `gap` of its timeline or at the end. */
      async assign(placeId: number, dayId: number, gap?: number) {
        const spot = gap === undefined ? {} : spotAt(latest.entriesOf(dayId), gap, null)
        const created = await act(
          assign_place_to_day,
          { tripId, dayId, placeId, before: spot.before, after: spot.after },
          coming(dayId, [placeId], spot),
          (output) => [Assignment, output.assignment],
        )
        if (created) tellUndoable(t('plan.wasAdded', { day: nameOf(dayId) }), created)
      },

      /** Puts several places on a day, one after another. */
      async assignAll(placeIds: readonly number[], dayId: number) {
        const input = { tripId, dayId, placeIds: [...placeIds] }
        const created = await act(assign_places_to_day, input, coming(dayId, placeIds, {}))
        if (created) tellUndoable(t('plan.wereAdded', { count: placeIds.length, day: nameOf(dayId) }), created)
      },

      async unassign({ stop: { id, day_id: dayId }, place }: PlannedStop) {
        const removal = await act(unassign_place, { tripId, dayId, assignmentId: id }, [removed(Assignment, id)])
        if (removal) tellUndoable(t('plan.wasRemoved', { place: place.name }), removal)
      },

      /** Changes the time or the note of a visit; a new time moves it to where it belongs. */
      async setVisit(stop: AssignmentRow, values: Partial<Pick<AssignmentRow, 'notes' | 'place_time' | 'end_time'>>) {
        const { id, day_id: dayId } = stop
        const entries = latest.entriesOf(dayId)
        const entry = entries.find((one) => refOf(one) === refOf({ kind: 'stop', id }))
        const isNew = values.place_time && values.place_time !== stop.place_time
        const moving = entry && isNew ? { ...entry, time: values.place_time ?? null } : null
        const spot = moving && spotOfStop(entries, moving)
        const guesses = moving && spot ? placing(entries, dayId, [moving], spot).guesses : []
        const input = { tripId, assignmentId: id, ...values }
        const changed = await act(update_assignment_time, input, [patched(Assignment, id, values), ...guesses])
        if (changed && guesses.length) tellUndoable(t('plan.wasSorted'), changed)
      },

      /** Sets who comes along to a stop; an empty list means everybody. */
      setParticipants: (stopId: number, userIds: readonly number[]) =>
        act(set_assignment_participants, { tripId, assignmentId: stopId, userIds: [...userIds] }, [
          patched(Assignment, stopId, { participant_ids: [...userIds] }),
        ]),
    }
  }, [trip.id, places, latest, act, dayName, t])
}
