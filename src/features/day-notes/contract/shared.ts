import { z } from 'zod'
import { shareMap } from '../../days/contract/shared.ts'
import { sharedSection } from '../../sharing/contract/shared-section.ts'
import { DayNote } from './index.ts'

export const sharedDayNotes = sharedSection({
  name: 'day_notes',
  order: 30,
  option: shareMap,
  shape: z.array(DayNote.row.pick({ id: true, day_id: true, text: true, time: true, icon: true, order_key: true })),
})
