import { lazyRouteComponent } from '@tanstack/react-router'
import { Wallet } from 'lucide-react'
import type { Registration } from '../../../ui/registration.ts'
import { publicSection } from '../../sharing/web/public-section.ts'

export const registration: Registration = {
  tabs: [
    {
      part: 'costs',
      label: 'costs.title',
      Icon: Wallet,
      addon: 'budget',
      order: 50,
      Page: lazyRouteComponent(() => import('./costs-page.tsx'), 'CostsPage'),
    },
  ],
  publicSections: [
    publicSection({
      id: 'costs',
      label: 'costs.title',
      order: 30,
      isIn: ({ budget }) => Boolean(budget),
      Section: lazyRouteComponent(() => import('./public-budget.tsx'), 'PublicBudget'),
    }),
  ],
}
