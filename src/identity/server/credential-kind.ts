import type { Audience, Identity } from '../../core/run/authentication.ts'

/** A kind of token that authenticates requests. Add new kinds to the list that `createIdentity` takes. */
export interface CredentialKind {
  /** The part of `grant` before the colon. */
  readonly kind: string
  /** The prefix of such tokens. */
  readonly prefix: string
  /** The endpoints that accept it; others do not look it up. */
  readonly audiences: readonly Audience[]
  identify(token: string): Promise<Identity | null>
  /** Whether this grant still exists; absent if the grant is of another kind. */
  isActive?(id: string): Promise<boolean>
}
