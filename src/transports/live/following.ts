import type { Batch, Position } from '../../core/data/database.ts'
import { TOO_FAR_BEHIND } from '../../core/data/feed.ts'
import type { Caller, SpaceRef } from '../../core/data/space.ts'
import { TrekError } from '../../core/declare/errors.ts'
import type { Pipeline } from '../../core/run/pipeline.ts'
import type { Reader } from '../http/unread.ts'
import type { FromServer } from './contract.ts'
import { type Page, pagesOf } from './pages.ts'
import type { Presence } from './presence.ts'
import type { Kept, Snapshots } from './snapshots.ts'
import { admits, changesFrame, type View, viewOf } from './view.ts'

/** The receiver of frames. */
export interface Outlet extends Reader {
  send(frame: FromServer): void
  /** Sends a frame that is already text. */
  write(text: string): void
  /** Sends the result of `next` when it is its turn. Resolves when that was sent, or the client has disconnected. */
  paced(next: () => Promise<readonly Page[]>): Promise<void>
  /** An internal error: the connection ends, and the client reconnects. */
  fail(error: unknown): void
}

interface Context {
  readonly pipeline: Pipeline
  readonly presence: Presence
  readonly caller: Caller
  readonly snapshots: Snapshots
  readonly outlet: Outlet
  /** The position of the client; null if it has nothing yet. */
  readonly since: Since | null
  /** Whether it accepts packed pages. */
  readonly gzip: boolean
}

export interface Since extends Position {
  readonly view: string
}

/** The number of attempts of a snapshot while the visibility keeps changing. */
const TRIES = 3

/** The approximate number of bytes of missed changes sent at a time. */
const PORTION = 64 * 1024
/** The most missed changes that are sent at once. */
const FEW = 20

interface Shot {
  readonly position: Position
  readonly rows: number
  readonly pages: readonly Page[]
}

/**
 * One space followed by one socket: from `begin` until the end, every change that its person can see, once and in
 * order.
 */
export class Following {
  readonly ref: SpaceRef
  readonly #context: Context
  #view: View | null = null
  #seq = 0
  #ended = false
  #stops: (() => void)[] = []
  /** Batches that wait until it is known whether the person still has access. */
  #doubted: Batch[] = []
  #catchingUp: Promise<void> | null = null

  constructor(ref: SpaceRef, context: Context) {
    this.ref = ref
    this.#context = context
  }

  get ended(): boolean {
    return this.#ended
  }

  /** The switches of the server with which its view was made; undefined before `begin`. */
  get switches(): string | undefined {
    return this.#view?.switches
  }

