import { createHash } from 'node:crypto'
import { type Passwords, scrypt } from '../../../src/identity/server/index.ts'

const MARK = 'of a test:'

/** Hashes passwords fast. It accepts the hashes of other processes too, but other processes do not accept these. */
export const quickPasswords: Passwords = {
  hash: async (password) => `${MARK}${createHash('sha256').update(password).digest('hex')}`,
  verify: async ({ hash, password }) =>
    hash.startsWith(MARK) ? hash === (await quickPasswords.hash(password)) : scrypt.verify({ hash, password }),
}

/** The same with a count of hashes, as a measure of the cost. */
export function countedPasswords() {
  const counted = { hashes: 0 }
  const passwords: Passwords = {
    hash: (password) => {
      counted.hashes++
      return quickPasswords.hash(password)
    },
    verify: (attempt) => {
      counted.hashes++
      return quickPasswords.verify(attempt)
    },
  }
  return { passwords, counted }
}
