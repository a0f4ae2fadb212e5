import { type Guesses, networkOf } from '../guesses.ts'

/**
 * How often strangers may try at the authorization server: counted as rows, for every process, and apart from passwords. Any page
 * can make a browser send what is counted here, and must not keep the person in front of it from logging in.
 */
export class Limits {
  readonly #guesses: Guesses

  constructor(guesses: Guesses) {
    this.#guesses = guesses
  }

  /** Refuses where there were too many wrong secrets of this client from this network. */
  async check(client: string, address: string): Promise<void> {
    await this.#guesses.check('client', `${client} ${networkOf(address)}`)
  }

  /**
   * Something that was refused; beyond so many nobody is told why any more. What is right costs nothing and is never held up: a
   * client may refresh as often as it likes, many times at once, and whatever others do who share its address.
   */
  async refused(address: string): Promise<void> {
    await this.#guesses.take('refused', networkOf(address))
  }

  async wrongSecret(client: string, address: string): Promise<void> {
    await this.#guesses.count('client', `${client} ${networkOf(address)}`)
  }

  async request(address: string): Promise<void> {
    await this.#guesses.take('request', networkOf(address))
  }

  async registration(address: string): Promise<void> {
    await this.#guesses.take('registration', networkOf(address))
  }

  /** Before a document that says who a program is, or its keys, are fetched for somebody at this address. */
  async lookUp(address: string): Promise<void> {
    await this.#guesses.take('document', networkOf(address))
  }
}
