import { z } from 'zod'
import { operation } from '../../../core/declare/operation.ts'
import { day_edit, inDay } from '../../days/contract/index.ts'
import { reservation_edit } from '../../reservations/contract/index.ts'
import { EntryRef, entryIn, neighbours } from './entry.ts'

export const move_plan_entry = operation({
  name: 'move_plan_entry',
  title: 'Move something in the plan',
  description:
    'Move a stop, note or booking within its day; a stop or note also to another day. Without before and after it goes to the end.',
  effect: 'update',
  scope: 'trips:write',
  permission: ({ entry }) => [entryIn(entry).kind === 'booking' ? reservation_edit : day_edit],
  route: 'PUT /trips/:tripId/days/:dayId/plan',
  input: inDay.extend({
    entry: EntryRef.describe('Entry to move: stop:12 (id of an assignment), note:3 or booking:4.'),
    ...neighbours,
  }),
  output: z.object({
    dayId: inDay.shape.dayId,
    entries: z.array(EntryRef).describe('All entries of the day, in order.'),
  }),
})
