import type { Identity } from '../../core/run/door.ts'

/**
 * When one whose stream ended to make room should open it again. Clients do so by themselves: at once, more of them than may
 * be there would push each other out without end.
 */
export const COME_BACK_MS = 30_000

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
  readonly #all = new Set<Subscriber>()

  constructor(mostPerUser: number) {
    this.#mostPerUser = mostPerUser
  }

  /** A session has one stream: a new one takes the place of the old one, whose connection may have broken unnoticed. */
  add(subscriber: Subscriber): void {
    if (subscriber.sessionId !== null) this.ofSession(subscriber.sessionId)?.end()
    const same = [...this.#all].filter(({ identity }) => identity.userId === subscriber.identity.userId)
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
}
