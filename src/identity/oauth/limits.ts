import { type Guesses, networkOf } from '../guesses.ts'

/** How often strangers may try at the authorization server: counted as rows, for every process. */
export class Limits {
  readonly #guesses: Guesses

  constructor(guesses: Guesses) {
    this.#guesses = guesses
  }

  /** Refuses where there were too many wrong secrets of this client, or from this address. */
  async check(client: string, address: string): Promise<void> {
    const network = networkOf(address)
    await this.#guesses.check('address', network)
    await this.#guesses.check('client', `${client} ${network}`)
  }

  /** A wrong secret. Right ones cost nothing: a client may refresh as often as it likes, and many times at once. */
  async wrong(client: string, address: string): Promise<void> {
    const network = networkOf(address)
    await this.#guesses.count('address', network)
    await this.#guesses.count('client', `${client} ${network}`)
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
