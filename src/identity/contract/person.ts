import { z } from 'zod'
import { Id } from '../../core/declare/values.ts'

/** Somebody as others see them: never their e-mail address, never their rights. */
export const Person = z.object({
  user_id: Id,
  username: z.string(),
  name: z.string(),
})
export type Person = z.output<typeof Person>
