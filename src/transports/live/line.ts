import type { WebSocket } from 'ws'

/**
 * The most bytes handed to the socket at a time. A larger message is split: on any usable line, at least one piece is
 * sent between two beats.
 */
const PIECE = 32 * 1024

interface Piece {
  readonly data: string | Buffer
  readonly bytes: number
  readonly binary: boolean
  /** Whether it ends its message. */
  readonly fin: boolean
  readonly handed?: () => void
  readonly left?: (() => void) | undefined
}

/** The outgoing data of a socket: in order, at the pace of the client, and counted. */
export class Line {
  readonly #socket: WebSocket
  /** Called when the number of waiting bytes changes. */
  readonly #changed: () => void
  #queue: Piece[] = []
  /** Whether the first piece in the queue continues a message. */
  #begun = false
  #handed = 0
  #queued = 0
  #left = 0

  constructor(socket: WebSocket, changed: () => void) {
    this.#socket = socket
    this.#changed = changed
  }

  /** Bytes that are not sent yet. */
  get waiting(): number {
    return this.#queued + this.#handed
  }

  /** Bytes sent so far. */
  get left(): number {
    return this.#left
  }

  /** `left` is called when all of it was sent, or never will be. */
  send(data: string | Buffer, binary = false, left?: () => void): void {
    const bytes = Buffer.byteLength(data)
    if (bytes <= PIECE) this.#add({ data, bytes, binary, fin: true, left })
    else {
      const whole = Buffer.from(data as Buffer)
      for (let at = 0; at < bytes; at += PIECE) {
        const piece = whole.subarray(at, at + PIECE)
        const fin = at + PIECE >= bytes
        this.#add({ data: piece, bytes: piece.length, binary, fin, left: fin ? left : undefined })
      }
    }
    this.#pump()
    this.#changed()
  }

  /**
   * Sends a last message directly after the current one, without the others in the queue; `handed` is called when the
   * socket has it.
   */
  end(data: string, handed: () => void): void {
    this.clear()
    this.#add({ data, bytes: Buffer.byteLength(data), binary: false, fin: true, handed })
    this.#pump()
  }

  /** Removes messages that have not been started. */
  clear(): void {
    const begun = this.#begun ? this.#queue.findIndex(({ fin }) => fin) + 1 : 0
    for (const { bytes, left } of this.#queue.splice(begun)) {
      this.#queued -= bytes
      left?.()
    }
    this.#changed()
  }

  #add(piece: Piece): void {
    this.#queue.push(piece)
    this.#queued += piece.bytes
  }

  #pump(): void {
    while (this.#handed < PIECE) {
      const piece = this.#queue.shift()
      if (!piece) return
      const { data, bytes, binary, fin, handed, left } = piece
      this.#begun = !fin
      this.#queued -= bytes
      this.#handed += bytes
      // Called with an error if the socket has closed: then nothing waits for it any more either.
      this.#socket.send(data, { binary, fin }, () => {
        this.#handed -= bytes
        this.#left += bytes
        left?.()
        this.#pump()
        this.#changed()
      })
      handed?.()
    }
  }
}
