import { z } from 'zod'
import { duration } from './values.ts'
import { variable } from './variable.ts'

/** The first administrator, and how long a log-in lasts. */
export const PEOPLE = {
  ADMIN_EMAIL: variable({
    type: z.email(),
    default: 'admin@trek.local',
    allowed: 'an e-mail address',
    description: 'The e-mail address of the first administrator, who is created at the first start.',
  }),
  ADMIN_PASSWORD: variable({
    type: z.string().min(8).max(200),
    secret: true,
    allowed: '8 to 200 characters; common passwords are refused',
    description: 'The password of the first administrator. When not set, TREK generates one and prints it once.',
  }),
  SESSION_DURATION: variable({
    type: duration,
    default: '24h',
    allowed: 'a duration like 30m, 24h or 7d',
    description: 'How long a log-in lasts without "remember me".',
  }),
  SESSION_DURATION_REMEMBER: variable({
    type: duration,
    default: '30d',
    allowed: 'a duration like 30m, 24h or 30d',
    description: 'How long a log-in with "remember me" lasts after its last use.',
  }),
}
