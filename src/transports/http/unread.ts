/** A client for which unread data can wait in this process. */
export interface Reader {
  readonly userId: number
  /** Disconnects it. It reconnects by itself if it is still there. */
  drop(): void
}

export interface Bounds {
  /** The most bytes that wait for all clients of one person. */
  readonly person: number
  /** The most bytes that wait for all clients, including held ones. */
  readonly all: number
}

interface Waiting {
  /** Bytes that were handed over and not sent yet. */
  unread: number
  /** Bytes that are held until their turn. */
  held: number
}

/**
 * Counts the unread bytes of all clients. When a bound is exceeded, it first disconnects the client with the most
 * unread bytes.
 */
export class Unread {
  readonly #bounds: Bounds
  readonly #readers = new Map<Reader, Waiting>()
  readonly #people = new Map<number, Waiting>()
  #all = 0

  constructor(bounds: Bounds) {
    this.#bounds = bounds
  }

  get all(): number {
    return this.#all
  }

  keptFor(userId: number): number {
    return this.#people.get(userId)?.held ?? 0
  }

  /** Sets the number of bytes that were handed over for this client and not sent yet. */
  wait(reader: Reader, unread: number): void {
    const more = unread - (this.#readers.get(reader)?.unread ?? 0)
    this.#add(reader, more, 0)
    if (more <= 0) return
    const { userId } = reader
    if ((this.#people.get(userId)?.unread ?? 0) > this.#bounds.person) {
      this.#dropHeaviest((one, { unread }) => (one.userId === userId ? unread : 0))
    }
    this.#keepBound()
  }

  /** Changes the number of bytes held for this client; negative to release some. */
  keep(reader: Reader, bytes: number): void {
    this.#add(reader, 0, bytes)
    if (bytes > 0) this.#keepBound()
  }

  /** The client has disconnected: its waiting bytes no longer count. */
  forget(reader: Reader): void {
    const { unread, held } = this.#readers.get(reader) ?? { unread: 0, held: 0 }
    this.#add(reader, -unread, -held)
  }

  #add(reader: Reader, unread: number, held: number): void {
    if (!unread && !held) return
    this.#all += unread + held
    addIn(this.#readers, reader, unread, held)
    addIn(this.#people, reader.userId, unread, held)
  }

  #keepBound(): void {
    if (this.#all > this.#bounds.all) this.#dropHeaviest((_, { unread, held }) => unread + held)
  }

  #dropHeaviest(weigh: (reader: Reader, waiting: Waiting) => number): void {
    let heaviest: Reader | null = null
    let most = 0
    for (const [reader, waiting] of this.#readers) {
      const weight = weigh(reader, waiting)
      if (weight > most) [heaviest, most] = [reader, weight]
    }
    if (!heaviest) return
    heaviest.drop()
    this.forget(heaviest)
  }
}

function addIn<Key>(all: Map<Key, Waiting>, key: Key, unread: number, held: number): void {
  const sums = all.get(key) ?? { unread: 0, held: 0 }
  sums.unread += unread
  sums.held += held
  if (sums.unread || sums.held) all.set(key, sums)
  else all.delete(key)
}
