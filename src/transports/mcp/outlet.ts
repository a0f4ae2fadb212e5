import type { FastifyReply } from 'fastify'
import type { EventStream } from './event-stream.ts'
import { readsStreams, sendMessage, sendStream } from './reply.ts'

/** An answer to send: JSON text in one line. */
export type Text = string | Buffer

/**
 * The answer to one HTTP request. It is plain JSON, and becomes a stream only when the server has to send something
 * before the answer.
 */
export class Outlet {
  readonly readsStreams: boolean
  readonly #reply: FastifyReply
  readonly #openStream: () => EventStream
  readonly #answers: Text[] = []
  readonly #whenOpen: Promise<void>
  readonly #opened: () => void
  #stream: EventStream | null = null

  constructor(reply: FastifyReply, openStream: () => EventStream) {
    this.#reply = reply
    this.#openStream = openStream
    this.readsStreams = readsStreams(reply.request)
    const { promise, resolve } = Promise.withResolvers<void>()
    this.#whenOpen = promise
    this.#opened = resolve
  }

  /** Opens the stream, if necessary, and returns it. */
  open(): EventStream {
    if (!this.#stream) {
      this.#stream = this.#openStream()
      for (const answer of this.#answers) this.#stream.sendText(answer)
      this.#opened()
    }
    return this.#stream
  }

  answer(text: Text): void {
    if (this.#stream) this.#stream.sendText(text)
    else this.#answers.push(text)
  }

  /** Waits for a client that reads more slowly than answers arrive. */
  async read(): Promise<void> {
    await this.#stream?.read()
  }

  /** Sends the answers until `work` is done; `together` joins them into one text if there is no stream. */
  async send(work: Promise<void>, together: (answers: readonly Text[]) => Text): Promise<FastifyReply> {
    await Promise.race([work, this.#whenOpen])
    const stream = this.#stream
    if (stream) {
      const end = () => stream.end()
      work.then(end, (error) => {
        this.#reply.log.error({ err: error }, 'a request to /mcp failed on its stream')
        end()
      })
      return sendStream(this.#reply, stream)
    }
    return this.#answers.length ? sendMessage(this.#reply, together(this.#answers)) : this.#reply.code(202).send()
  }
}
