import type { AttemptLimiter } from '../attempt-limiter.ts'
import { type Maker, strangerOf } from './makers.ts'

/** A program that asks for access. */
export interface AskingProgram {
  readonly id: string
  /** Whether somebody has let it in before, or wrote it down. */
  isKnown(): Promise<boolean>
}

/**
 * How often strangers may try at the authorization server: counted as rows, for every process, and apart from passwords. Any page
 * can make a browser send what is counted here, and must not keep the person in front of it, or their programs, from getting in.
 */
export class Limits {
  readonly #attempts: AttemptLimiter

  constructor(attempts: AttemptLimiter) {
    this.#attempts = attempts
  }

  /** Refuses where there were too many wrong secrets of this client from this network. */
  async check(client: string, maker: Maker): Promise<void> {
    await this.#attempts.refuseWhenExhausted('client', `${client} ${strangerOf(maker)}`)
  }

  /**
   * Something that was refused; beyond so many nobody is told why any more. What is right costs nothing and is never held up: a
   * client may refresh as often as it likes, many times at once, and whatever others do who share its address.
   */
  async refused(maker: Maker): Promise<void> {
    await this.#attempts.consume('refused', strangerOf(maker))
  }

  async wrongSecret(client: string, maker: Maker): Promise<void> {
    await this.#attempts.count('client', `${client} ${strangerOf(maker)}`)
  }

  /** Beyond what strangers have, a program that is known has as much again for itself. */
  async request(maker: Maker, { id, isKnown }: AskingProgram): Promise<void> {
    const stranger = strangerOf(maker)
    try {
      await this.#attempts.consume('request', stranger)
    } catch (error) {
      if (!(await isKnown())) throw error
      await this.#attempts.consume('request', `${stranger} ${id}`)
    }
  }

  /** Pages are counted each by itself, and together so that many sites are not without end. */
  async registration(maker: Maker): Promise<void> {
    await this.#attempts.consume('registration', strangerOf(maker))
    if (maker.page !== null) await this.#attempts.consume('pages', maker.network)
  }

  /** Before a document that says who a program is, or its keys, are fetched for somebody. */
  async lookUp(stranger: string): Promise<void> {
    await this.#attempts.consume('document', stranger)
  }
}
