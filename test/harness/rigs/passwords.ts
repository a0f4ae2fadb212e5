import { createHash } from 'node:crypto'
import { type Passwords, scrypt } from '../../../src/identity/server/index.ts'

const MARK = 'of a test:'

/** Keeps passwords in no time. What another process has kept is still known; a process of its own does not know these. */
export const quickPasswords: Passwords = {
  hash: async (password) => `${MARK}${createHash('sha256').update(password).digest('hex')}`,
  verify: async ({ hash, password }) =>
    hash.startsWith(MARK) ? hash === (await quickPasswords.hash(password)) : scrypt.verify({ hash, password }),
}

/** The same, counting: what it would cost is how often it is asked. */
export function countedPasswords() {
  const counted = { hashes: 0 }
  const passwords: Passwords = {
    hash: (password) => {
      counted.hashes++
      return quickPasswords.hash(password)
    },
    verify: (asked) => {
      counted.hashes++
      return quickPasswords.verify(asked)
    },
  }
  return { passwords, counted }
}
