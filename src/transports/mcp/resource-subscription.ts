import { createHash } from 'node:crypto'
import { type Batch, type Position, positionOf } from '../../core/data/database.ts'
import type { SpaceRef } from '../../core/data/space.ts'
import { visibleChangeOf } from '../../core/data/visibility.ts'
import { TrekError } from '../../core/declare/errors.ts'
import { parseInput } from '../../core/run/input.ts'
import { messages } from './messages.ts'
import type { McpRequest } from './parts.ts'
import type { ResourceRegistry, Target } from './resources.ts'

/** The most resources that one session or stream can follow. */
export const MOST_FOLLOWED = 100

const COMPARE_MS = 1000

/**
 * The state of a resource that a subscriber has last seen: its epoch and the number of the last change, or a digest of
 * the answer.
 */
export type Cursor = string

const markOf = ({ epoch, seq }: Position): Cursor => `${epoch}:${seq}`

function positionIn(mark: Cursor): Position {
  const [epoch = '', seq] = mark.split(':')
  return { epoch, seq: Number(seq) }
}

/**
 * Follows the resources named by one subscriber, and notifies it of changes that it can see. A resource of one space
 * follows the changes of that space; one that spans spaces is read again and compared.
 */
export class ResourceSubscription {
  readonly #mcpRequest: Pick<McpRequest, 'parts' | 'caller'>
  readonly #registry: ResourceRegistry
  readonly #tell: (uri: string) => void
  readonly #onError: (error: unknown) => void
  readonly #followed = new Map<string, Promise<() => void>>()
  readonly #due = new Set<string>()
  #stopped = false

  constructor(
    mcpRequest: Pick<McpRequest, 'parts' | 'caller'>,
    registry: ResourceRegistry,
    tell: (uri: string) => void,
    onError: (error: unknown) => void,
  ) {
    this.#mcpRequest = mcpRequest
    this.#registry = registry
    this.#tell = tell
    this.#onError = onError
  }

