import { randomUUID } from 'node:crypto'
import type { FastifyBaseLogger } from 'fastify'
import type { RawData, WebSocket } from 'ws'
import { topicOf } from '../../core/data/database.ts'
import type { Caller, SpaceRef } from '../../core/data/space.ts'
import { TrekError } from '../../core/declare/errors.ts'
import { readAs } from '../../core/run/input.ts'
import type { Pipeline } from '../../core/run/pipeline.ts'
import type { Reader, Unread } from '../http/unread.ts'
import { type Bye, CLOSE_CODES, FromClient, type FromServer } from './contract.ts'
import { Following, type Outlet } from './following.ts'
import { Line } from './line.ts'
import { messages } from './messages.ts'
import type { Page } from './pages.ts'
import type { Presence } from './presence.ts'
import type { Snapshots } from './snapshots.ts'

export interface ConnectionLimits {
  /** Connections of one person, and in total. */
  readonly connectionsOfPerson: number
  readonly connections: number
  /** Frames that a client can send in ten seconds. */
  readonly frames: number
  /** Spaces that one connection can follow. */
  readonly spaces: number
  /** Bytes that can wait for a slow client, for all clients of one person, and for all clients. */
  readonly unread: number
  readonly unreadOfPerson: number
  readonly unreadOfAll: number
  /** Bytes of snapshots kept for a person at a time; the next one is read when there are fewer. */
  readonly kept: number
  /** Milliseconds between two pings. */
  readonly beat: number
  /** Milliseconds after which a client that does not answer the close frame is cut off. */
  readonly closing: number
}

export const MEGABYTE = 1024 * 1024

export const LIMITS: ConnectionLimits = {
  connectionsOfPerson: 50,
  connections: 10_000,
  frames: 60,
  spaces: 50,
  unread: 8 * MEGABYTE,
  unreadOfPerson: 16 * MEGABYTE,
  unreadOfAll: 256 * MEGABYTE,
  kept: 8 * MEGABYTE,
  beat: 30_000,
  closing: 2000,
}

const WINDOW_MS = 10_000
/** Closed because of an internal error. */
const BROKEN = 1011
/** Closed because of a temporary outage. */
const TRY_LATER = 1013

/**
 * A client that was sent this many bytes between two beats may still be receiving them: the network and proxies buffer
 * some megabytes.
 */
const MUCH = 256 * 1024
const PATIENCE = 4

interface Context {
  readonly pipeline: Pipeline
  readonly presence: Presence
  readonly unread: Unread
  readonly snapshots: Snapshots
  readonly caller: Caller
  readonly log: FastifyBaseLogger
  readonly limits: ConnectionLimits
}

/** One open socket of one logged-in person, and the spaces it follows. */
export class Connection implements Outlet, Reader {
  readonly caller: Caller
  readonly #socket: WebSocket
  readonly #line: Line
  readonly #context: Context
  readonly #followed = new Map<string, Following>()
  #window = { ends: 0, frames: 0 }
  /** Frames of the client are handled one after the other, in order. */
  #jobs: Promise<void> = Promise.resolve()
  /** Pages of all spaces share one queue: one page is sent at a time. */
  #pages: Promise<void> = Promise.resolve()
  #pacing = 0
  #alive = true
  /** The bytes sent at the last ping, and whether more were waiting. */
  #lastPing = { left: 0, behind: false }
  /** The number of beats for which a missing pong is tolerated: it can be delayed by data in transit. */
  #patience = 0
  #ended = false

  constructor(socket: WebSocket, context: Context) {
    this.caller = context.caller
    this.#socket = socket
    this.#line = new Line(socket, () => {
      if (!this.#ended) context.unread.wait(this, this.#line.waiting)
    })
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

  get userId(): number {
    return this.caller.userId
  }

  write(text: string): void {
    if (this.#socket.readyState !== this.#socket.OPEN) return
    if (this.#line.waiting > this.#context.limits.unread) this.drop()
    else this.#line.send(text)
  }

  paced(next: () => Promise<readonly Page[]>): Promise<void> {
    this.#pacing++
    const turn = this.#pages.then(async () => {
      const left = (this.#ended ? [] : await next()).map(({ data, binary }) => {
        const { promise, resolve } = Promise.withResolvers<void>()
        this.#line.send(data, binary, resolve)
        return promise
      })
      await Promise.all(left)
    })
    this.#pages = turn.catch(() => {})
    return turn.finally(() => this.#pacing--)
  }

  /** Cuts the client off: a client that does not read would not read a bye either. */
  drop(): void {
    this.#end()
    this.#socket.terminate()
    this.#line.clear()
  }

