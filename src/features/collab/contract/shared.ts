import { z } from 'zod'
import { sharedSection, shareOption } from '../../sharing/contract/shared-section.ts'
import { CollabNote } from './index.ts'

export const shareCollab = shareOption({
  name: 'share_collab',
  order: 50,
  usual: false,
  says: 'Show shared notes.',
})

export const sharedNotes = sharedSection({
  name: 'notes',
  order: 100,
  option: shareCollab,
  shape: z.array(
    CollabNote.row.pick({
      id: true,
      title: true,
      content: true,
      category: true,
      color: true,
      pinned: true,
      website: true,
    }),
  ),
})
