import { useTranslation } from 'react-i18next'
import { givenIn } from '../../../core/declare/copying.ts'
import { tell } from '../../../ui/design/toast.tsx'
import { removed, useAct } from '../../../ui/live/act.ts'
import { assign_place_to_day, set_assignment_participants, visitFields } from '../../assignments/contract/index.ts'
import { refOf } from '../../plan/contract/entry.ts'
import { spotAt } from '../../plan/contract/timeline.ts'
import { useLatestPlan } from '../../plan/web/latest-plan.ts'
import type { PlaceRow } from '../../plan/web/plan.ts'
import { usePlanner } from '../../plan/web/planner.tsx'
import { useTrip } from '../../trips/web/trip-context.tsx'
import { create_place, delete_place, Place } from '../contract/index.ts'
import { useTags } from './tags.ts'

/** Deletes a place; undo recreates it and puts it back on its days. */
export function useDeletePlace() {
  const { t } = useTranslation()
  const trip = useTrip()
  const { plan, setFocus } = usePlanner()
  const latest = useLatestPlan()
  const act = useAct()
  const { tagIdsOf } = useTags()
  return async (place: PlaceRow) => {
    const tripId = trip.id
    const visits = plan.flatMap(({ entries }) =>
      entries.flatMap((entry, at) =>
        entry.kind === 'stop' && entry.planned.place.id === place.id
          ? [{ stop: entry.planned.stop, spot: spotAt(entries, at, refOf(entry)) }]
          : [],
      ),
    )
    const tag_ids = tagIdsOf(place.id)
    setFocus(null)
    if (!(await act(delete_place, { tripId, placeId: place.id }, [removed(Place, place.id)]))) return
    const restore = async () => {
      const again = { tripId, ...givenIn(Place, place), tag_ids }
      const made = await act(create_place, again, [], (answer) => [Place, answer.place])
      if (!made) return
      const placeId = made.place.id
      for (const { stop, spot } of visits) {
        const { day_id: dayId, participant_ids: userIds } = stop
        const visitAgain = { tripId, dayId, placeId, ...visitFields.of(stop), ...latest.spotNow(dayId, spot) }
        const put = await act(assign_place_to_day, visitAgain)
        if (!put) return
        const assignmentId = put.assignment.id
        if (userIds.length) await act(set_assignment_participants, { tripId, assignmentId, userIds })
      }
    }
    tell(t('places.wasDeleted', { name: place.name }), { undo: () => void restore(), undoLabel: t('undo') })
  }
}