  fail(error: unknown): void {
    this.#context.log.error({ err: error, bug: randomUUID() }, 'bug')
    this.#end()
    this.#close(BROKEN)
  }

  bye(reason: Exclude<Bye, 'gone'>): void {
    if (this.#ended) return
    this.#end()
    const bye = JSON.stringify({ type: 'bye', reason } satisfies FromServer)
    this.#line.end(bye, () => this.#socket.close(CLOSE_CODES[reason]))
    this.#cutLater()
  }

  /** Sends a ping. Drops a client that has not answered the last one and receives none of the waiting data. */
  beat(): void {
    const { left, waiting } = this.#line
    const behind = this.#pacing > 0 || waiting > 0
    const took = left - this.#lastPing.left
    if (took > MUCH || (took > 0 && this.#lastPing.behind)) this.#patience = PATIENCE
    else this.#patience = behind ? 0 : Math.max(0, this.#patience - 1)
    if (!this.#alive && !this.#patience) {
      this.drop()
      return
    }
    this.#lastPing = { left, behind }
    this.#alive = false
    this.#socket.ping()
  }

  /** Checks again what the person can see in spaces whose view was made with other switches. */
  review(switches: string): void {
    const isStale = (following: Following) => !following.ended && following.switches !== switches
    if (![...this.#followed.values()].some(isStale)) return
    this.#do(null, async () => {
      for (const following of this.#followed.values()) if (isStale(following)) await following.review()
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
      this.#refuse(null, frame ? messages.invalidFrame({ problem: frame.problem }) : messages.noFrame())
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
      if (!following || following.ended) throw messages.hereWithoutSpace()
      following.enter(frame.at ?? null)
      return
    }
    following?.end()
    this.#followed.delete(topic)
    if (frame.type === 'subscribe') await this.#subscribe(ref, frame)
  }

  async #subscribe(
    ref: SpaceRef,
    {
      seq,
      epoch = '',
      view = '',
      gzip = false,
    }: Omit<Extract<FromClient, { type: 'subscribe' }>, 'type' | 'space' | 'id'>,
  ): Promise<void> {
    for (const [topic, { ended }] of this.#followed) if (ended) this.#followed.delete(topic)
    if (this.#followed.size >= this.#context.limits.spaces) {
      throw messages.tooManySpaces({ count: this.#context.limits.spaces })
    }
    const since = seq === undefined ? null : { seq, epoch, view }
    const following = new Following(ref, { ...this.#context, outlet: this, since, gzip })
    this.#followed.set(topicOf(ref), following)
    try {
      await following.begin()
    } catch (error) {
      following.end()
      throw error
    }
    if (this.#ended) following.end()
    // It can take long on a slow line, and other frames of the client do not wait for it.
    else
      following.run().catch((error) => {
        following.end()
        this.#failed(ref, error)
      })
  }

  #do(ref: SpaceRef | null, job: () => Promise<void>): void {
    this.#jobs = this.#jobs.then(async () => {
      if (this.#ended) return
      try {
        await job()
      } catch (error) {
        this.#failed(ref, error)
      }
    })
  }

  #failed(ref: SpaceRef | null, error: unknown): void {
    if (this.#ended) return
    if (!(error instanceof TrekError)) this.fail(error)
    else if (error.code !== 'unavailable') this.#refuse(ref, error)
    else {
      // The client reconnects by itself and continues from its position.
      this.#end()
      this.#close(TRY_LATER)
    }
  }

  #refuse(ref: SpaceRef | null, error: TrekError): void {
    const { code, message, key, params, hint } = error.toJSON()
    this.send({ type: 'error', code, message, key, ...(params && { params }), ...(hint && { hint }), ...ref })
  }

  #isTooFast(): boolean {
    const now = performance.now()
    if (now >= this.#window.ends) this.#window = { ends: now + WINDOW_MS, frames: 0 }
    return ++this.#window.frames > this.#context.limits.frames
  }

  #close(code: number): void {
    this.#socket.close(code)
    this.#cutLater()
  }

  #cutLater(): void {
    setTimeout(() => this.#socket.terminate(), this.#context.limits.closing).unref()
  }

  #end(): void {
    this.#ended = true
    for (const following of this.#followed.values()) following.end()
    this.#followed.clear()
    this.#context.unread.forget(this)
  }
}

function read(data: RawData): ReturnType<typeof readAs<typeof FromClient>> | null {
  try {
    return readAs(FromClient, JSON.parse(data.toString()))
  } catch {
    return null
  }
}
