const LEAST_RSA_BITS = 2048
/** Larger ones only cost time to check with. */
const MOST_RSA_BITS = 8192

/** The members that only a private or a secret key has (RFC 7518 section 6). */
const PRIVATE = ['d', 'p', 'q', 'dp', 'dq', 'qi', 'oth', 'k']

/** How many bytes each member of a public key on a curve has (RFC 7518 section 6.2.1, RFC 8037 section 2, RFC 8812). */
const CURVES: Readonly<Record<'EC' | 'OKP', Readonly<Record<string, number>>>> = {
  EC: { 'P-256': 32, 'P-384': 48, 'P-521': 66, secp256k1: 32 },
  OKP: { Ed25519: 32, Ed448: 57, X25519: 32, X448: 56 },
}

/**
 * Why this is no public key (RFC 7517) that proves anything, or null. Whether the point of a key lies on its curve is looked at by
 * the server, which has the means.
 */
export function keyProblem(key: unknown): string | null {
  if (typeof key !== 'object' || key === null || Array.isArray(key)) return 'must be an object'
  const { kty } = key as Record<string, unknown>
  if (PRIVATE.some((member) => member in key)) return 'must be a public key; keep the private one to yourself'
  if (kty === 'RSA') return rsaProblem(key as Record<string, unknown>)
  return kty === 'EC' || kty === 'OKP'
    ? curveProblem(kty, key as Record<string, unknown>)
    : 'must be RSA, EC or OKP: a key pair'
}

function curveProblem(kty: 'EC' | 'OKP', key: Record<string, unknown>): string | null {
  const { crv } = key
  const bytes = typeof crv === 'string' && Object.hasOwn(CURVES[kty], crv) ? CURVES[kty][crv] : undefined
  if (bytes === undefined) return `must have one of these for its crv: ${Object.keys(CURVES[kty]).join(', ')}`
  for (const member of kty === 'EC' ? ['x', 'y'] : ['x']) {
    const has = octetsOf(key[member])?.length
    if (has === undefined) return `must have ${member} in base64url`
    if (has !== bytes) return `must have ${bytes} bytes in ${member}, as keys of ${crv} have: this one has ${has}`
  }
  return null
}

function rsaProblem({ n, e }: Record<string, unknown>): string | null {
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
  const bytes = octetsOf(number) ?? []
  const first = bytes.findIndex((byte) => byte !== 0)
  return first === -1 ? [] : bytes.slice(first)
}

/** The bytes of a text in base64url; undefined for what is none. */
export function octetsOf(text: unknown): number[] | undefined {
  if (typeof text !== 'string' || !/^[\w-]+$/.test(text)) return undefined
  try {
    return Array.from(atob(text.replaceAll('-', '+').replaceAll('_', '/')), (byte) => byte.charCodeAt(0))
  } catch {
    return undefined
  }
}
