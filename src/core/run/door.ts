import type { Caller } from '../data/space.ts'

/** Somebody who has shown who they are, before it is known what they ask for. */
export interface Identity {
  readonly userId: number
  readonly name: string
  readonly admin: boolean
  readonly scopes: Caller['scopes']
  /** What let them in, as `session:5`, `token:7` or `grant:9`; when it ends, everything that lives by it ends. */
  readonly grant: string
  /** The program that holds the token, as its owner named it; null for a person in the app. */
  readonly client: string | null
  /** The id by which OAuth knows that program; null for every other way in. */
  readonly clientId: string | null
  /** What an assistant must be told about the way it logged in; null when all is well. */
  readonly notice: Notice | null
  readonly readOnly: string | null
}

/** That somebody came in by a way that is deprecated. */
export interface Notice {
  /** In a sentence or two, for every answer. */
  readonly short: string
  /** What to do about it, step by step, for whoever asks. */
  readonly guide: string
}

/** What a token can be meant for. */
export type Audience = 'mcp' | 'rest'

/** How transports learn who is asking. `identity/` gives it; a further kind of token is added there and nowhere else. */
export interface Door {
  /** From `Authorization: Bearer …`; null for a token that is unknown, expired, revoked or not meant for this audience. */
  byBearer(token: string, audience: Audience): Promise<Identity | null>
  /** From the cookie of a web session; never accepted at `/mcp`. */
  byCookie(cookie: string | undefined): Promise<Identity | null>
  /** Whether what let somebody in still holds. Streams ask when the doorbell rings `grant:<grant>` or `'*'`. */
  holds(grant: string): Promise<boolean>
}

/** As many bytes are read of somebody who has not shown who they are. */
export const STRANGERS_BODY = 16 * 1024

/** The topic that rings when a grant ends. */
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
