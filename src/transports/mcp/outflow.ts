import { Readable } from 'node:stream'
import type { ReadableStream } from 'node:stream/web'
import { type Bounds, type Reader, Unread } from '../http/unread.ts'

export interface UnreadBounds extends Bounds {
  /** The most bytes that wait for one stream. */
  readonly stream: number
}

const MEGABYTE = 1_048_576

/** The most unread data; above that, clients are cut off, and reconnect if they are still there. */
export const UNREAD_BOUNDS: UnreadBounds = { stream: MEGABYTE, person: 4 * MEGABYTE, all: 64 * MEGABYTE }

/** Creates streamed bodies, and counts the waiting bytes of all. */
export class Outflows {
  readonly #bounds: UnreadBounds
  readonly #unread: Unread

  constructor(bounds: UnreadBounds) {
    this.#bounds = bounds
    this.#unread = new Unread(bounds)
  }

  /** Bytes that wait in all of them. */
  get waiting(): number {
    return this.#unread.all
  }

  /** A body for an answer to that person. */
  to(userId: number): Outflow {
    return new Outflow(userId, this.#bounds.stream, this.#unread)
  }
}

/** The body of one answer. */
export class Outflow implements Reader {
  readonly userId: number
  readonly body = new Readable({
    read: () => {
      this.#weigh()
      this.#taken()
    },
  })
  readonly #most: number
  readonly #unread: Unread
  #taken = () => {}

  constructor(userId: number, most: number, unread: Unread) {
    this.userId = userId
    this.#most = most
    this.#unread = unread
    this.body.once('close', () => unread.forget(this))
  }

  write(data: string | Uint8Array): void {
    if (this.body.destroyed) return
    if (this.body.readableLength > this.#most) this.drop()
    else {
      this.body.push(data)
      this.#weigh()
    }
  }

  /** Waits until the client has read most of the data, or has disconnected. */
  async drained(): Promise<void> {
    while (this.body.readableLength > this.body.readableHighWaterMark && !this.body.destroyed) {
      const { promise, resolve } = Promise.withResolvers<void>()
      this.#taken = resolve
      this.body.once('close', resolve)
      await promise
      this.body.off('close', resolve)
    }
  }

  end(): void {
    if (!this.body.destroyed) this.body.push(null)
  }

  drop(): void {
    this.body.destroy()
  }

  /** Forwards a stream that ignores backpressure, and ends with it. */
  from(source: ReadableStream<Uint8Array>): this {
    const reader = source.getReader()
    this.body.once('close', () => reader.cancel().catch(() => {}))
    const pass = async () => {
      for (let part = await reader.read(); !part.done; part = await reader.read()) this.write(part.value)
      this.end()
    }
    pass().catch((error) => this.body.destroy(error))
    return this
  }

  #weigh(): void {
    if (!this.body.destroyed) this.#unread.wait(this, this.body.readableLength)
  }
}
