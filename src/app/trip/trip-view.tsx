import { useState } from 'react'
import { PlaceDialog, type PlaceDraft } from '../../features/places/web/place-form.tsx'
import type { Asks } from '../../features/plan/web/asks.ts'
import { PlanDnd } from '../../features/plan/web/plan-dnd.tsx'
import { usePlanner } from '../../features/plan/web/planner.tsx'
import { useWiderThan } from '../../ui/media.ts'
import { DeskView } from './desk-view.tsx'
import { PhoneView } from './phone-view.tsx'

export function TripView() {
  const [draft, setDraft] = useState<PlaceDraft | null>(null)
  const isDesk = useWiderThan('md')
  const { rights } = usePlanner()
  const asks: Asks = {
    addPlace: (at) => setDraft({ place: null, ...(at && { at }) }),
    editPlace: (place) => setDraft({ place }),
  }
  return (
    <PlanDnd>
      {isDesk ? <DeskView asks={asks} /> : <PhoneView asks={asks} />}
      <PlaceDialog draft={rights.places ? draft : null} onClose={() => setDraft(null)} />
    </PlanDnd>
  )
}
