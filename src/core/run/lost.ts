import type { CallKey, Calls, KnownCall } from '../data/calls.ts'
import type { Database, Notifier } from '../data/database.ts'

/**
 * Committed writes whose answers did not reach the client. Clients without keys repeat such a call as a new one: the
 * next equal call then gets the answer, and nothing is done again. A call whose answer has arrived is never taken for a
 * repeated one.
 */

/** How long a lost answer is kept for its client, in milliseconds. */
const KEPT_MS = 15 * 60_000

/** What a transport knows about the delivery of one answer. */
export interface Delivery {
  /** The client: its session, or one value for all clients without one. */
  readonly client: string
  /** The request number from the client; null if it is not a number. */
  readonly order: number | null
  /** True if the client has no session. */
  readonly sessionless: boolean
  /** Identifies the batch of the call; null outside of a batch. */
  readonly batch: string | null
  /** Whether the connection ended before the answer was sent. */
  readonly gone: boolean
  /**
   * Calls `tell` at most once, if the answer did not reach the client: `certain` if it was not fully sent; otherwise
   * the client ended the connection right after it.
   */
  whenLost(tell: (certain: boolean) => void): void
}

/** Stored with a lost answer. */
interface Lost {
  readonly certain: boolean
  readonly order: number | null
  readonly batch: string | null
}

/** A write in progress. */
export interface Begun {
  answered(call: () => KnownCall): void
  failed(): void
}

interface Running {
  readonly delivery: Delivery
  readonly done: Promise<void>
}

export class LostAnswers {
  readonly #calls: Calls
  readonly #notifier: Notifier
  readonly #clock: () => Date
  readonly #onError: (error: unknown) => void
  /** The keyless writes in progress, by their equality key. */
  readonly #running = new Map<string, Set<Running>>()
  /** The answers that are being stored. */
  readonly #keeping = new Map<string, Promise<void>>()
  /** Until when answers of a scope may be kept; `*` stands for every scope. */
  readonly #waiting = new Map<string, number>()

  constructor(
    { calls, notifier }: Pick<Database, 'calls' | 'notifier'>,
    clock: () => Date,
    onError: (error: unknown) => void,
  ) {
    this.#calls = calls
    this.#notifier = notifier
    this.#clock = clock
    this.#onError = onError
    notifier.subscribe((topic) => {
      if (topic === '*') this.#expect('*')
      else if (topic.startsWith(TOPIC)) this.#expect(topic.slice(TOPIC.length))
    })
  }

  /** Returns the earlier call that this equal call repeats, or null. Only one caller gets it. */
  async take({ scope, key: hash }: CallKey, delivery: Delivery): Promise<KnownCall | null> {
    const id = idOf({ scope, key: hash }, delivery)
    for (const other of this.#running.get(id.key) ?? []) if (other.delivery.gone) await other.done
    await this.#keeping.get(id.key)
    if (!this.#mayWait(scope)) return null
    const call = await this.#calls.find(id)
    if (!call || Math.abs(this.#clock().getTime() - Date.parse(call.at)) > KEPT_MS || !goesOn(call, delivery))
      return null
    return (await this.#calls.forget(id)) ? call : null
  }

  /** Registers the start of a write. Report its end: with its answer, or as failed without an effect. */
  begin(key: CallKey, delivery: Delivery): Begun {
    const id = idOf(key, delivery)
    const { promise: done, resolve } = Promise.withResolvers<void>()
    const running = { delivery, done }
    const all = this.#running.get(id.key) ?? new Set()
    this.#running.set(id.key, all.add(running))
    const over = () => {
      resolve()
      all.delete(running)
      if (!all.size) this.#running.delete(id.key)
    }
    return {
      failed: over,
      answered: (call) => {
        delivery.whenLost((certain) => {
          const keeping = this.#keep(id, call(), { certain, order: delivery.order, batch: delivery.batch })
            .catch(this.#onError)
            .finally(() => {
              this.#keeping.delete(id.key)
              over()
            })
          this.#keeping.set(id.key, keeping)
        })
        if (!delivery.gone) over()
      },
    }
  }

  async #keep(id: CallKey, call: KnownCall, lost: Lost): Promise<void> {
    this.#expect(id.scope)
    const answer = JSON.stringify({ ...JSON.parse(call.answer ?? '{}'), lost })
    await this.#calls.forget(id)
    await this.#calls.begin(id, { ...call, answer })
    await this.#notifier.publish(`${TOPIC}${id.scope}`)
  }

  #expect(scope: string): void {
    this.#waiting.set(scope, this.#clock().getTime() + KEPT_MS)
  }

  #mayWait(scope: string): boolean {
    const now = this.#clock().getTime()
    // A clock that was set back ends the wait too.
    for (const [one, until] of this.#waiting) if (until < now || until > now + KEPT_MS) this.#waiting.delete(one)
    return this.#waiting.has(scope) || this.#waiting.has('*')
  }
}

const TOPIC = 'lost-answer:'

const idOf = ({ scope, key }: CallKey, { client }: Delivery): CallKey => ({ scope, key: `lost ${client} ${key}` })

/**
 * Whether this client sent the earlier call. With a session, the session decides. Without one, a higher request number
 * is needed: a restarted program counts from the beginning again, and can mean a second write.
 */
function goesOn({ answer }: KnownCall, { order, sessionless, batch }: Delivery): boolean {
  const { lost } = JSON.parse(answer ?? '{}') as { lost?: Lost }
  // Equal calls in one batch are meant twice.
  if (!lost || (batch !== null && lost.batch === batch)) return false
  return lost.certain || !sessionless || (order !== null && lost.order !== null && order > lost.order)
}
