import { z } from 'zod'
import { route } from '../../core/declare/route.ts'
import { wrong } from '../../core/declare/value-messages.ts'
import { User } from './index.ts'
import { GivenPassword } from './passwords.ts'

export const log_in = route({
  name: 'log_in',
  title: 'Log in',
  description: 'Log in with username or e-mail address and password. The answer sets the cookie of the session.',
  admits: 'anybody',
  route: 'POST /api/auth/login',
  input: z.object({
    identifier: z.string().trim().min(1, { error: wrong.empty.key }).max(254).describe('Username or e-mail address.'),
    password: GivenPassword.min(1, { error: wrong.empty.key }),
    remember_me: z
      .boolean()
      .default(false)
      .describe('Whether to stay logged in after the browser is closed. Default: false.'),
  }),
  output: z.object({ user: User.row }),
})

export const log_out = route({
  name: 'log_out',
  title: 'Log out',
  description: 'End the session of the cookie and clear the cookie.',
  admits: 'anybody',
  route: 'POST /api/auth/logout',
  input: z.object({}),
  output: z.object({ success: z.literal(true) }),
})

/** Called when the app opens; also prolongs a remembered session. */
export const who_am_i = route({
  name: 'who_am_i',
  title: 'See who is logged in',
  description: 'The account of the session, or null when nobody is logged in.',
  admits: 'anybody',
  route: 'GET /api/auth/me',
  input: z.object({}),
  output: z.object({ user: User.row.nullable() }),
})
