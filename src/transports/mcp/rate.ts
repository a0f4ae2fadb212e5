import type { Database } from '../../core/data/database.ts'
import { type Gathered, gathered } from '../../core/data/gathered.ts'
import { WINDOW_MS } from '../../core/data/request-counts.ts'

/** How often the processes of an instance exchange their counts. */
const TOLD_EVERY_MS = 1000

interface Window {
  start: number
  /** All known requests, including those of other processes. */
  count: number
  /** Requests admitted here and not reported to the others yet. */
  untold: number
}

interface Among {
  readonly database: Pick<Database, 'processes' | 'requestCounts'>
  readonly onError: (error: unknown) => void
}

/**
 * Counts requests in windows of a minute, for each key; a window begins with its first request. No request waits for
 * the database: about once a second the processes of an instance exchange their counts, so the limit can be exceeded by
 * the requests in between. A process that is alone writes nothing.
 */
export class RateLimit {
  readonly #most: number
  readonly #database: Among['database']
  readonly #telling: Gathered
  readonly #unlisten: () => void
  readonly #windows = new Map<string, Window>()
  #swept = Number.NEGATIVE_INFINITY
  /** When expired windows were last deleted for all processes. */
  #sweptForAll = Number.NEGATIVE_INFINITY

  constructor(most: number, { database, onError }: Among) {
    this.#most = most
    this.#database = database
    this.#telling = gathered(() => this.#tell(), TOLD_EVERY_MS, onError)
    this.#unlisten = database.processes.listen(() => this.#telling.ask())
  }

  /** Counts one request. Null within the limit, otherwise the seconds until the next window. */
  count(key: string, now = performance.now()): number | null {
    this.#sweep(now)
    let window = this.#windows.get(key)
    if (!window || now - window.start >= WINDOW_MS) {
      window = { start: now, count: 0, untold: 0 }
      this.#windows.set(key, window)
    }
    window.count++
    if (window.count > this.#most) return Math.max(1, Math.ceil((window.start + WINDOW_MS - now) / 1000))
    window.untold++
    if (this.#database.processes.accompanied) this.#telling.ask()
    return null
  }

  close(): Promise<void> {
    this.#unlisten()
    return this.#telling.close()
  }

  async #tell(): Promise<void> {
    // Requested by a process that has just become alone.
    if (!this.#database.processes.accompanied) return this.#database.requestCounts.sweep('all')
    const now = performance.now()
    const current = [...this.#windows].filter(([, { start, untold }]) => untold > 0 && now - start < WINDOW_MS)
    const counts = new Map(current.map(([key, { untold }]) => [key, untold]))
    for (const [, window] of current) window.untold = 0
    try {
      await this.#notifyOfBooking(counts)
    } catch (error) {
      for (const [key, window] of current) window.untold += counts.get(key) ?? 0
      throw error
    }
  }

  async #notifyOfBooking(counts: ReadonlyMap<string, number>): Promise<void> {
    if (performance.now() - this.#sweptForAll >= WINDOW_MS) {
      await this.#database.requestCounts.sweep('over')
      this.#sweptForAll = performance.now()
    }
    if (!counts.size) return
    const totals = await this.#database.requestCounts.add(counts)
    for (const [key, { count, age }] of totals) {
      const window = this.#windows.get(key)
      if (!window) continue
      window.start = performance.now() - age
      window.count = count + window.untold
    }
  }

  #sweep(now: number): void {
    if (now - this.#swept < WINDOW_MS) return
    this.#swept = now
    for (const [key, { start }] of this.#windows) if (now - start >= WINDOW_MS) this.#windows.delete(key)
  }
}
