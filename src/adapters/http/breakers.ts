import {
  BrokenCircuitError,
  type CircuitBreakerPolicy,
  ConsecutiveBreaker,
  circuitBreaker,
  handleWhen,
} from 'cockatiel'
import { outgoing as messages } from '../messages.ts'
import { Outage } from './responses.ts'

const FAILURES_TO_BREAK = 5
const MAX_HOSTS = 200

/** One circuit breaker for each host; forgets those that were not used for longest. */
export class Breakers {
  readonly #breakMs: number
  readonly #breakers = new Map<string, CircuitBreakerPolicy>()

  /** After `breakMs` milliseconds, a failing host is tried again. */
  constructor(breakMs: number) {
    this.#breakMs = breakMs
  }

  of(key: string): CircuitBreakerPolicy {
    const breaker =
      this.#breakers.get(key) ??
      circuitBreaker(
        handleWhen((error) => error instanceof Outage),
        { halfOpenAfter: this.#breakMs, breaker: new ConsecutiveBreaker(FAILURES_TO_BREAK) },
      )
    this.#breakers.delete(key)
    this.#breakers.set(key, breaker)
    const oldest = this.#breakers.size > MAX_HOSTS && this.#breakers.keys().next().value
    if (oldest) this.#breakers.delete(oldest)
    return breaker
  }
}

/** Gives the error of an open circuit breaker a plain message. */
export async function withPlainError<T>(url: string, call: () => Promise<T>): Promise<T> {
  try {
    return await call()
  } catch (error) {
    if (!(error instanceof BrokenCircuitError)) throw error
    throw messages.leftAlone({ host: new URL(url).host }, { retryAfter: 30 })
  }
}
