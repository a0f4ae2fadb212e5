import type { Audience, Identity } from '../../core/run/authentication.ts'

/** One kind of token that authenticates a request. A new kind is one more of these in the list that `createIdentity` takes. */
export interface CredentialKind {
  /** The kind in `grant`, before the colon. */
  readonly kind: string
  /** How such a token starts. */
  readonly prefix: string
  /** The endpoints that accept it; at others it is not looked up. */
  readonly audiences: readonly Audience[]
  identify(token: string): Promise<Identity | null>
  /** Whether the grant of this id still exists; left out where the grant is one of another kind. */
  isActive?(id: string): Promise<boolean>
}
