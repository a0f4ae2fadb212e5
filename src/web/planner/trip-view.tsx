import { useState } from 'react'
import { PlaceDialog, type PlaceDraft } from '../../features/places/web/place-form.tsx'
import { useWiderThan } from '../media.ts'
import type { Asks } from './asks.ts'
import { DeskView } from './desk-view.tsx'
import { PhoneView } from './phone-view.tsx'
import { PlanDnd } from './plan-dnd.tsx'

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
