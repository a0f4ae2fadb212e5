import { lazyRouteComponent } from '@tanstack/react-router'
import type { Registration } from '../../../ui/registration.ts'

export const registration: Registration = {
  settings: [
    {
      value: 'notifications',
      label: 'notifications.title',
      order: 40,
      Panel: lazyRouteComponent(() => import('./notification-preferences.tsx'), 'NotificationPreferences'),
    },
  ],
}
