import { once } from 'node:events'
import { connect, createServer, type Socket } from 'node:net'

/** A TCP relay between a program and a server that can simulate network faults. */
export class Relay {
  readonly #pairs = new Set<readonly [Socket, Socket]>()
  readonly #server = createServer((inward) => this.#join(inward))
  #target: number
  #cutting: { readonly marker: string; readonly bytes: number } | null = null
  port = 0

  constructor(target: number) {
    this.#target = target
  }

  async open(): Promise<this> {
    this.#server.listen(0, '127.0.0.1')
    await once(this.#server, 'listening')
    this.port = (this.#server.address() as { port: number }).port
    return this
  }

  get connections(): number {
    return this.#pairs.size
  }

  /** Connects to another server from now on, and cuts the old connections. */
  switchTo(target: number): void {
    this.#target = target
    this.cut()
  }

  cut(): void {
    for (const pair of this.#pairs) for (const socket of pair) socket.destroy()
  }

  /** Passes so many bytes of the answer to the next request that contains this text, then cuts its connection. */
  cutAnswer(marker: string, bytes: number): void {
    this.#cutting = { marker, bytes }
  }

  /** Keeps all connections open, but passes no more bytes. */
  silence(): void {
    for (const [inward, outward] of this.#pairs) {
      inward.unpipe(outward).pause()
      outward.unpipe(inward).pause()
    }
  }

  async close(): Promise<void> {
    this.#server.close()
    this.cut()
    await once(this.#server, 'close')
  }

  #join(inward: Socket): void {
    const outward = connect(this.#target, '127.0.0.1')
    const pair = [inward, outward] as const
    this.#pairs.add(pair)
    for (const [one, other] of [pair, [outward, inward] as const]) {
      one.on('error', () => {})
      one.once('close', () => {
        this.#pairs.delete(pair)
        other.destroy()
      })
      one.pipe(other)
    }
    inward.on('data', (request) => {
      const cutting = this.#cutting
      if (!cutting || !String(request).includes(cutting.marker)) return
      this.#cutting = null
      outward.unpipe(inward)
      let bytesLeft = cutting.bytes
      const cut = () => {
        outward.destroy()
        inward.destroy()
      }
      outward.on('data', (answer) => {
        const part = answer.subarray(0, bytesLeft)
        bytesLeft -= part.length
        if (!part.length) return cut()
        inward.write(part, () => bytesLeft === 0 && cut())
      })
      outward.resume()
    })
  }
}
