import { createHmac, createPrivateKey, randomBytes, timingSafeEqual } from 'node:crypto'
import { hashToken } from '../tokens.ts'

/** What the tokens of OAuth start with, so that a person and a scanner of secrets know what they have found. */
export const ACCESS_PREFIX = 'trekoa_'
export const REFRESH_PREFIX = 'trekrf_'
export const SECRET_PREFIX = 'trekcs_'

export const newAccessToken = (): string => ACCESS_PREFIX + randomBytes(32).toString('hex')
export const newRefreshToken = (): string => REFRESH_PREFIX + randomBytes(32).toString('hex')
export const newClientSecret = (): string => SECRET_PREFIX + randomBytes(24).toString('hex')

/**
 * The refresh token that follows on another one: always the same, so that whoever presents the old one twice at the same moment gets
 * one successor, in whatever process.
 */
export const successorOf = (presented: string, key: string): string =>
  REFRESH_PREFIX + createHmac('sha256', key).update(presented).digest('hex')

/** Compares what was sent with the hash of a secret, in the same time whatever it is. */
export function isSecret(given: string, hash: string): boolean {
  const wanted = Buffer.from(hash)
  const got = Buffer.from(hashToken(given))
  return wanted.length === got.length && timingSafeEqual(wanted, got)
}

// JSON never holds this character as it is, so that nothing a client sends can be taken for it.
const PLACEHOLDER = '\u0001'

/** What is told of a code or a token, as it is kept: without the code or token itself. */
export const keptPayload = (id: string, payload: object): string => JSON.stringify(payload).replaceAll(id, PLACEHOLDER)

export const readPayload = <T>(id: string, kept: string): T => JSON.parse(kept.replaceAll(PLACEHOLDER, id)) as T

// RFC 8410 section 7: what stands before the 32 bytes of an Ed25519 key in PKCS #8.
const ED25519 = Buffer.from('302e020100300506032b657004220420', 'hex')

/** A key to sign with, computed from a secret of this instance: every process has the same one, and none is kept. */
export function signingKeyFrom(secret: string) {
  const seed = Buffer.from(secret, 'base64url')
  const key = createPrivateKey({ key: Buffer.concat([ED25519, seed]), format: 'der', type: 'pkcs8' })
  return { ...key.export({ format: 'jwk' }), alg: 'EdDSA', use: 'sig', kid: 'trek' }
}
