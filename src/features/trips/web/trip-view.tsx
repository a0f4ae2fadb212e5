import { useState } from 'react'
import { useWiderThan } from '../../../web/media.ts'
import { PlanDnd } from '../../assignments/web/plan-dnd.tsx'
import { PlaceDialog, type PlaceDraft } from '../../places/web/place-form.tsx'
import { DeskView } from './desk-view.tsx'
import { PhoneView } from './phone-view.tsx'

/** What the views of a trip have in common: what can be asked for from anywhere in them. */
export interface Asks {
  addPlace(at?: { lat: number; lng: number }): void
  editPlace(place: Extract<PlaceDraft, { place: object }>['place']): void
}

export function TripView() {
  const [draft, setDraft] = useState<PlaceDraft | null>(null)
  const isDesk = useWiderThan('md')
  const asks: Asks = {
    addPlace: (at) => setDraft({ place: null, ...(at && { at }) }),
    editPlace: (place) => setDraft({ place }),
  }
  return (
    <PlanDnd>
      {isDesk ? <DeskView asks={asks} /> : <PhoneView asks={asks} />}
      <PlaceDialog draft={draft} onClose={() => setDraft(null)} />
    </PlanDnd>
  )
}
