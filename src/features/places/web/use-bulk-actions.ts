import { useTranslation } from 'react-i18next'
import { tell } from '../../../ui/design/toast.tsx'
import { patched, removed, useAct } from '../../../ui/live/act.ts'
import type { PlaceRow } from '../../plan/web/plan.ts'
import { useTrip } from '../../trips/web/trip-context.tsx'
import { bulk_delete_places, bulk_update_places, Place } from '../contract/index.ts'

const AT_ONCE = 200

function inParts(places: readonly PlaceRow[]): PlaceRow[][] {
  const parts: PlaceRow[][] = []
  for (let at = 0; at < places.length; at += AT_ONCE) parts.push(places.slice(at, at + AT_ONCE))
  return parts
}

/** The changes of several places at once. */
export function useBulkActions() {
  const { t } = useTranslation()
  const { id: tripId } = useTrip()
  const act = useAct()

  async function sort(places: readonly PlaceRow[], category_id: number | null): Promise<boolean> {
    for (const part of inParts(places)) {
      const guesses = part.map(({ id }) => patched(Place, id, { category_id }))
      const placeIds = part.map(({ id }) => id)
      if (!(await act(bulk_update_places, { tripId, placeIds, category_id }, guesses))) return false
    }
    return true
  }

  return {
    async recategorise(chosen: readonly PlaceRow[], category_id: number | null) {
      const before = Map.groupBy(chosen, (place) => place.category_id)
      if (!(await sort(chosen, category_id))) return
      const undo = async () => {
        for (const [former, places] of before) await sort(places, former)
      }
      tell(t('places.wereChanged', { count: chosen.length }), { undo: () => void undo(), undoLabel: t('undo') })
    },
    async remove(chosen: readonly PlaceRow[]) {
      for (const part of inParts(chosen)) {
        const guesses = part.map(({ id }) => removed(Place, id))
        if (!(await act(bulk_delete_places, { tripId, placeIds: part.map(({ id }) => id) }, guesses))) return
      }
      tell(t('places.wereDeleted', { count: chosen.length }))
    },
  }
}