  /** The current state for the subscriber. Without access, it throws the same error as reading the resource. */
  async mark(uri: string): Promise<Cursor> {
    const target = this.#registry.find(uri)
    if (!target) throw messages.noResource()
    const { pipeline } = this.#mcpRequest.parts
    const ref = this.#space(target)
    if (!ref) return this.#digest(target)
    const barred = await pipeline.barred(target.operation.operation, this.#mcpRequest.caller)
    if (barred) throw messages.notFollowed({ reason: barred })
    await pipeline.membership(ref, this.#mcpRequest.caller)
    return markOf(await positionOf(pipeline.parts.database, ref))
  }

  /** Follows exactly these from now on, each from its mark. */
  async follow(marks: ReadonlyMap<string, Cursor>): Promise<void> {
    for (const [uri, stop] of this.#followed) {
      if (marks.has(uri)) continue
      this.#followed.delete(uri)
      stop.then((call) => call()).catch(this.#onError)
    }
    for (const [uri, mark] of marks) {
      if (!this.#followed.has(uri) && !this.#stopped) this.#followed.set(uri, this.#begin(uri, mark))
    }
    await Promise.all(this.#followed.values())
  }

  stop(): void {
    this.#stopped = true
    for (const stop of this.#followed.values()) stop.then((call) => call()).catch(this.#onError)
    this.#followed.clear()
  }

  async #begin(uri: string, mark: Cursor): Promise<() => void> {
    const target = this.#registry.find(uri)
    if (!target) return () => {}
    const ref = this.#space(target)
    return ref ? this.#followSpace(uri, target, ref, positionIn(mark)) : this.#compareAgain(uri, target, mark)
  }

  async #followSpace(uri: string, target: Target, ref: SpaceRef, since: Position): Promise<() => void> {
    const { feed, database } = this.#mcpRequest.parts.pipeline.parts
    const heard = (batch: Batch) => {
      this.#concerns(target, ref, batch).then((concerned) => concerned && this.#say(uri), this.#onError)
    }
    let stopped = false
    let stop: (() => void) | null = null
    const begin = async (position: Position) => {
      stop = await feed.follow(ref, position, heard, () => anew().catch(this.#onError))
      if (stopped) stop?.()
      return stop !== null
    }
    // The known state is of another history, or too much was missed to read the log: it counts as changed.
    const anew = async () => {
      if (stopped) return
      this.#say(uri)
      await begin(await positionOf(database, ref))
    }
    if (!(await begin(since))) await anew()
    return () => {
      stopped = true
      stop?.()
    }
  }

  async #concerns({ operation }: Target, ref: SpaceRef, batch: Batch): Promise<boolean> {
    const { pipeline } = this.#mcpRequest.parts
    const { catalogue } = pipeline.parts
    const entities = this.#entities(operation.feature)
    const changes = batch.changes.filter(({ entity }) => entities.some((owned) => owned.entity.name === entity))
    if (!changes.length || (await pipeline.barred(operation.operation, this.#mcpRequest.caller))) return false
    const member = await pipeline.membership(ref, this.#mcpRequest.caller).catch(strangerIsNobody)
    if (!member) return false
    const viewer = { userId: this.#mcpRequest.caller.userId, role: member.role }
    return changes.some((change) => visibleChangeOf(change, viewer, catalogue.canSee(change.entity)))
  }

  #compareAgain(uri: string, target: Target, mark: Cursor): () => void {
    const spaces = new Set(this.#entities(target.operation.feature).map(({ entity }) => entity.space))
    const every = this.#mcpRequest.parts.limits.compareMs ?? COMPARE_MS
    let lastMark = mark
    let last = Number.NEGATIVE_INFINITY
    let timer: NodeJS.Timeout | undefined
    const compare = async () => {
      timer = undefined
      last = performance.now()
      const now = await this.#digest(target)
      if (now === lastMark) return
      lastMark = now
      this.#say(uri)
    }
    const compareSoon = () => {
      const wait = Math.max(0, last + every - performance.now())
      timer ??= setTimeout(() => compare().catch(this.#onError), wait).unref()
    }
    const unlisten = this.#mcpRequest.parts.pipeline.parts.database.notifier.subscribe((topic) => {
      if (topic === '*' || spaces.has(topic.slice(0, topic.lastIndexOf(':')))) compareSoon()
    })
    // The resource may have changed since the mark.
    compareSoon()
    return () => {
      unlisten()
      clearTimeout(timer)
    }
  }

  /** Several changes at once cause one notification. */
  #say(uri: string): void {
    if (this.#due.has(uri)) return
    this.#due.add(uri)
    setImmediate(() => {
      this.#due.delete(uri)
      if (!this.#stopped) this.#tell(uri)
    })
  }

  /** The space whose changes affect this resource; null if it spans several. */
  #space({ operation: { operation, space, feature }, input }: Target): SpaceRef | null {
    if (space) return { space: space.name, id: parseInput(operation, input)[space.key] as number }
    const own = this.#entities(feature).every(({ entity }) => entity.space === 'user')
    return own ? { space: 'user', id: this.#mcpRequest.caller.userId } : null
  }

  /** The entities of a feature; a feature without entities uses those of all. */
  #entities(feature: string) {
    const all = [...this.#mcpRequest.parts.pipeline.parts.catalogue.entities.values()]
    const owned = all.filter((entity) => entity.feature === feature)
    return owned.length ? owned : all
  }

  async #digest({ operation, input }: Target): Promise<Cursor> {
    const output = await this.#mcpRequest.parts.pipeline.run(operation.operation, input, this.#mcpRequest.caller)
    return createHash('sha256').update(JSON.stringify(output)).digest('base64url')
  }
}

function strangerIsNobody(error: unknown): null {
  if (error instanceof TrekError) return null
  throw error
}
