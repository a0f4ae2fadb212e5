const WINDOW = 60_000

/** Counts requests in windows of a minute, each key for itself; a window begins with its first request. */
export class RateLimit {
  readonly #most: number
  readonly #windows = new Map<string, { start: number; count: number }>()
  #swept = 0

  constructor(most: number) {
    this.#most = most
  }

  /** Counts one request. Null when it is within the limit, else the seconds until the next window. */
  count(key: string, now = Date.now()): number | null {
    this.#sweep(now)
    const window = this.#windows.get(key)
    if (!window || now - window.start >= WINDOW) {
      this.#windows.set(key, { start: now, count: 1 })
      return null
    }
    window.count++
    return window.count <= this.#most ? null : Math.max(1, Math.ceil((window.start + WINDOW - now) / 1000))
  }

  #sweep(now: number): void {
    if (now - this.#swept < WINDOW) return
    this.#swept = now
    for (const [key, { start }] of this.#windows) if (now - start >= WINDOW) this.#windows.delete(key)
  }
}
