import { lazyRouteComponent } from '@tanstack/react-router'
import { Files } from 'lucide-react'
import type { Registration } from '../../../ui/registration.ts'

export const registration: Registration = {
  tabs: [
    {
      part: 'files',
      label: 'files.title',
      Icon: Files,
      order: 90,
      Page: lazyRouteComponent(() => import('./files-page.tsx'), 'FilesPage'),
    },
  ],
}
