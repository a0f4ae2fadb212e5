import { useTranslation } from 'react-i18next'
import { patched, removed, useAct } from '../../../ui/live/act.ts'
import { tellUndoable } from '../../history/web/undo.ts'
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

  /** Calls `change` for one part after another, until one fails. */
  async function inTurn(
    places: readonly PlaceRow[],
    change: (part: readonly PlaceRow[]) => Promise<object | null>,
  ): Promise<{ answers: object[]; count: number }> {
    const answers: object[] = []
    let count = 0
    for (const part of inParts(places)) {
      const answer = await change(part)
      if (!answer) break
      answers.push(answer)
      count += part.length
    }
    return { answers, count }
  }

  return {
    async recategorise(chosen: readonly PlaceRow[], category_id: number | null) {
      const { answers, count } = await inTurn(chosen, (part) => {
        const guesses = part.map(({ id }) => patched(Place, id, { category_id }))
        return act(bulk_update_places, { tripId, placeIds: part.map(({ id }) => id), category_id }, guesses)
      })
      if (count) tellUndoable(t('places.wereChanged', { count }), answers)
    },
    async remove(chosen: readonly PlaceRow[]) {
      const { answers, count } = await inTurn(chosen, (part) => {
        const guesses = part.map(({ id }) => removed(Place, id))
        return act(bulk_delete_places, { tripId, placeIds: part.map(({ id }) => id) }, guesses)
      })
      if (count) tellUndoable(t('places.wereDeleted', { count }), answers)
    },
  }
}
