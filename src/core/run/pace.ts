/** So long must the clock have gone as it should before anything is deleted by it, in milliseconds. */
const PROVEN_AFTER_MS = 3_600_000
/** A clock that is put right moves by less than this. */
const JUMP_MS = 600_000

interface Clocks {
  /** The clock of the machine, which people and networks set. */
  readonly clock?: () => Date
  /** One that only goes forward, at one pace, in milliseconds. */
  readonly steady?: () => number
  /** Hears in words of a jump, once. */
  readonly told: (what: string) => void
}

/**
 * Whether the clock can be believed. One that jumps ahead makes everything look old: every session would have ended, and every
 * file have been in quarantine for long enough. Each process begins to look when it starts.
 */
export class Pace {
  readonly #clock: () => Date
  readonly #steady: () => number
  readonly #told: (what: string) => void
  #since: number
  #last: { readonly wall: number; readonly steady: number }

  constructor({ clock = () => new Date(), steady = () => performance.now(), told }: Clocks) {
    this.#clock = clock
    this.#steady = steady
    this.#told = told
    this.#last = this.#look()
    this.#since = this.#last.steady
  }

  /** Whether the clock has gone at the right pace for an hour, without a jump. */
  isProven(): boolean {
    const { wall, steady } = this.#last
    const now = this.#look()
    this.#last = now
    const jump = now.wall - wall - (now.steady - steady)
    if (Math.abs(jump) > JUMP_MS) {
      this.#since = now.steady
      this.#told(
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
