import { later } from '../../../ui/later.ts'
import type { Registration } from '../../../ui/registration.ts'

export const registration: Registration = {
  settings: [
    {
      value: 'notifications',
      label: 'notifications.title',
      order: 40,
      Panel: later(() => import('./notification-preferences.tsx'), 'NotificationPreferences'),
    },
  ],
}
