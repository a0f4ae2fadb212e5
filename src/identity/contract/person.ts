import { z } from 'zod'
import { Id } from '../../core/declare/values.ts'

/** A user as seen by others: without e-mail address and rights. */
export const Person = z.object({
  user_id: Id,
  username: z.string(),
  name: z.string(),
})
export type Person = z.output<typeof Person>
