import { z } from 'zod'
import { messages } from './messages.ts'

/** The most common passwords, which attackers try first. */
const COMMON = new Set(
  [
    'password password1 password12 password123 password1234 passw0rd p@ssw0rd p@ssword letmein1 letmein123 welcome1',
    'welcome123 admin123 admin1234 administrator changeme changeme1 changeme123 default1 secret123 12345678 123456789',
    '1234567890 0123456789 87654321 987654321 11223344 12341234 qwertyui qwertyuiop qwerty12 qwerty123 qwertz123',
    'asdfghjk asdfghjkl 1q2w3e4r 1q2w3e4r5t 1qaz2wsx zaq12wsx abcd1234 abc12345 abcdefgh iloveyou iloveyou1 sunshine',
    'princess football baseball superman trustno1 whatever starwars michelle jennifer computer internet samsung1',
    'trekking trek1234 travel123 vacation holiday1',
  ].flatMap((line) => line.split(' ')),
)

const isOneCharacter = (text: string): boolean => new Set(text.toLowerCase()).size === 1

/** A new password. Problems are reported in words. */
export const NewPassword = z
  .string()
  .min(8, { abort: true })
  .max(200, { abort: true })
  .refine((text) => !isOneCharacter(text), { error: messages.repeatedCharacter.key, abort: true })
  .refine((text) => !COMMON.has(text.toLowerCase()), {
    error: messages.commonPassword.key,
  })

/** An existing password. Only its length is limited, to bound the cost of hashing. */
export const GivenPassword = z.string().max(200)