  /** Checks access; fails with `not_found` without it. */
  async begin(): Promise<void> {
    const { pipeline, caller, since } = this.#context
    this.#view = await viewOf(pipeline, this.ref, caller)
    if (since && since.view !== this.#view.key) this.#reset()
  }

  /** Sends what was missed, or a snapshot, as fast as the client reads, then live changes. */
  async run(): Promise<void> {
    const { outlet, since } = this.#context
    if (this.#ended) return
    const sent = since ? await this.#sendMissed(since, TOO_FAR_BEHIND) : await this.#sendSnapshot()
    if (!sent || !(await this.#follow(sent))) return this.#reset()
    await this.#catchingUp
    if (this.#ended) return
    if (since) outlet.send({ type: 'resumed', ...this.ref, seq: this.#seq })
    this.#listenToPresence()
  }

  /** Shows the person as present in the space. */
  enter(at: string | null): void {
    if (!this.#ended) this.#context.presence.enter(this.ref, this, this.#context.caller, at)
  }

  /** Checks the visibility again: lost access ends the subscription, another view resets it. */
  async review(): Promise<void> {
    if (this.#ended) return
    const { pipeline, caller, outlet } = this.#context
    const view = await viewOf(pipeline, this.ref, caller).catch(nullWhereMissing)
    if (this.#ended) return
    if (!view) {
      this.end()
      outlet.send({ type: 'bye', ...this.ref, reason: 'gone' })
    } else if (view.key !== this.#view?.key) this.#reset()
    else this.#view = view
  }

  end(): void {
    this.#ended = true
    this.#doubted = []
    for (const stop of this.#stops.splice(0)) stop()
    this.#context.presence.leave(this.ref, this)
  }

  /** Sends a snapshot, and what was missed meanwhile; null if the client must start again. */
  async #sendSnapshot(): Promise<Position | null> {
    const { snapshots, outlet } = this.#context
    for (let tries = 0; tries < TRIES && !this.#ended; tries++) {
      const taken = await snapshots.take(outlet, () => this.#read())
      if (!taken) continue
      const { position, rows } = taken.shot
      await this.#sendPages(taken.pages)
      // If a line is so slow that every row changes during a snapshot, another snapshot would not help either.
      return this.#ended ? null : this.#sendMissed(position, Math.max(TOO_FAR_BEHIND, rows))
    }
    return null
  }

  /** A snapshot with the same view before and after; null if the view changed or the subscription ended. */
  async #read(): Promise<Shot | null> {
    const { pipeline, caller, gzip } = this.#context
    if (this.#ended) return null
    const before = this.#view
    const { epoch, seq, rows } = await pipeline.snapshot(this.ref, caller)
    const view = await viewOf(pipeline, this.ref, caller)
    this.#view = view
    if (view.key !== before?.key || this.#ended) return null
    const pages = await pagesOf({ type: 'snapshot', ...this.ref, seq, epoch, view: view.key }, rows, gzip)
    const count = Object.values(rows).reduce((sum, list) => sum + list.length, 0)
    return { position: { epoch, seq }, rows: count, pages }
  }

  async #sendPages(pages: Kept): Promise<void> {
    const { outlet } = this.#context
    this.#stops.push(() => pages.drop())
    try {
      while (!this.#ended && pages.left) {
        await outlet.paced(async () => {
          // The previous page may have been sent long ago.
          await this.review()
          const page = this.#ended ? null : pages.next()
          return page ? [page] : []
        })
      }
    } finally {
      pages.drop()
    }
  }

  /** Sends missed changes from the log, until few enough are left to be sent at once; null if there are too many. */
  async #sendMissed(since: Position, tooFar: number): Promise<Position | null> {
    const { pipeline, outlet } = this.#context
    let position = since
    for (;;) {
      const missed = await pipeline.parts.feed.missed(this.ref, position, tooFar)
      if (!missed || this.#ended) return null
      this.#seq = position.seq
      if (missed.reduce((sum, { changes }) => sum + changes.length, 0) <= FEW) return position
      while (missed.length && !this.#ended) await outlet.paced(() => this.#portionOf(missed))
      position = { epoch: position.epoch, seq: this.#seq }
    }
  }

  /** Takes the next portion. First checks whether the person can still see it, with changes that are not sent yet. */
  async #portionOf(missed: Batch[]): Promise<Page[]> {
    await this.review()
    const pages: Page[] = []
    for (let size = 0; missed.length && size < PORTION && !this.#ended; ) {
      const batch = missed.shift() as Batch
      this.#seq = batch.seq
      const text = this.#view && changesFrame(this.#context.pipeline.parts.catalogue, batch, this.#view)
      if (!text) continue
      const data = Buffer.from(text)
      pages.push({ data, binary: false })
      size += data.length
    }
    return pages
  }

  async #follow(since: Position): Promise<boolean> {
    const { pipeline, outlet } = this.#context
    const heard = (batch: Batch) => {
      // Called after each commit. It must not throw into the caller.
      try {
        this.#hear(batch)
      } catch (error) {
        outlet.fail(error)
      }
    }
    // The space itself, or the person's membership, may have been erased.
    const lost = () =>
      void this.review().then(
        () => this.#reset(),
        (error) => outlet.fail(error),
      )
    const stop = await pipeline.parts.feed.follow(this.ref, since, heard, lost)
    if (!stop) return false
    if (this.#ended) stop()
    else this.#stops.push(stop)
    return true
  }

  #hear(batch: Batch): void {
    if (this.#ended) return
    if (!this.#catchingUp && !this.#admits(batch)) {
      this.#tell(batch)
      return
    }
    this.#doubted.push(batch)
    this.#catchingUp ??= this.#catchUp().catch((error) => this.#context.outlet.fail(error))
  }

  /** A batch that may end the person's access is sent only after a check. */
  async #catchUp(): Promise<void> {
    while (this.#doubted.length) {
      const batches = this.#doubted
      this.#doubted = []
      if (batches.some((batch) => this.#admits(batch))) {
        this.#context.presence.dismissAssistants(this.ref)
        await this.review()
      }
      if (this.#ended) return
      for (const batch of batches) this.#tell(batch)
    }
    this.#catchingUp = null
  }

  #admits(batch: Batch): boolean {
    return admits(this.#context.pipeline.parts.catalogue, batch)
  }

  #tell(batch: Batch): void {
    this.#seq = batch.seq
    const { pipeline, outlet } = this.#context
    const text = this.#view && changesFrame(pipeline.parts.catalogue, batch, this.#view)
    if (text) outlet.write(text)
  }

  #listenToPresence(): void {
    const { presence, outlet } = this.#context
    const tell = (people: ReturnType<Presence['people']>) => outlet.send({ type: 'presence', ...this.ref, people })
    this.#stops.push(presence.listen(this.ref, tell))
    tell(presence.people(this.ref))
  }

  #reset(): void {
    if (this.#ended) return
    this.end()
    this.#context.outlet.send({ type: 'reset', ...this.ref })
  }
}

function nullWhereMissing(error: unknown): null {
  if (error instanceof TrekError && error.code === 'not_found') return null
  throw error
}
