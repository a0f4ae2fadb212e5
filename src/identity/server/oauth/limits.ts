import type { AttemptLimiter } from '../attempt-limiter.ts'
import { type Maker, strangerOf } from './makers.ts'

/** A program that requests access. */
export interface AskingProgram {
  readonly id: string
  /** Whether anyone has authorized or added it. */
  isKnown(): Promise<boolean>
}

/**
 * RequestLimiter strangers' attempts at the authorization server. Counted as rows, so for all processes, and apart from
 * passwords. Any page can make a browser send such requests; that must not lock out its user or their programs.
 */
export class RequestLimiter {
  readonly #attempts: AttemptLimiter

  constructor(attempts: AttemptLimiter) {
    this.#attempts = attempts
  }

  /** Throws after too many wrong secrets of this client from this network. */
  async check(client: string, maker: Maker): Promise<void> {
    await this.#attempts.refuseWhenExhausted('client', `${client} ${strangerOf(maker)}`)
  }

  /**
   * Counts a refused request; beyond the limit, throws without a reason. Valid requests cost nothing and are never
   * delayed: a client can refresh any number of times in parallel, whatever others at its address do.
   */
  async refused(maker: Maker): Promise<void> {
    await this.#attempts.consume('refused', strangerOf(maker))
  }

  async wrongSecret(client: string, maker: Maker): Promise<void> {
    await this.#attempts.count('client', `${client} ${strangerOf(maker)}`)
  }

  /** A known program has a second allowance of its own beyond that of strangers. */
  async request(maker: Maker, { id, isKnown }: AskingProgram): Promise<void> {
    const stranger = strangerOf(maker)
    try {
      await this.#attempts.consume('request', stranger)
    } catch (error) {
      if (!(await isKnown())) throw error
      await this.#attempts.consume('request', `${stranger} ${id}`)
    }
  }

  /** Pages count individually, and in total, so that many sites do not add up without limit. */
  async registration(maker: Maker): Promise<void> {
    await this.#attempts.consume('registration', strangerOf(maker))
    if (maker.page !== null) await this.#attempts.consume('pages', maker.network)
  }

  /** Called before a client metadata document or its keys are fetched. */
  async lookUp(stranger: string): Promise<void> {
    await this.#attempts.consume('document', stranger)
  }
}
