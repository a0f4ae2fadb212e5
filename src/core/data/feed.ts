import { setImmediate as pause } from 'node:timers/promises'
import { type Batch, type Database, type Position, topicOf } from './database.ts'
import { isErased } from './erasing.ts'
import type { SpaceRef } from './space.ts'

/** With more missed changes than this, reloading everything is cheaper. */
export const TOO_FAR_BEHIND = 2000

/** The number of changes read from the log at once for a follower that reads at its own pace. */
const READ_AT_ONCE = 200

/** The most followers to which a commit is delivered before it is answered. */
const FEW = 10
/** The number of deliveries before other work gets a turn. */
const AT_ONCE = 200

/** Gets the commits of one space, in order, each batch once. */
export type Listener = (batch: Batch) => void

interface Follower {
  seq: number
  readonly listener: Listener
  /** Called once when the history of the database has changed: the follower must reload. */
  readonly lost: () => void
}

interface Followed {
  readonly ref: SpaceRef
  readonly followers: Set<Follower>
  /** The current read of the change log. Reads are queued. */
  reading: Promise<void>
}

/**
 * Delivers committed changes to the followers of a space. Commits of this process are delivered from memory. Commits of
 * other processes, and every gap, are read from the change log.
 */
export class Feed {
  readonly #database: Database
  readonly onError: (error: unknown) => void
  readonly #spaces = new Map<string, Followed>()
  readonly #everything = new Set<Listener>()
  /** The commits of this process that are not yet delivered to all followers, in order. */
  readonly #due: { readonly followed: Followed; readonly batch: Batch }[] = []
  /** The topic that this process is announcing: the feed has already delivered its change. */
  #telling: string | null = null
  /** The epoch of all followers; null while there has been none. */
  #epoch: string | null = null
  #comparing: Promise<void> = Promise.resolve()

  /** `onError` gets errors of reading the change log; the next change tries again. */
  constructor(database: Database, onError: (error: unknown) => void) {
    this.#database = database
    this.onError = onError
    database.notifier.subscribe((topic) => {
      if (topic === this.#telling) return
      if (topic === '*') this.#comparing = this.#comparing.then(() => this.#lookAgain()).catch(this.onError)
      else {
        const followed = this.#spaces.get(topic)
        if (followed) this.#catchUp(followed)
      }
    })
  }

  /** The number of commits not yet delivered to all followers. */
  get backlog(): number {
    return this.#due.length
  }

  /** Call it once for each batch, after its commit. */
  publish(batch: Batch): void {
    const topic = topicOf(batch)
    const followed = this.#spaces.get(topic)
    if (followed) this.#tell(followed, batch)
    for (const listener of this.#everything) listener(batch)
    this.#telling = topic
    this.#database.notifier.publishLocally(topic)
    this.#telling = null
  }

  /** Listens to every batch that this process commits. */
  tap(listener: Listener): () => void {
    this.#everything.add(listener)
    return () => this.#everything.delete(listener)
  }

  /**
   * Follows a space from a position: first the missed changes, then new ones. Returns null if the follower must reload:
   * the position is of another epoch, too much was missed, or some of it was erased since. `lost` is called if that
   * happens later.
   */
  async follow(ref: SpaceRef, since: Position, listener: Listener, lost: () => void): Promise<(() => void) | null> {
    await this.#comparing
    const epoch = await this.#database.epoch()
    this.#epoch ??= epoch
    const head = await this.#database.head(ref)
    const { seq } = since
    if (since.epoch !== epoch || seq > head || head - seq > TOO_FAR_BEHIND) return null
    const topic = topicOf(ref)
    let followed = this.#spaces.get(topic)
    if (!followed) this.#spaces.set(topic, (followed = { ref, followers: new Set(), reading: Promise.resolve() }))
    let isBehind: boolean | null = true
    const follower: Follower = {
      seq,
      listener,
      lost() {
        if (isBehind) isBehind = null
        else lost()
      },
    }
    followed.followers.add(follower)
    await this.#catchUp(followed)
    if (isBehind === null) return null
    isBehind = false
    return () => {
      followed.followers.delete(follower)
      if (!followed.followers.size && this.#spaces.get(topic) === followed) this.#spaces.delete(topic)
    }
  }

  /**
   * The next missed batches after a position, for a follower that reads at its own pace before it goes live. Empty when
   * nothing is left; null if the position is of another epoch, or more than `tooFar` changes were missed.
   */
  async missed(ref: SpaceRef, since: Position, tooFar = TOO_FAR_BEHIND): Promise<Batch[] | null> {
    const head = await this.#database.head(ref)
    if (since.epoch !== (await this.#database.epoch()) || since.seq > head || head - since.seq > tooFar) return null
    return since.seq === head ? [] : this.#database.changesSince(ref, since.seq, READ_AT_ONCE)
  }

  /** Anything may have changed, the history included. */
  async #lookAgain(): Promise<void> {
    if (!this.#spaces.size) return
    const epoch = await this.#database.epoch()
    if (epoch === this.#epoch) {
      for (const followed of this.#spaces.values()) this.#catchUp(followed)
      return
    }
    this.#epoch = epoch
    const followers = [...this.#spaces.values()].flatMap((followed) => [...followed.followers])
    this.#spaces.clear()
    for (const follower of followers) follower.lost()
  }

  /** A few followers get the change at once. If there are more, possibly thousands, the commit is answered first. */
  #tell(followed: Followed, batch: Batch): void {
    if (!this.#due.length && followed.followers.size <= FEW) {
      for (const follower of followed.followers) this.#deliver(followed, follower, batch)
      return
    }
    this.#due.push({ followed, batch })
    if (this.#due.length === 1) setImmediate(() => this.#deliverDue())
  }

  async #deliverDue(): Promise<void> {
    for (let next = this.#due[0]; next; this.#due.shift(), next = this.#due[0]) {
      let served = 0
      for (const follower of next.followed.followers) {
        try {
          this.#deliver(next.followed, follower, next.batch)
        } catch (error) {
          // One failure must not hold up the other followers or the next batches.
          this.onError(error)
        }
        if (++served % AT_ONCE === 0) await pause()
      }
    }
  }

  #deliver(followed: Followed, follower: Follower, batch: Batch): void {
    const before = batch.seq - batch.changes.length
    if (follower.seq === before) {
      follower.seq = batch.seq
      follower.listener(batch)
    } else if (follower.seq < before) {
      this.#catchUp(followed)
    }
  }

  #catchUp(followed: Followed): Promise<void> {
    const read = async () => {
      const from = Math.min(...[...followed.followers].map((follower) => follower.seq))
      if (!Number.isFinite(from)) return
      const batches = await this.#database.changesSince(followed.ref, from)
      for (const batch of batches) {
        const before = batch.seq - batch.changes.length
        for (const follower of followed.followers) {
          // A follower starts in the middle of a batch only if it named such a number itself. It gets the whole batch.
          if (follower.seq < before || follower.seq >= batch.seq) continue
          if (batch.changes.some(isErased)) {
            followed.followers.delete(follower)
            follower.lost()
          } else {
            follower.seq = batch.seq
            follower.listener(batch)
          }
        }
      }
    }
    followed.reading = followed.reading.then(read).catch(this.onError)
    return followed.reading
  }
}
