/** A client for which unread data can wait in this process. */
export interface Reader {
  readonly userId: number
  /** Disconnects it. It reconnects by itself if it is still there. */
  drop(): void
}

export interface Bounds {
  /** The most bytes that wait for all clients of one person. */
  readonly person: number
  /** The most bytes that wait for all clients, including kept ones. */
  readonly all: number
}

interface Waiting {
  /** Bytes that were handed over and not sent yet. */
  unread: number
  /** Bytes that are kept until their turn. */
  kept: number
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
    return this.#people.get(userId)?.kept ?? 0
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

  /** Changes the number of bytes kept for this client; negative to release some. */
  keep(reader: Reader, bytes: number): void {
    this.#add(reader, 0, bytes)
    if (bytes > 0) this.#keepBound()
  }

  /** The client has disconnected: its waiting bytes no longer count. */
  forget(reader: Reader): void {
    const { unread, kept } = this.#readers.get(reader) ?? { unread: 0, kept: 0 }
    this.#add(reader, -unread, -kept)
  }

  #add(reader: Reader, unread: number, kept: number): void {
    if (!unread && !kept) return
    this.#all += unread + kept
    addIn(this.#readers, reader, unread, kept)
    addIn(this.#people, reader.userId, unread, kept)
  }

  #keepBound(): void {
    if (this.#all > this.#bounds.all) this.#dropHeaviest((_, { unread, kept }) => unread + kept)
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

function addIn<Key>(all: Map<Key, Waiting>, key: Key, unread: number, kept: number): void {
  const known = all.get(key) ?? { unread: 0, kept: 0 }
  known.unread += unread
  known.kept += kept
  if (known.unread || known.kept) all.set(key, known)
  else all.delete(key)
}
