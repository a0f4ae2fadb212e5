import type { Readable } from 'node:stream'
import type { Outflow } from './outflow.ts'

export const EVENT_STREAM_HEADERS = {
  'content-type': 'text/event-stream',
  'cache-control': 'no-cache, no-transform',
  'x-accel-buffering': 'no',
}

/** An answer of server-sent events that stays open until one side ends it. */
export class EventStream {
  readonly #outflow: Outflow
  readonly #pulse: NodeJS.Timeout
  #ended = false

  /** `onPulse` is called at each keep-alive while the stream is open. */
  constructor(outflow: Outflow, keepAliveSeconds: number, onPulse: () => void = () => {}) {
    this.#outflow = outflow
    this.#pulse = setInterval(
      () => {
        if (keepAliveSeconds) this.#write(': still here\n\n')
        onPulse()
      },
      (keepAliveSeconds || 25) * 1000,
    ).unref()
    this.onClose(() => clearInterval(this.#pulse))
    // The headers are sent with the first byte, and the client waits for them.
    this.#write(': open\n\n')
  }

  get body(): Readable {
    return this.#outflow.body
  }

  send(message: unknown): void {
    this.sendText(JSON.stringify(message))
  }

  /** Sends a message that is already JSON text in one line. */
  sendText(text: string | Buffer): void {
    this.#write(`event: message\ndata: ${text}\n\n`)
  }

  /** Waits until the client has read most of the data, or has disconnected. */
  async read(): Promise<void> {
    await this.#outflow.drained()
  }

  /** Ends it, and tells the client when to reconnect. */
  end(comeBackMs?: number): void {
    if (this.#ended) return
    if (comeBackMs !== undefined) this.#write(`retry: ${comeBackMs}\n\n`)
    this.#ended = true
    clearInterval(this.#pulse)
    this.#outflow.end()
  }

  /** Called once, whichever side ended it. */
  onClose(listener: () => void): void {
    this.body.once('close', listener)
  }

  #write(text: string): void {
    if (!this.#ended) this.#outflow.write(text)
  }
}
