/** Hashes and verifies passwords. */
export interface Passwords {
  hash(password: string): Promise<string>
  verify(attempt: { hash: string; password: string }): Promise<boolean>
}

/** Deliberately slow: stolen hashes allow few guesses a second. */
export const scrypt: Passwords = {
  hash: async (password) => (await import('better-auth/crypto')).hashPassword(password),
  verify: async (attempt) => (await import('better-auth/crypto')).verifyPassword(attempt),
}
