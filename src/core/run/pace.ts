/** How long the clock must be steady before anything is deleted by age, in milliseconds. */
const PROVEN_AFTER_MS = 3_600_000
/** A correction of the clock is smaller than this. */
const JUMP_MS = 600_000

interface Clocks {
  /** The wall clock, which people and networks set. */
  readonly clock?: () => Date
  /** A monotonic clock, in milliseconds. */
  readonly steady?: () => number
  /** Gets a message about each jump, once. */
  readonly warn: (what: string) => void
}

/**
 * Whether the clock can be trusted. A jump ahead makes everything look old: sessions would expire, and files in
 * quarantine would be deleted. Each process starts to measure when it starts.
 */
export class Pace {
  readonly #clock: () => Date
  readonly #steady: () => number
  readonly #warn: (what: string) => void
  #since: number
  #last: { readonly wall: number; readonly steady: number }

  constructor({ clock = () => new Date(), steady = () => performance.now(), warn }: Clocks) {
    this.#clock = clock
    this.#steady = steady
    this.#warn = warn
    this.#last = this.#look()
    this.#since = this.#last.steady
  }

  /** Whether the clock has run for an hour without a jump. */
  isProven(): boolean {
    const { wall, steady } = this.#last
    const now = this.#look()
    this.#last = now
    const jump = now.wall - wall - (now.steady - steady)
    if (Math.abs(jump) > JUMP_MS) {
      this.#since = now.steady
      this.#warn(
        `The clock of the machine has jumped ${jump > 0 ? 'ahead' : 'back'} by ${Math.round(Math.abs(jump) / 60_000)} minutes, ` +
          `to ${new Date(now.wall).toISOString()}. Nothing is deleted because of its age until the clock has gone right for an hour.`,
      )
    }
    return now.steady - this.#since >= PROVEN_AFTER_MS
  }

  #look() {
    return { wall: this.#clock().getTime(), steady: this.#steady() }
  }
}
