import { setImmediate as pause } from 'node:timers/promises'
import { type Batch, type Database, type Position, topicOf } from './database.ts'
import { isErased } from './erasing.ts'
import type { SpaceRef } from './space.ts'

/** Beyond so many missed changes it is cheaper to load everything anew. */
export const TOO_FAR_BEHIND = 2000

/** So many changes are read from the log at once for somebody who takes them at their own pace. */
const READ_AT_ONCE = 200

/** So many followers are told before whoever commits is answered. */
const FEW = 10
/** So many followers are told before others are served. */
const AT_ONCE = 200

/** Hears what was committed in one space, in order, each batch once. */
export type Listener = (batch: Batch) => void

interface Follower {
  seq: number
  readonly listener: Listener
  /** Told, once, that the database has another history now: what the follower knows has to be loaded anew. */
  readonly lost: () => void
}

interface Followed {
  readonly ref: SpaceRef
  readonly followers: Set<Follower>
  /** What is being read from the change log; readings queue up behind each other. */
  reading: Promise<void>
}

/**
 * Brings committed changes to whoever follows a space. What this process commits is handed over from memory; what another
 * process commits, and every gap, is read from the change log.
 */
export class Feed {
  readonly #database: Database
  readonly failed: (error: unknown) => void
  readonly #spaces = new Map<string, Followed>()
  readonly #everything = new Set<Listener>()
  /** What was committed here and is not told to all followers yet, in order. */
  readonly #due: { readonly followed: Followed; readonly batch: Batch }[] = []
  /** What is being told to this process just now; the feed has delivered it already. */
  #telling: string | null = null
  /** The epoch that all followers are in; null as long as there has been none. */
  #epoch: string | null = null
  #comparing: Promise<void> = Promise.resolve()

  /** `failed` hears that the change log could not be read; the next change tries again. */
  constructor(database: Database, failed: (error: unknown) => void) {
    this.#database = database
    this.failed = failed
    database.doorbell.listen((topic) => {
      if (topic === this.#telling) return
      if (topic === '*') this.#comparing = this.#comparing.then(() => this.#lookAgain()).catch(this.failed)
      else {
        const followed = this.#spaces.get(topic)
        if (followed) this.#catchUp(followed)
      }
    })
  }

  /** How many commits there are of which not all followers have been told. */
  get backlog(): number {
    return this.#due.length
  }

  /** Called once for each batch after its commit. */
  publish(batch: Batch): void {
    const topic = topicOf(batch)
    const followed = this.#spaces.get(topic)
    if (followed) this.#tell(followed, batch)
    for (const listener of this.#everything) listener(batch)
    this.#telling = topic
    this.#database.doorbell.tell(topic)
    this.#telling = null
  }

  /** Hears every batch that this process commits. */
  tap(listener: Listener): () => void {
    this.#everything.add(listener)
    return () => this.#everything.delete(listener)
  }

  /**
   * Follows a space from after a position: what was missed first, then what comes. Null when the position is of another epoch, or
   * so much was missed, or some of it was erased since, that the follower must load everything anew. `lost` is called when that
   * becomes so later.
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
   * The next missed batches after a position, for a follower that reads them at its own pace before it goes on live. Empty when
   * nothing is left; null when the position is of another epoch, or more than `tooFar` changes were missed.
   */
  async missed(ref: SpaceRef, since: Position, tooFar = TOO_FAR_BEHIND): Promise<Batch[] | null> {
    const head = await this.#database.head(ref)
    if (since.epoch !== (await this.#database.epoch()) || since.seq > head || head - since.seq > tooFar) return null
    return since.seq === head ? [] : this.#database.changesSince(ref, since.seq, READ_AT_ONCE)
  }

  /** Anything may have changed, the history too. */
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

  /** A few followers are told at once. Where there are more, whoever commits is answered first: they may be thousands. */
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
      let told = 0
      for (const follower of next.followed.followers) {
        try {
          this.#deliver(next.followed, follower, next.batch)
        } catch (error) {
          // The others, and what comes next, must not wait for one that fails.
          this.failed(error)
        }
        if (++told % AT_ONCE === 0) await pause()
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
          // A follower may have stopped in the middle of a batch only if it named such a number itself; it gets the batch whole.
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
    followed.reading = followed.reading.then(read).catch(this.failed)
    return followed.reading
  }
}
