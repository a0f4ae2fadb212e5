import { randomUUID } from 'node:crypto'
import type { FastifyBaseLogger } from 'fastify'
import type { RawData, WebSocket } from 'ws'
import { topicOf } from '../../core/data/database.ts'
import type { Caller, SpaceRef } from '../../core/data/space.ts'
import { invalid, TrekError } from '../../core/declare/errors.ts'
import { readAs } from '../../core/run/input.ts'
import type { Pipeline } from '../../core/run/pipeline.ts'
import { type Bye, CLOSE_CODES, FromClient, type FromServer } from './contract.ts'
import { Following, type Outlet } from './following.ts'
import type { Presence } from './presence.ts'

export interface Limits {
  /** Frames a client may send in ten seconds. */
  readonly frames: number
  /** Spaces one connection may follow. */
  readonly spaces: number
  /** Bytes that may wait for a client that does not read. */
  readonly unread: number
  /** Milliseconds between two questions for a sign of life. */
  readonly beat: number
  /** Milliseconds after which a client that does not answer the closing is cut off. */
  readonly closing: number
}

export const LIMITS: Limits = { frames: 60, spaces: 50, unread: 8 * 1024 * 1024, beat: 30_000, closing: 2000 }

const WINDOW_MS = 10_000
/** Closed because something broke here. */
const BROKEN = 1011

interface Context {
  readonly pipeline: Pipeline
  readonly presence: Presence
  readonly caller: Caller
  readonly log: FastifyBaseLogger
  readonly limits: Limits
}

/** One open socket of one logged-in person, and the spaces it follows. */
export class Connection implements Outlet {
  readonly caller: Caller
  readonly #socket: WebSocket
  readonly #context: Context
  readonly #followed = new Map<string, Following>()
  #window = { ends: 0, frames: 0 }
  /** What is asked is done one after the other, in the order it was asked. */
  #jobs: Promise<void> = Promise.resolve()
  #alive = true
  #ended = false

  constructor(socket: WebSocket, context: Context) {
    this.caller = context.caller
    this.#socket = socket
    this.#context = context
    socket.on('message', (data, isBinary) => this.#hear(data, isBinary))
    socket.on('pong', () => {
      this.#alive = true
    })
    socket.once('close', () => this.#end())
  }

  send(frame: FromServer): void {
    this.write(JSON.stringify(frame))
  }

  write(text: string): void {
    if (this.#socket.readyState !== this.#socket.OPEN) return
    if (this.#socket.bufferedAmount > this.#context.limits.unread) {
      // It would not read a bye either.
      this.#end()
      this.#socket.terminate()
      return
    }
    this.#socket.send(text)
  }

  fail(error: unknown): void {
    this.#context.log.error({ err: error, bug: randomUUID() }, 'bug')
    this.#end()
    this.#close(BROKEN)
  }

  bye(reason: Exclude<Bye, 'gone'>): void {
    if (this.#ended) return
    this.send({ type: 'bye', reason })
    this.#end()
    this.#close(CLOSE_CODES[reason])
  }

  /** Asks for a sign of life, and gives up on who gave none since the last time. */
  beat(): void {
    if (this.#alive) this.#socket.ping()
    else this.#socket.terminate()
    this.#alive = false
  }

  /** Looks anew at what the person may see, everywhere. */
  review(): void {
    this.#do(null, async () => {
      for (const following of this.#followed.values()) await following.review()
    })
  }

  #hear(data: RawData, isBinary: boolean): void {
    if (this.#ended) return
    if (this.#isTooFast()) {
      this.bye('too_fast')
      return
    }
    const frame = isBinary ? null : read(data)
    if (!frame || 'problem' in frame) {
      const hint = 'It takes a JSON text with a type of subscribe, unsubscribe or here, and space and id.'
      this.#refuse(null, invalid(`This frame is not understood${frame ? `: ${frame.problem}` : ''}`, { hint }))
      return
    }
    const { value } = frame
    this.#do({ space: value.space, id: value.id }, () => this.#obey(value))
  }

  async #obey(frame: FromClient): Promise<void> {
    const ref: SpaceRef = { space: frame.space, id: frame.id }
    const topic = topicOf(ref)
    const following = this.#followed.get(topic)
    if (frame.type === 'here') {
      if (!following || following.ended) throw invalid('Subscribe to the space before you say that you are here')
      following.enter(frame.at ?? null)
      return
    }
    following?.end()
    this.#followed.delete(topic)
    if (frame.type === 'subscribe') await this.#subscribe(ref, frame)
  }

  async #subscribe(
    ref: SpaceRef,
    { seq, epoch = '', view = '' }: Omit<Extract<FromClient, { type: 'subscribe' }>, 'type' | 'space' | 'id'>,
  ): Promise<void> {
    for (const [topic, { ended }] of this.#followed) if (ended) this.#followed.delete(topic)
    if (this.#followed.size >= this.#context.limits.spaces) {
      throw invalid(`A connection follows at most ${this.#context.limits.spaces} spaces`, {
        hint: 'Unsubscribe first.',
      })
    }
    const following = new Following(ref, { ...this.#context, outlet: this })
    this.#followed.set(topicOf(ref), following)
    try {
      await following.begin(seq === undefined ? null : { seq, epoch, view })
    } catch (error) {
      following.end()
      throw error
    }
    if (this.#ended) following.end()
  }

  #do(ref: SpaceRef | null, job: () => Promise<void>): void {
    this.#jobs = this.#jobs.then(async () => {
      if (this.#ended) return
      try {
        await job()
      } catch (error) {
        if (error instanceof TrekError) this.#refuse(ref, error)
        else this.fail(error)
      }
    })
  }

  #refuse(ref: SpaceRef | null, { code, message, hint }: TrekError): void {
    this.send({ type: 'error', code, message, ...(hint && { hint }), ...ref })
  }

  #isTooFast(): boolean {
    const now = Date.now()
    if (now >= this.#window.ends) this.#window = { ends: now + WINDOW_MS, frames: 0 }
    return ++this.#window.frames > this.#context.limits.frames
  }

  #close(code: number): void {
    this.#socket.close(code)
    setTimeout(() => this.#socket.terminate(), this.#context.limits.closing).unref()
  }

  #end(): void {
    this.#ended = true
    for (const following of this.#followed.values()) following.end()
    this.#followed.clear()
  }
}

function read(data: RawData): ReturnType<typeof readAs<typeof FromClient>> | null {
  try {
    return readAs(FromClient, JSON.parse(data.toString()))
  } catch {
    return null
  }
}
