import { ListChecks } from 'lucide-react'
import { later } from '../../../ui/later.ts'
import type { Registration } from '../../../ui/registration.ts'

export const registration: Registration = {
  tabs: [
    {
      part: 'todos',
      label: 'todos.title',
      Icon: ListChecks,
      addon: 'packing',
      order: 70,
      Page: later(() => import('./todos-page.tsx'), 'TodosPage'),
    },
  ],
  news: { todo_due: ListChecks },
}
