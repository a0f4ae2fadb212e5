import { Luggage } from 'lucide-react'
import { later } from '../../../ui/later.ts'
import type { Registration } from '../../../ui/registration.ts'
import { publicSection } from '../../sharing/web/public-section.ts'

export const registration: Registration = {
  tabs: [
    {
      part: 'packing',
      label: 'packing.title',
      Icon: Luggage,
      addon: 'packing',
      order: 60,
      Page: later(() => import('./packing-page.tsx'), 'PackingPage'),
    },
  ],
  publicSections: [
    publicSection({
      id: 'packing',
      label: 'packing.title',
      order: 40,
      isIn: ({ packing }) => Boolean(packing?.length),
      Section: later(() => import('./public-packing.tsx'), 'PublicPacking'),
    }),
  ],
  news: { packing_tagged: Luggage },
}
