import { lazyRouteComponent } from '@tanstack/react-router'
import { Globe } from 'lucide-react'
import type { Registration } from '../../../ui/registration.ts'

export const registration: Registration = {
  pages: [
    {
      path: '/atlas',
      frame: 'bar',
      component: lazyRouteComponent(() => import('./atlas-page.tsx'), 'AtlasPage'),
    },
  ],
  links: [{ to: '/atlas', label: 'atlas.title', Icon: Globe, order: 20 }],
  commands: [{ id: 'atlas', label: 'atlas.title', Icon: Globe, order: 40, opens: { to: '/atlas' } }],
}
