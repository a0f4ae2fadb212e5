const LEAST_RSA_BITS = 2048
/** Larger ones only cost time to check with. */
const MOST_RSA_BITS = 8192

/** Why a public key (RFC 7517) proves too little to be taken, or null; whether it is a key at all is not looked at here. */
export function keyProblem(key: unknown): string | null {
  const { kty, n, e } = (key ?? {}) as Record<string, unknown>
  if (kty !== 'RSA') return null
  const bits = bitsOf(n)
  if (bits < LEAST_RSA_BITS || bits > MOST_RSA_BITS) {
    const has = bits ? ` this one has ${bits}` : ' the n of this one cannot be read'
    return `must be an RSA key of ${LEAST_RSA_BITS} to ${MOST_RSA_BITS} bits:${has}`
  }
  // With an exponent of 1 a signature is the text itself, and anybody can write it.
  const exponent = bitsOf(e)
  return exponent < 2 || exponent > 64 || !isOdd(e) ? 'must be an RSA key with the usual exponent, AQAB' : null
}

/** How many bits a number in base64url has; 0 for what is none. */
function bitsOf(number: unknown): number {
  const [first, ...rest] = bytesOf(number)
  return first === undefined ? 0 : 32 - Math.clz32(first) + 8 * rest.length
}

const isOdd = (number: unknown): boolean => ((bytesOf(number).at(-1) ?? 0) & 1) === 1

/** Without the zeros in front. */
function bytesOf(number: unknown): number[] {
  if (typeof number !== 'string' || !/^[\w-]+$/.test(number)) return []
  try {
    const bytes = Array.from(atob(number.replaceAll('-', '+').replaceAll('_', '/')), (byte) => byte.charCodeAt(0))
    const first = bytes.findIndex((byte) => byte !== 0)
    return first === -1 ? [] : bytes.slice(first)
  } catch {
    return []
  }
}
