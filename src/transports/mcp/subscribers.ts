import type { Identity } from '../../core/run/authentication.ts'
import { messages } from './messages.ts'

/**
 * When one whose stream ended to make room should open it again. Clients do so by themselves: at once, more of them than may
 * be there would push each other out without end.
 */
export const COME_BACK_MS = 30_000

/** More than one process serves well; most clients that are refused here still read and write. */
export const MOST_STREAMS = 2000

/** Somebody who holds a stream open to hear of changes. */
export interface Subscriber {
  readonly identity: Identity
  /** Null for a stream that belongs to no session. */
  readonly sessionId: string | null
  /** The lists of tools, prompts and resources are no longer what they were. */
  listsChanged(): void
  /** Looks again at what is to be followed. */
  reload(): Promise<void>
  /** Ends the stream, and says when to open it again. */
  end(comeBackMs?: number): void
}

/** The streams that this process holds open. */
export class Subscribers {
  readonly #mostPerUser: number
  readonly #most: number
  readonly #all = new Set<Subscriber>()

  constructor(mostPerUser: number, most: number) {
    this.#mostPerUser = mostPerUser
    this.#most = most
  }

  get size(): number {
    return this.#all.size
  }

  /** Refuses a further stream where there are as many as may be, and none that it takes the place of. */
  admit(userId: number, sessionId: string | null): void {
    if (this.#all.size < this.#most) return
    if (sessionId !== null && this.ofSession(sessionId)) return
    if (this.#ofUser(userId).length >= this.#mostPerUser) return
    throw messages.tooManyStreams({ count: this.#most }, { retryAfter: COME_BACK_MS / 1000 })
  }

  /** A session has one stream: a new one takes the place of the old one, whose connection may have broken unnoticed. */
  add(subscriber: Subscriber): void {
    if (subscriber.sessionId !== null) this.ofSession(subscriber.sessionId)?.end()
    const same = this.#ofUser(subscriber.identity.userId)
    if (same.length >= this.#mostPerUser) same[0]?.end(COME_BACK_MS)
    this.#all.add(subscriber)
  }

  remove(subscriber: Subscriber): void {
    this.#all.delete(subscriber)
  }

  ofSession(id: string): Subscriber | undefined {
    return [...this.#all].find(({ sessionId }) => sessionId === id)
  }

  sessionIds(): string[] {
    return [...this.#all].flatMap(({ sessionId }) => sessionId ?? [])
  }

  grants(): Set<string> {
    return new Set([...this.#all].map(({ identity }) => identity.grant))
  }

  listsChanged(): void {
    for (const subscriber of [...this.#all]) subscriber.listsChanged()
  }

  endWhere(test: (subscriber: Subscriber) => boolean, comeBackMs?: number): void {
    for (const subscriber of [...this.#all]) if (test(subscriber)) subscriber.end(comeBackMs)
  }

  #ofUser(userId: number): Subscriber[] {
    return [...this.#all].filter(({ identity }) => identity.userId === userId)
  }
}
