import { createHash, createHmac, randomBytes, timingSafeEqual } from 'node:crypto'

/**
 * The token of a link is never stored, but computed from the row and a secret of the instance. A reader of the database
 * finds only a hash that recognises a token, and nothing that opens a trip. Nobody guesses 256 bits, so attempts are
 * not counted.
 */
export class ShareTokens {
  readonly #secret: string

  constructor(secret: string) {
    this.#secret = secret
  }

  /** The token of a new link, and the values to store. */
  mint(tripId: number): { nonce: string; token: string; token_hash: string } {
    const nonce = randomBytes(16).toString('base64url')
    const token = this.tokenOf({ trip_id: tripId, nonce })
    return { nonce, token, token_hash: hashOf(token) }
  }

  tokenOf({ trip_id, nonce }: { trip_id: number; nonce: string }): string {
    return createHmac('sha256', this.#secret).update(`${trip_id} ${nonce}`).digest('base64url')
  }

  /** Whether this is the token of the link; false for every link if the secret of the instance has changed since. */
  opens(token: string, link: { trip_id: number; nonce: string }): boolean {
    return timingSafeEqual(digest(token), digest(this.tokenOf(link)))
  }
}

const digest = (text: string): Buffer => createHash('sha256').update(text).digest()

/** The stored form of a token: enough to recognise it. */
export const hashOf = (token: string): string => digest(token).toString('hex')
