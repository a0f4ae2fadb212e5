import type { Audience, Identity } from '../../core/run/door.ts'

/** One kind of thing that lets somebody in. A further kind of token is one more of these in the list that `main` hands over. */
export interface Key {
  /** The kind in `grant`, before the colon. */
  readonly kind: string
  /** What such a token starts with. */
  readonly prefix: string
  /** Where such a token lets somebody in. Nowhere else is it even looked at. */
  readonly audiences: readonly Audience[]
  identify(token: string): Promise<Identity | null>
  /** Whether the grant with this id still holds; left out where what it gives out is the grant of another kind. */
  holds?(id: string): Promise<boolean>
}
