import { Files } from 'lucide-react'
import { later } from '../../../ui/later.ts'
import type { Registration } from '../../../ui/registration.ts'

export const registration: Registration = {
  tabs: [
    {
      part: 'files',
      label: 'files.title',
      Icon: Files,
      order: 90,
      Page: later(() => import('./files-page.tsx'), 'FilesPage'),
    },
  ],
}
