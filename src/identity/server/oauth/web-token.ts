import { jwtVerify, SignJWT } from 'jose'
import type { Identity } from '../../../core/run/authentication.ts'
import type { CredentialKind } from '../credential-kind.ts'

/** How long a page may use one, in seconds; it asks for another before. */
export const WEB_TOKEN_SECONDS = 600

const ISSUER = 'trek'
const AUDIENCE = 'trek:/mcp'
const TYPE = 'trek-web+jwt'

/** A signed word with which a page of the app speaks to `/mcp` (RFC 7519). It says which log-in it belongs to, and ends with it. */
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

  /** The session that a token speaks for, and whose it was; null for anything that we did not sign or that is over. */
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

/** Lets a page in at `/mcp` as the person who is logged in, with everything they may do. */
export const webTokenKind = (
  tokens: WebTokens,
  bySession: (id: number) => Promise<Identity | null>,
): CredentialKind => ({
  kind: 'web',
  // What every JWT with a JSON header starts with.
  prefix: 'eyJ',
  audiences: ['mcp'],
  async identify(token) {
    const read = await tokens.read(token)
    const identity = read && (await bySession(read.sessionId))
    return identity?.userId === read?.userId ? identity : null
  },
})
