import type { Batch, Position } from '../../core/data/database.ts'
import type { Caller, SpaceRef } from '../../core/data/space.ts'
import { TrekError } from '../../core/declare/errors.ts'
import type { Pipeline } from '../../core/run/pipeline.ts'
import type { FromServer, WireRow } from './contract.ts'
import type { Presence } from './presence.ts'
import { admits, changesFrame, type View, viewOf } from './view.ts'

/** Where frames go. */
export interface Outlet {
  send(frame: FromServer): void
  /** Sends a frame that is text already. */
  write(text: string): void
  /** Something broke that is not the client's fault: the connection ends, and the client comes back. */
  fail(error: unknown): void
}

interface Context {
  readonly pipeline: Pipeline
  readonly presence: Presence
  readonly caller: Caller
  readonly outlet: Outlet
}

export interface Since extends Position {
  readonly view: string
}

/** How often a snapshot is tried while what the person may see keeps changing. */
const TRIES = 3

/** One space as one socket follows it: from `begin` until the end, every change that its person may see, once and in order. */
export class Following {
  readonly ref: SpaceRef
  readonly #context: Context
  #view: View | null = null
  #seq = 0
  #ended = false
  #stops: (() => void)[] = []
  /** Batches that wait until it is known whether the person is still in. */
  #doubted: Batch[] = []
  #settling: Promise<void> | null = null

  constructor(ref: SpaceRef, context: Context) {
    this.ref = ref
    this.#context = context
  }

  get ended(): boolean {
    return this.#ended
  }

  /** Sends what was missed, or everything, and goes on live. Fails with `not_found` where the person may not be. */
  async begin(since: Since | null): Promise<void> {
    const { pipeline, caller, outlet } = this.#context
    this.#view = await viewOf(pipeline, this.ref, caller)
    if (since && since.view !== this.#view.key) {
      this.#reset()
      return
    }
    const position = since ?? (await this.#sendSnapshot())
    if (position === null) return this.#reset()
    this.#seq = position.seq
    if (!(await this.#follow(position))) return this.#reset()
    await this.#settling
    if (this.#ended) return
    if (since) outlet.send({ type: 'resumed', ...this.ref, seq: this.#seq })
    this.#listenToPresence()
  }

  /** Shows the person in the space. */
  enter(at: string | null): void {
    if (!this.#ended) this.#context.presence.enter(this.ref, this, this.#context.caller, at)
  }

  /** Looks anew at what the person may see: nothing any more ends it, something else resets it. */
  async review(): Promise<void> {
    if (this.#ended) return
    const { pipeline, caller, outlet } = this.#context
    const view = await viewOf(pipeline, this.ref, caller).catch(nullWhereMissing)
    if (this.#ended) return
    if (!view) {
      this.end()
      outlet.send({ type: 'bye', ...this.ref, reason: 'gone' })
    } else if (view.key !== this.#view?.key) this.#reset()
  }

  end(): void {
    this.#ended = true
    this.#doubted = []
    for (const stop of this.#stops.splice(0)) stop()
    this.#context.presence.leave(this.ref, this)
  }

  /** Everything, seen through a view that was the same before and after; null where it would not hold still. */
  async #sendSnapshot(): Promise<Position | null> {
    const { pipeline, caller, outlet } = this.#context
    for (let tries = 0; tries < TRIES; tries++) {
      const before = this.#view
      const { epoch, seq, rows } = await pipeline.snapshot(this.ref, caller)
      this.#view = await viewOf(pipeline, this.ref, caller)
      if (this.#view.key === before?.key) {
        const { key: view } = this.#view
        outlet.send({
          type: 'snapshot',
          ...this.ref,
          seq,
          epoch,
          view,
          rows: rows as Record<string, WireRow[]>,
        })
        return { epoch, seq }
      }
    }
    return null
  }

  async #follow(since: Position): Promise<boolean> {
    const { pipeline, outlet } = this.#context
    const heard = (batch: Batch) => {
      // Whoever commits calls this: what goes wrong here must not reach them.
      try {
        this.#hear(batch)
      } catch (error) {
        outlet.fail(error)
      }
    }
    // What was erased may be the space itself, or what the person was in it by.
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
    if (!this.#settling && !this.#admits(batch)) {
      this.#tell(batch)
      return
    }
    this.#doubted.push(batch)
    this.#settling ??= this.#settle().catch((error) => this.#context.outlet.fail(error))
  }

  /** A batch that may have put the person out is told only when it is known that it has not. */
  async #settle(): Promise<void> {
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
    this.#settling = null
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
