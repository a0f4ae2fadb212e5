import { z } from 'zod'
import { sharedSection, shareOption } from '../../sharing/contract/shared-section.ts'
import { PackingItem, packing } from './index.ts'

export const sharePacking = shareOption({
  name: 'share_packing',
  order: 30,
  usual: false,
  says: 'Show the common packing items.',
  addon: packing,
})

export const sharedPacking = sharedSection({
  name: 'packing',
  order: 80,
  option: sharePacking,
  shape: z.array(PackingItem.row.pick({ id: true, name: true, category: true, quantity: true, checked: true })),
})
