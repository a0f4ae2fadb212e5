import { useState } from 'react'
import { PlaceDialog, type PlaceDraft } from '../../features/places/web/place-form.tsx'
import { useWiderThan } from '../media.ts'
import { DeskView } from './desk-view.tsx'
import { PhoneView } from './phone-view.tsx'
import { PlanDnd } from './plan-dnd.tsx'

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
