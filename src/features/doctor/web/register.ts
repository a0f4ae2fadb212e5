import { later } from '../../../ui/later.ts'
import type { Registration } from '../../../ui/registration.ts'

export const registration: Registration = {
  settings: [
    {
      value: 'doctor',
      label: 'doctor.tab',
      order: 50,
      adminOnly: true,
      Panel: later(() => import('./doctor.tsx'), 'Doctor'),
    },
  ],
}
