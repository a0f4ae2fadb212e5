import { useTranslation } from 'react-i18next'
import { tell } from '../../../web/design/toast.tsx'
import { removed, useAct } from '../../../web/live/act.ts'
import type { PlaceRow } from '../../../web/planner/plan.ts'
import { usePlanner } from '../../../web/planner/planner.tsx'
import { assign_place_to_day } from '../../assignments/contract.ts'
import { create_place, delete_place, Place } from '../contract.ts'

/** Deletes a place; undoing makes it anew and puts it back on its days. */
export function useDeletePlace() {
  const { t } = useTranslation()
  const { trip, plan, setFocus } = usePlanner()
  const act = useAct()
  return async (place: PlaceRow) => {
    const tripId = trip.id
    const visits = plan.flatMap(({ stops }) => stops.filter((planned) => planned.place.id === place.id))
    setFocus(null)
    if (!(await act(delete_place, { tripId, placeId: place.id }, [removed(Place, place.id)]))) return
    const restore = async () => {
      const { id: _id, trip_id: _trip, created_at: _created, ...values } = place
      const made = await act(create_place, { tripId, ...values }, [], (answer) => [Place, answer.place])
      if (!made) return
      for (const { stop } of visits) {
        const { day_id: dayId, notes, place_time, end_time } = stop
        await act(assign_place_to_day, { tripId, dayId, placeId: made.place.id, notes, place_time, end_time })
      }
    }
    tell(t('places.wasDeleted', { name: place.name }), { undo: () => void restore(), undoLabel: t('undo') })
  }
}
