import { Map as MapIcon, Route } from 'lucide-react'
import { later } from '../../../ui/later.ts'
import type { Registration } from '../../../ui/registration.ts'
import { publicSection } from '../../sharing/web/public-section.ts'

export const registration: Registration = {
  tabs: [
    { part: 'plan', label: 'trip.plan', Icon: Route, order: 10 },
    { part: 'map', label: 'map.title', Icon: MapIcon, order: 20, phoneOnly: true },
  ],
  publicSections: [
    publicSection({
      id: 'plan',
      label: 'trip.plan',
      order: 10,
      isIn: ({ days }) => Boolean(days?.length),
      Section: later(() => import('./public/public-plan.tsx'), 'PublicPlan'),
    }),
  ],
}
