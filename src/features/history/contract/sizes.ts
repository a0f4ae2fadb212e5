import { z } from 'zod'
import { administration, operation } from '../../../core/declare/operation.ts'
import { Instant } from '../../../core/declare/values.ts'

export const get_history_size = operation({
  name: 'get_history_size',
  title: 'See how large the history is',
  description: 'How many changes the history keeps with their content, how much room they take, and for how long.',
  effect: 'read',
  scope: null,
  permission: administration,
  route: 'GET /admin/history',
  expose: ['rest'],
  input: z.object({}),
  output: z.object({
    changes: z.int().describe('Changes with content. One change concerns one row.'),
    bytes: z.int().describe('Approximate room of the content, in bytes.'),
    since: Instant.nullable().describe('The oldest change with content; null if there is none.'),
    days: z.int().describe('For how many days content is kept (HISTORY_DAYS).'),
    deleted_trips: z.int().describe('Deleted trips that can be restored.'),
    deleted_days: z.int().describe('For how many days a deleted trip can be restored.'),
  }),
})
