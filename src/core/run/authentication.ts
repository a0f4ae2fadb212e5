import type { Caller } from '../data/space.ts'
import type { Message } from '../declare/message.ts'

/** The authenticated sender of a request. */
export interface Identity {
  readonly userId: number
  readonly name: string
  readonly admin: boolean
  readonly scopes: Caller['scopes']
  /** The owner of the credential, as `session:5`, `token:7` or `grant:9`. When it ends, its connections are closed. */
  readonly grant: string
  /** The program that holds the token, by the name that its owner gave it; null for a person in the app. */
  readonly client: string | null
  /** The OAuth client id of that program; null for every other credential. */
  readonly clientId: string | null
  /** A warning about how an assistant authenticated; otherwise null. */
  readonly notice: Notice | null
  readonly readOnly: Message | null
}

/** The client authenticated in a deprecated way. */
export interface Notice {
  /** One or two sentences, for every answer. */
  readonly short: string
  /** What to do about it, step by step, on request. */
  readonly guide: string
}

/** The endpoint for which a token is valid. */
export type Audience = 'mcp' | 'rest'

/** Authenticates requests for the transports. `identity/` implements it; a new kind of token is added only there. */
export interface Authenticator {
  /**
   * From `Authorization: Bearer …`; null for a token that is unknown, expired, revoked or not valid for this audience.
   */
  identifyBearer(token: string, audience: Audience): Promise<Identity | null>
  /** From the cookie of a web session; never accepted at `/mcp`. */
  identifyCookie(cookie: string | undefined): Promise<Identity | null>
  /** Whether this grant still exists. Streams check when the notifier reports `grant:<grant>` or `'*'`. */
  isActive(grant: string): Promise<boolean>
}

/** How many bytes of a body are read before authentication. */
export const STRANGERS_BODY = 16 * 1024

/** The notifier topic for the end of a grant. */
export const grantTopic = (grant: string): string => `grant:${grant}`

export const callerOf = (identity: Identity, way: Caller['way'], client: string | null = identity.client): Caller => ({
  userId: identity.userId,
  name: identity.name,
  admin: identity.admin,
  way,
  client,
  program: identity.client,
  grant: identity.grant,
  scopes: identity.scopes,
  readOnly: identity.readOnly,
})
