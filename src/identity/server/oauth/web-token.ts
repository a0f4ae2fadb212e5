import { jwtVerify, SignJWT } from 'jose'
import type { Identity } from '../../../core/run/authentication.ts'
import type { CredentialKind } from '../credential-kind.ts'

/** The lifetime in seconds; a page requests a new one before it ends. */
export const WEB_TOKEN_SECONDS = 600

const ISSUER = 'trek'
const AUDIENCE = 'trek:/mcp'
const TYPE = 'trek-web+jwt'

/** A signed token with which a page of the app calls `/mcp` (RFC 7519). It names its session and ends with it. */
export class WebTokens {
  readonly #key: Uint8Array
  readonly #clock: () => Date

  constructor(key: string, clock: () => Date) {
    this.#key = Buffer.from(key, 'base64url')
    this.#clock = clock
  }

  issue(sessionId: number, userId: number): Promise<string> {
    const now = Math.floor(this.#clock().getTime() / 1000)
    return new SignJWT({ sid: String(sessionId) })
      .setProtectedHeader({ alg: 'HS256', typ: TYPE })
      .setIssuer(ISSUER)
      .setAudience(AUDIENCE)
      .setSubject(String(userId))
      .setIssuedAt(now)
      .setExpirationTime(now + WEB_TOKEN_SECONDS)
      .sign(this.#key)
  }

  /** The session and owner of a token; null if we did not sign it or it has expired. */
  async read(token: string): Promise<{ sessionId: number; userId: number } | null> {
    try {
      const { payload } = await jwtVerify(token, this.#key, {
        algorithms: ['HS256'],
        typ: TYPE,
        issuer: ISSUER,
        audience: AUDIENCE,
        currentDate: this.#clock(),
        requiredClaims: ['exp', 'sub', 'sid'],
      })
      return { sessionId: Number(payload.sid), userId: Number(payload.sub) }
    } catch {
      return null
    }
  }
}

/** Admits a page to `/mcp` as the logged-in person, with all their rights. */
export const webTokenKind = (
  tokens: WebTokens,
  bySession: (id: number) => Promise<Identity | null>,
): CredentialKind => ({
  kind: 'web',
  // The start of every JWT with a JSON header.
  prefix: 'eyJ',
  audiences: ['mcp'],
  async identify(token) {
    const read = await tokens.read(token)
    const identity = read && (await bySession(read.sessionId))
    return identity?.userId === read?.userId ? identity : null
  },
})
