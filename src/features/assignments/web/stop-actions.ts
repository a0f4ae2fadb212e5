import { useMemo } from 'react'
import { useTranslation } from 'react-i18next'
import { tell } from '../../../ui/design/toast.tsx'
import { patched, removed, useAct } from '../../../ui/live/act.ts'
import { useDayName } from '../../days/web/day-name.ts'
import { refOf } from '../../plan/contract/entry.ts'
import { type Spot, spotAt, spotOfStop } from '../../plan/contract/timeline.ts'
import { placing } from '../../plan/web/guesses.ts'
import { useLatestPlan } from '../../plan/web/latest-plan.ts'
import { useMoves } from '../../plan/web/moves.ts'
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
  unassign_places,
  update_assignment_time,
} from '../contract/index.ts'
import { arrivals, type Visit, visitIn } from './arrivals.ts'

/** The actions on stops. Each makes one call, shows at once and can be undone. */
export function useStopActions() {
  const trip = useTrip()
  const { places } = usePlanner()
  const latest = useLatestPlan()
  const { moveBack } = useMoves()
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

    const coming = (dayId: number, placeIds: readonly number[], spot: Spot, visit: Visit = {}) => {
      const arriving = placeIds.map((id) => ({ id, place: placeById.get(id) }))
      return arrivals({ tripId, dayId, entries: latest.entriesOf(dayId), arriving, spot, visit })
    }

    const put = (placeId: number, dayId: number, spot: Spot, visit: Visit = {}) =>
      act(
        assign_place_to_day,
        { tripId, dayId, placeId, ...visit, before: spot.before, after: spot.after },
        coming(dayId, [placeId], spot, visit),
        (output) => [Assignment, output.assignment],
      )

    return {
      /** Puts a place on a day, before the entry at `gap` of its timeline or at the end. */
      async assign(placeId: number, dayId: number, gap?: number) {
        const created = await put(placeId, dayId, gap === undefined ? {} : spotAt(latest.entriesOf(dayId), gap, null))
        if (!created) return
        const undo = () => {
          const stop = latest.stopOf(created.assignment.id)
          if (!stop) return
          const input = { tripId, dayId: stop.day_id, assignmentId: stop.id }
          void act(unassign_place, input, [removed(Assignment, stop.id)])
        }
        tell(t('plan.wasAdded', { day: nameOf(dayId) }), { undo, undoLabel: t('undo') })
      },

      /** Puts several places on a day, one after another. */
      async assignAll(placeIds: readonly number[], dayId: number) {
        const input = { tripId, dayId, placeIds: [...placeIds] }
        const created = await act(assign_places_to_day, input, coming(dayId, placeIds, {}))
        if (!created) return
        const undo = () => {
          const assignmentIds = created.assignments.map(({ id }) => id).filter((id) => latest.stopOf(id))
          if (!assignmentIds.length) return
          const guesses = assignmentIds.map((id) => removed(Assignment, id))
          void act(unassign_places, { tripId, assignmentIds }, guesses)
        }
        tell(t('plan.wereAdded', { count: placeIds.length, day: nameOf(dayId) }), { undo, undoLabel: t('undo') })
      },

      async unassign({ stop, place }: PlannedStop) {
        const { id, day_id: dayId, place_id, participant_ids } = stop
        const entries = latest.entriesOf(dayId)
        const ref = refOf({ kind: 'stop', id })
        const back = spotAt(
          entries,
          entries.findIndex((entry) => refOf(entry) === ref),
          ref,
        )
        if (!(await act(unassign_place, { tripId, dayId, assignmentId: id }, [removed(Assignment, id)]))) return
        const undo = async () => {
          const created = await put(place_id, dayId, latest.spotNow(dayId, back), visitIn(stop))
          if (!created || !participant_ids.length) return
          await act(set_assignment_participants, {
            tripId,
            assignmentId: created.assignment.id,
            userIds: participant_ids,
          })
        }
        tell(t('plan.wasRemoved', { place: place.name }), { undo: () => void undo(), undoLabel: t('undo') })
      },

      /** Changes the time or the note of a visit; a new time moves it to where it belongs. */
      async setVisit(stop: AssignmentRow, values: Visit) {
        const { id, day_id: dayId } = stop
        const entries = latest.entriesOf(dayId)
        const at = entries.findIndex((entry) => refOf(entry) === refOf({ kind: 'stop', id }))
        const entry = entries[at]
        const isNew = values.place_time && values.place_time !== stop.place_time
        const moving = entry && isNew ? { ...entry, time: values.place_time ?? null } : null
        const spot = moving && spotOfStop(entries, moving)
        const guesses = moving && spot ? placing(entries, dayId, [moving], spot).guesses : []
        const input = { tripId, assignmentId: id, ...values }
        if (!(await act(update_assignment_time, input, [patched(Assignment, id, values), ...guesses]))) return
        if (!entry || !guesses.length) return
        const ref = refOf(entry)
        const back = spotAt(entries, at, ref)
        tell(t('plan.wasSorted'), { undo: () => moveBack(ref, dayId, back), undoLabel: t('undo') })
      },

      /** Sets who comes along to a stop; an empty list means everybody. */
      setParticipants: (stopId: number, userIds: readonly number[]) =>
        act(set_assignment_participants, { tripId, assignmentId: stopId, userIds: [...userIds] }, [
          patched(Assignment, stopId, { participant_ids: [...userIds] }),
        ]),
    }
  }, [trip.id, places, latest, moveBack, act, dayName, t])
}
