import { useTranslation } from 'react-i18next'
import { removed, useAct } from '../../../ui/live/act.ts'
import { tellUndoable } from '../../history/web/undo.ts'
import type { PlaceRow } from '../../plan/web/plan.ts'
import { usePlanner } from '../../plan/web/planner.tsx'
import { useTrip } from '../../trips/web/trip-context.tsx'
import { delete_place, Place } from '../contract/index.ts'

/** Deletes a place and its stops. */
export function useDeletePlace() {
  const { t } = useTranslation()
  const { id: tripId } = useTrip()
  const { setFocus } = usePlanner()
  const act = useAct()
  return async (place: PlaceRow) => {
    setFocus(null)
    const deleted = await act(delete_place, { tripId, placeId: place.id }, [removed(Place, place.id)])
    if (deleted) tellUndoable(t('places.wasDeleted', { name: place.name }), deleted)
  }
}
