import { z } from 'zod'
import { sharedSection, shareOption } from '../../sharing/contract/shared-section.ts'
import { Day } from './index.ts'

export const shareMap = shareOption({
  name: 'share_map',
  order: 10,
  usual: true,
  says: 'Show the plan and its map.',
})

export const sharedDays = sharedSection({
  name: 'days',
  order: 10,
  option: shareMap,
  shape: z.array(Day.row.pick({ id: true, day_number: true, date: true, title: true })),
})
