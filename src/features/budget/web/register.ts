import { Wallet } from 'lucide-react'
import { later } from '../../../ui/later.ts'
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
      Page: later(() => import('./costs-page.tsx'), 'CostsPage'),
    },
  ],
  publicSections: [
    publicSection({
      id: 'costs',
      label: 'costs.title',
      order: 30,
      isIn: ({ budget }) => Boolean(budget),
      Section: later(() => import('./public-budget.tsx'), 'PublicBudget'),
    }),
  ],
}
