import { DatabaseUnavailable } from '../core/data/database.ts'

interface Waiting {
  readonly start: () => void
  readonly refuse: (error: unknown) => void
}

/**
 * Lets the writers of one space in this process take turns before they take a connection. A space whose rows somebody else
 * holds then keeps one connection waiting, and not all of them.
 */
export class Turns {
  /** Who waits behind the writer whose turn it is, by space. */
  readonly #queues = new Map<string, Waiting[]>()

  async take<T>(space: string, work: () => Promise<T>): Promise<T> {
    const queue = this.#queues.get(space)
    if (queue) await new Promise<void>((start, refuse) => queue.push({ start, refuse }))
    else this.#queues.set(space, [])
    try {
      return await work()
    } catch (error) {
      if (error instanceof DatabaseUnavailable && error.outage !== 'uncertain') this.#refuseAll(space, error)
      throw error
    } finally {
      this.#next(space)
    }
  }

  /** What the first one waited for in vain would keep the others waiting just as long, one after the other. */
  #refuseAll(space: string, error: DatabaseUnavailable): void {
    for (const { refuse } of this.#queues.get(space)?.splice(0) ?? []) refuse(error)
  }

  #next(space: string): void {
    const waiting = this.#queues.get(space)?.shift()
    if (waiting) waiting.start()
    else this.#queues.delete(space)
  }
}
