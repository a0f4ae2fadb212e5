import { createHmac, createPrivateKey, randomBytes, timingSafeEqual } from 'node:crypto'
import { hashToken } from '../tokens.ts'

/** Prefixes of OAuth tokens, for people and secret scanners to recognise. */
export const ACCESS_PREFIX = 'trekoa_'
export const REFRESH_PREFIX = 'trekrf_'
export const SECRET_PREFIX = 'trekcs_'

export const newAccessToken = (): string => ACCESS_PREFIX + randomBytes(32).toString('hex')
export const newRefreshToken = (): string => REFRESH_PREFIX + randomBytes(32).toString('hex')
export const newClientSecret = (): string => SECRET_PREFIX + randomBytes(24).toString('hex')

/** The purpose of the secret for computing refresh tokens. */
export const REFRESH_CHAIN = 'oauth refresh tokens'

/**
 * The refresh token that follows another. Deterministic: presenting the old one twice at once yields one successor, in
 * any process.
 */
export const successorOf = (presented: string, key: string): string =>
  REFRESH_PREFIX + createHmac('sha256', key).update(presented).digest('hex')

/** Compares a value with the hash of a secret, in constant time. */
export function isSecret(given: string, hash: string): boolean {
  const expected = Buffer.from(hash)
  const actual = Buffer.from(hashToken(given))
  return expected.length === actual.length && timingSafeEqual(expected, actual)
}

// JSON never contains this character unescaped, so no client input can match it.
const PLACEHOLDER = '\u0001'

/** The stored payload of a code or token, without the code or token itself. */
export const keptPayload = (id: string, payload: object): string => JSON.stringify(payload).replaceAll(id, PLACEHOLDER)

export const readPayload = <T>(id: string, payload: string): T => JSON.parse(payload.replaceAll(PLACEHOLDER, id)) as T

// RFC 8410 section 7: the PKCS #8 prefix of the 32 bytes of an Ed25519 key.
const ED25519 = Buffer.from('302e020100300506032b657004220420', 'hex')

/** A signing key derived from a secret of this instance: the same in every process, and never stored. */
export function signingKeyFrom(secret: string) {
  const seed = Buffer.from(secret, 'base64url')
  const key = createPrivateKey({ key: Buffer.concat([ED25519, seed]), format: 'der', type: 'pkcs8' })
  return { ...key.export({ format: 'jwk' }), alg: 'EdDSA', use: 'sig', kid: 'trek' }
}
