import { createPublicKey, type JsonWebKey } from 'node:crypto'
import type { Message } from '../../../core/declare/message.ts'
import { keyProblem, octetsOf } from '../../contract/key-strength.ts'
import { messages } from './messages.ts'

/** Why this is not a secure public key, or null. */
export const keyFault = (key: unknown): Message | null => keyProblem(key) ?? pointFault(key as JsonWebKey)

/** A point off its curve has no private key. With a point of small order, anyone can sign. */
function pointFault(key: JsonWebKey): Message | null {
  if (key.kty === 'EC' && !isRead(key)) return messages.notOnCurve({ curve: String(key.crv) })
  if (key.crv !== 'Ed25519') return null
  const point = octetsOf(key.x) as number[]
  if (!isOnEd25519(point)) return messages.notOnCurve({ curve: key.crv })
  return isOfSmallOrder(point) ? messages.weakPoint() : null
}

/** OpenSSL checks whether an EC point is on its curve. */
function isRead(key: JsonWebKey): boolean {
  try {
    createPublicKey({ key, format: 'jwk' })
    return true
  } catch {
    return false
  }
}

/** Constants of Ed25519 (RFC 8032 section 5.1). OpenSSL accepts any 32 bytes as such a key. */
const P = 2n ** 255n - 19n
const D = 37095705934669439343138083508754565189542113879843219016388785533085940283555n

const OF_ORDER_EIGHT = 0x05fc536d880238b13933c6d305acdfd5f098eff289f4c345b027b2c28f95e826n

/** The y of points whose order divides 8: signatures for any message can be forged for them. */
const SMALL = [0n, 1n, P - 1n, OF_ORDER_EIGHT, P - OF_ORDER_EIGHT]

/** The y of a point: little-endian, with the sign of x in the top bit. */
const yOf = (bytes: readonly number[]): bigint =>
  BigInt.asUintN(
    255,
    [...bytes].reverse().reduce((sum, byte) => sum * 256n + BigInt(byte), 0n),
  )

/** Whether an x satisfies -x² + y² = 1 + dx²y², that is, whether (y² - 1)(dy² + 1) has a square root. */
function isOnEd25519(bytes: readonly number[]): boolean {
  const y = yOf(bytes)
  const square = (y * y) % P
  return y < P && power(((square - 1n) * (D * square + 1n)) % P, (P - 1n) / 2n) !== P - 1n
}

const isOfSmallOrder = (bytes: readonly number[]): boolean => SMALL.includes(yOf(bytes))

/** base^exponent mod p. */
function power(base: bigint, exponent: bigint): bigint {
  let result = 1n
  let factor = ((base % P) + P) % P
  for (let left = exponent; left > 0n; left >>= 1n) {
    if (left & 1n) result = (result * factor) % P
    factor = (factor * factor) % P
  }
  return result
}
