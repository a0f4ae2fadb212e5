import { later } from '../../../ui/later.ts'
import type { Registration } from '../../../ui/registration.ts'

export const registration: Registration = {
  admin: [
    { value: 'backups', label: 'backups.tab', order: 45, Panel: later(() => import('./backups.tsx'), 'Backups') },
  ],
}
