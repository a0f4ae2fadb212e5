import { MessagesSquare } from 'lucide-react'
import { later } from '../../../ui/later.ts'
import type { Registration } from '../../../ui/registration.ts'
import { publicSection } from '../../sharing/web/public-section.ts'
import { UnreadMark } from './unread-mark.tsx'

export const registration: Registration = {
  tabs: [
    {
      part: 'together',
      label: 'together.title',
      Icon: MessagesSquare,
      Mark: UnreadMark,
      order: 80,
      Page: later(() => import('./together-page.tsx'), 'TogetherPage'),
    },
  ],
  publicSections: [
    publicSection({
      id: 'notes',
      label: 'sharing.notes',
      order: 50,
      isIn: ({ notes }) => Boolean(notes?.length),
      Section: later(() => import('./public-notes.tsx'), 'PublicNotes'),
    }),
  ],
  news: { collab_message: MessagesSquare },
}
