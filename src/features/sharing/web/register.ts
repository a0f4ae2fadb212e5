import { lazyRouteComponent } from '@tanstack/react-router'
import type { Registration } from '../../../ui/registration.ts'

export const registration: Registration = {
  pages: [
    {
      path: '/shared/$token',
      frame: 'bare',
      component: lazyRouteComponent(() => import('./public/public-trip-page.tsx'), 'PublicTripPage'),
    },
  ],
}
