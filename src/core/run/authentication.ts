import type { Caller } from '../data/space.ts'
import type { Message } from '../declare/message.ts'

/** Who sends a request, as its credential says. */
export interface Identity {
  readonly userId: number
  readonly name: string
  readonly admin: boolean
  readonly scopes: Caller['scopes']
  /** What the credential belongs to, as `session:5`, `token:7` or `grant:9`; when it ends, connections that use it are closed. */
  readonly grant: string
  /** The program that holds the token, as its owner named it; null for a person in the app. */
  readonly client: string | null
  /** The id by which OAuth knows that program; null for every other way in. */
  readonly clientId: string | null
  /** What an assistant must be told about the way it logged in; null when all is well. */
  readonly notice: Notice | null
  readonly readOnly: Message | null
}

/** The client authenticated in a deprecated way. */
export interface Notice {
  /** In a sentence or two, for every answer. */
  readonly short: string
  /** What to do about it, step by step, for whoever asks. */
  readonly guide: string
}

/** Which endpoint a token is for. */
export type Audience = 'mcp' | 'rest'

/** Tells transports who sends a request. `identity/` implements it; a new kind of token is added there and nowhere else. */
export interface Authenticator {
  /** From `Authorization: Bearer …`; null for a token that is unknown, expired, revoked or not meant for this audience. */
  identifyBearer(token: string, audience: Audience): Promise<Identity | null>
  /** From the cookie of a web session; never accepted at `/mcp`. */
  identifyCookie(cookie: string | undefined): Promise<Identity | null>
  /** Whether this grant still exists. Streams ask when the doorbell rings `grant:<grant>` or `'*'`. */
  isActive(grant: string): Promise<boolean>
}

/** How many bytes of a body are read before the sender is authenticated. */
export const STRANGERS_BODY = 16 * 1024

/** The topic of the doorbell for the end of a grant. */
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
