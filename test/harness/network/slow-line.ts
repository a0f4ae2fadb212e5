import { once } from 'node:events'
import { connect, createServer, type Socket } from 'node:net'

/**
 * A connection to a server with a limited download rate. If the server listens on a socket path, the buffers between the two
 * processes are small and of constant size.
 */
export class SlowLine {
  readonly #sockets = new Set<Socket>()
  readonly #server = createServer((inward) => this.#join(inward))
  readonly #target: string | number
  readonly #timer: NodeJS.Timeout
  bytesPerSecond: number
  base = ''

  private constructor(target: string | number, bytesPerSecond: number) {
    this.#target = target
    this.#server.setMaxListeners(0)
    this.bytesPerSecond = bytesPerSecond
    this.#timer = setInterval(() => this.#server.emit('beat'), BEAT_MS)
  }

  /** Connects to a socket path, or to a port of this machine. */
  static async to(target: string | number, bytesPerSecond: number): Promise<SlowLine> {
    const line = new SlowLine(target, bytesPerSecond)
    line.#server.listen(0, '127.0.0.1')
    await once(line.#server, 'listening')
    line.base = `http://127.0.0.1:${(line.#server.address() as { port: number }).port}`
    return line
  }

  async close(): Promise<void> {
    clearInterval(this.#timer)
    this.#server.close()
    for (const socket of this.#sockets) socket.destroy()
    await once(this.#server, 'close')
  }

  #join(inward: Socket): void {
    const outward = connect(typeof this.#target === 'string' ? { path: this.#target } : { port: this.#target })
    const forwardBytes = () => {
      const bytes = Math.min(outward.readableLength, (this.bytesPerSecond * BEAT_MS) / 1000)
      const chunk = outward.read(Math.floor(bytes)) as Buffer | null
      if (chunk) inward.write(chunk)
    }
    this.#server.on('beat', forwardBytes)
    for (const [one, other] of [
      [inward, outward],
      [outward, inward],
    ] as const) {
      this.#sockets.add(one)
      one.on('error', () => {})
      one.once('close', () => {
        this.#server.off('beat', forwardBytes)
        this.#sockets.delete(one)
        other.destroy()
      })
    }
    inward.pipe(outward)
    outward.pause()
    outward.on('end', () => inward.end())
  }
}

const BEAT_MS = 10
