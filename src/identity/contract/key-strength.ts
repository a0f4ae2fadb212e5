import type { Message } from '../../core/declare/message.ts'
import { messages } from './messages.ts'

const LEAST_RSA_BITS = 2048
/** Larger keys only cost time to verify. */
const MOST_RSA_BITS = 8192

/** Members that only private or secret keys have (RFC 7518 section 6). */
const PRIVATE = ['d', 'p', 'q', 'dp', 'dq', 'qi', 'oth', 'k']

/** Lengths in bytes of the members of elliptic-curve keys (RFC 7518 section 6.2.1, RFC 8037 section 2, RFC 8812). */
const CURVES: Readonly<Record<'EC' | 'OKP', Readonly<Record<string, number>>>> = {
  EC: { 'P-256': 32, 'P-384': 48, 'P-521': 66, secp256k1: 32 },
  OKP: { Ed25519: 32, Ed448: 57, X25519: 32, X448: 56 },
}

/**
 * Why this is not a secure public key (RFC 7517), or null. The server checks whether a key's point is on its curve:
 * only it has the means.
 */
export function keyProblem(key: unknown): Message | null {
  if (typeof key !== 'object' || key === null || Array.isArray(key)) return messages.keyObject()
  const { kty } = key as Record<string, unknown>
  if (PRIVATE.some((member) => member in key)) return messages.privateKey()
  if (kty === 'RSA') return rsaProblem(key as Record<string, unknown>)
  return kty === 'EC' || kty === 'OKP' ? curveProblem(kty, key as Record<string, unknown>) : messages.keyKind()
}

function curveProblem(kty: 'EC' | 'OKP', key: Record<string, unknown>): Message | null {
  const { crv } = key
  const bytes = typeof crv === 'string' && Object.hasOwn(CURVES[kty], crv) ? CURVES[kty][crv] : undefined
  if (bytes === undefined) return messages.keyCurve({ curves: Object.keys(CURVES[kty]) })
  for (const member of kty === 'EC' ? ['x', 'y'] : ['x']) {
    const length = octetsOf(key[member])?.length
    if (length === undefined) return messages.noBase64url({ member })
    if (length !== bytes) return messages.keyBytes({ count: bytes, member, curve: String(crv), length })
  }
  return null
}

function rsaProblem({ n, e }: Record<string, unknown>): Message | null {
  if (!octetsOf(n)) return messages.noBase64url({ member: 'n' })
  const bits = bitsOf(n)
  if (bits < LEAST_RSA_BITS || bits > MOST_RSA_BITS) {
    return messages.rsaBits({ minimum: LEAST_RSA_BITS, maximum: MOST_RSA_BITS, bits })
  }
  // With an exponent of 1 a signature is the message itself, so anyone can forge it.
  const exponent = bitsOf(e)
  return exponent < 2 || exponent > 64 || !isOdd(e) ? messages.rsaExponent() : null
}

/** The bit length of a number in base64url; 0 if invalid. */
function bitsOf(number: unknown): number {
  const [first, ...rest] = bytesOf(number)
  return first === undefined ? 0 : 32 - Math.clz32(first) + 8 * rest.length
}

const isOdd = (number: unknown): boolean => ((bytesOf(number).at(-1) ?? 0) & 1) === 1

/** Without leading zeros. */
function bytesOf(number: unknown): number[] {
  const bytes = octetsOf(number) ?? []
  const first = bytes.findIndex((byte) => byte !== 0)
  return first === -1 ? [] : bytes.slice(first)
}

/** Decodes base64url; undefined if invalid. */
export function octetsOf(text: unknown): number[] | undefined {
  if (typeof text !== 'string' || !/^[\w-]+$/.test(text)) return undefined
  try {
    return Array.from(atob(text.replaceAll('-', '+').replaceAll('_', '/')), (byte) => byte.charCodeAt(0))
  } catch {
    return undefined
  }
}
