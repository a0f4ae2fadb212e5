import { lazyRouteComponent } from '@tanstack/react-router'
import type { Registration } from '../../../ui/registration.ts'

export const registration: Registration = {
  settings: [
    {
      value: 'doctor',
      label: 'doctor.tab',
      order: 50,
      adminOnly: true,
      Panel: lazyRouteComponent(() => import('./doctor.tsx'), 'Doctor'),
    },
  ],
}
