import { hash, randomBytes } from 'node:crypto'

export const STATIC_PREFIX = 'trek_'
export const MOST_TOKENS = 10

const FORM = /^trek_[0-9a-f]{48}$/

/** A token, shown once, with its stored prefix and hash. */
export interface MintedToken {
  readonly token: string
  readonly prefix: string
  readonly hash: string
}

export function mintToken(): MintedToken {
  const token = `${STATIC_PREFIX}${randomBytes(24).toString('hex')}`
  return { token, prefix: token.slice(0, 13), hash: hashToken(token) }
}

export const isStaticToken = (text: string): boolean => FORM.test(text)

/** The stored form of a token. Tokens are long and random, so a fast hash cannot be reversed. */
export const hashToken = (token: string): string => hash('sha256', token)
