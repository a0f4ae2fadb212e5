/** How a password is kept, so that it can be compared and not be read. */
export interface Passwords {
  hash(password: string): Promise<string>
  verify(asked: { hash: string; password: string }): Promise<boolean>
}

/** Slow on purpose: whoever gets hold of the hashes can try few passwords a second. */
export const scrypt: Passwords = {
  hash: async (password) => (await import('better-auth/crypto')).hashPassword(password),
  verify: async (asked) => (await import('better-auth/crypto')).verifyPassword(asked),
}
