import { History } from 'lucide-react'
import { later } from '../../../ui/later.ts'
import type { Registration } from '../../../ui/registration.ts'

export const registration: Registration = {
  tabs: [
    {
      part: 'history',
      label: 'history.title',
      Icon: History,
      order: 100,
      Page: later(() => import('./history-page.tsx'), 'HistoryPage'),
    },
  ],
  admin: [
    {
      value: 'history',
      label: 'history.title',
      order: 47,
      Panel: later(() => import('./history-size.tsx'), 'HistorySize'),
    },
  ],
}
