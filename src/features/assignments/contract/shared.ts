import { z } from 'zod'
import { shareMap } from '../../days/contract/shared.ts'
import { sharedSection } from '../../sharing/contract/shared-section.ts'
import { Assignment } from './index.ts'

export const sharedStops = sharedSection({
  name: 'stops',
  order: 20,
  option: shareMap,
  shape: z.array(
    Assignment.row.pick({
      id: true,
      day_id: true,
      place_id: true,
      order_key: true,
      notes: true,
      place_time: true,
      end_time: true,
    }),
  ),
})
