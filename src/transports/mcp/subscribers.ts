import type { Identity } from '../../core/run/authentication.ts'
import { messages } from './messages.ts'

/**
 * When the client of a stream that ended to make room should reconnect. Clients reconnect by themselves: if they did so
 * at once, clients above the limit would keep displacing each other.
 */
export const COME_BACK_MS = 30_000

/** More than one process can serve well; most clients rejected here can still read and write. */
export const MOST_STREAMS = 2000

/** A client with an open stream for notifications. */
export interface Subscriber {
  readonly identity: Identity
  /** Null for a stream without a session. */
  readonly sessionId: string | null
  /** Notifies of changed lists of tools, prompts and resources. */
  listsChanged(): void
  /** Reloads the subscriptions. */
  reload(): Promise<void>
  /** Ends the stream, and tells the client when to reconnect. */
  end(comeBackMs?: number): void
}

/** The open streams of this process. */
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

  /** Rejects a further stream at the limit, unless it replaces one. */
  admit(userId: number, sessionId: string | null): void {
    if (this.#all.size < this.#most) return
    if (sessionId !== null && this.ofSession(sessionId)) return
    if (this.#ofUser(userId).length >= this.#mostPerUser) return
    throw messages.tooManyStreams({ count: this.#most }, { retryAfter: COME_BACK_MS / 1000 })
  }

  /** A session has one stream: a new one replaces the old one, whose connection may have broken unnoticed. */
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
