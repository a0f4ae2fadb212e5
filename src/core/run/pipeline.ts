import { z } from 'zod'
import type { Base } from '../data/base.ts'
import { type Position, positionOf } from '../data/database.ts'
import { type Caller, type Membership, NOBODY, type SpaceRef } from '../data/space.ts'
import { TrekError } from '../declare/errors.ts'
import type { Message } from '../declare/message.ts'
import type { AnyObject, AnyOperation, Output } from '../declare/operation.ts'
import { isUuid } from '../declare/uuid.ts'
import { parseInput } from './input.ts'
import { type Delivery, LostAnswers } from './lost.ts'
import { messages } from './messages.ts'
import { callKey, MadeBefore, type Replay, replayOf, Turns } from './once.ts'
import { barredBy } from './rights.ts'
import { OWN, spaceOf } from './space-of-call.ts'
import {
  addonIsOn,
  callerIsMember,
  callerIsPermitted,
  callerMayWrite,
  equalTo,
  inTransaction,
  knownCall,
  type Parts,
  type Run,
  STEPS,
  scopeIsHeld,
  writesAreAllowed,
} from './steps.ts'

/** What a client sends with a call besides its input. */
export interface Particulars {
  /**
   * The client's own key of a write: a repeated key gets the same answer, and nothing is done twice. If it is a UUID
   * (RFC 9562), the client recognises its own write by it in live updates.
   */
  readonly key?: string | undefined
  /** The delivery of the answer: for clients that send no key, and repeat a call whose answer was lost. */
  readonly delivery?: Delivery | undefined
  /**
   * What the client knew: a write then overwrites nothing that the client has not seen. Without it, the last write
   * wins.
   */
  readonly base?: Base | undefined
  /** The client itself, if several share a log-in: the UUID of the open page. */
  readonly instance?: string | undefined
}

/** The answer of a call. */
export interface Answered<Op extends AnyOperation> {
  readonly output: Output<Op>
  /** Set if the call was made before, and only its answer was repeated. */
  readonly replay: Replay | null
  /**
   * The number of the last change that this wrote in the space of the call, as a base for the next write. Null if it
   * wrote none.
   */
  readonly seq: number | null
}

/** Runs operations. It is the only way to run one. */
export class Pipeline {
  readonly parts: Parts
  readonly #turns = new Turns()
  readonly #lost: LostAnswers

  constructor(parts: Parts) {
    this.parts = parts
    this.#lost = new LostAnswers(parts.database, () => parts.clock?.() ?? new Date(), parts.feed.onError)
  }

  async run<Op extends AnyOperation>(operation: Op, input: unknown, caller: Caller): Promise<Output<Op>> {
    return (await this.call(operation, input, caller)).output
  }

  /** The same, for a client that may repeat a write. */
  async call<Op extends AnyOperation>(
    operation: Op,
    input: unknown,
    caller: Caller,
    particulars: Particulars = {},
  ): Promise<Answered<Op>> {
    const { observer } = this.parts
    if (!observer) return this.#take(operation, input, caller, particulars)
    const work = { kind: 'operation', name: operation.name, way: caller.way } as const
    return observer.during(work, () => this.#take(operation, input, caller, particulars))
  }

  async #take<Op extends AnyOperation>(
    operation: Op,
    input: unknown,
    caller: Caller,
    particulars: Particulars,
  ): Promise<Answered<Op>> {
    const run = await this.#begin(operation, input, caller, particulars)
    return run.key ? this.#turns.take(run.key, () => this.#go(run)) : this.#go(run)
  }

  async #go<Op extends AnyOperation>(run: Run): Promise<Answered<Op>> {
    try {
      for (const step of STEPS.before) await step(run)
      await inTransaction(run)
      await this.#tell(run)
      run.begun?.answered(() => knownCall(run))
      this.#finished(run, null)
      return { output: run.output as Output<Op>, replay: null, seq: seqOf(run) }
    } catch (error) {
      if (error instanceof MadeBefore) {
        const replay = replayOf(run.bound.operation, run.hash, error, run.now)
        if (run.delivery) this.#lost.begin(equalTo(run), run.delivery).answered(() => error.call)
        return { output: replay.output as Output<Op>, replay, seq: null }
      }
      run.begun?.failed()
      this.#finished(run, error)
      throw error
    }
  }

  /**
   * Throws as `run` would for a caller without access: checked before an upload is received, with the input known so
   * far.
   */
  async admit(operation: AnyOperation, input: Record<string, unknown>, caller: Caller): Promise<void> {
    const run = await this.#begin(operation, input, caller)
    try {
      addonIsOn(run)
      scopeIsHeld(run)
      writesAreAllowed(run)
      run.input = parseInput({ name: operation.name, input: only(operation.input, Object.keys(input)) }, input)
      await this.parts.database.read((tx) => callerIsMember(run, tx))
      callerMayWrite(run)
      callerIsPermitted(run)
    } catch (error) {
      this.#finished(run, error)
      throw error
    }
  }

  async #begin(
    operation: AnyOperation,
    input: unknown,
    caller: Caller,
    { key, delivery, base, instance }: Particulars = {},
  ): Promise<Run> {
    const bound = this.parts.catalogue.operation(operation.name)
    if (!bound) throw messages.noOperation({ operation: operation.name })
    return {
      parts: this.parts,
      bound,
      caller,
      settings: await this.parts.settings.current(),
      now: (this.parts.clock?.() ?? new Date()).toISOString(),
      raw: input,
      key: callKey(bound.operation, caller, key),
      delivery: key === undefined && operation.effect !== 'read' ? (delivery ?? null) : null,
      lost: this.#lost,
      begun: null,
      base: base ?? null,
      instance: caller.way === 'web' ? (instance && isUuid(instance) ? instance : null) : caller.grant,
      guard: null,
      hash: '',
      commit: null,
      input: {},
      prepared: undefined,
      member: OWN,
      output: {},
      batches: [],
      seen: null,
    }
  }

  /** The caller's membership of a space, or `not_found`. */
  async membership(ref: SpaceRef, caller: Caller): Promise<Membership> {
    if (ref.space === 'user' && ref.id === caller.userId) return { ...OWN, id: caller.userId }
    const space = this.parts.catalogue.spaces.get(ref.space)
    const member = space && (await this.parts.database.read((tx) => space.membership(tx, ref.id, caller.userId)))
    if (!member) throw space ? new TrekError('not_found', space.missing) : messages.nothingToFollow()
    return member
  }

  /**
   * The rows of a space that the caller can see, for some entities only the latest, and the position of the last change
   * that is included.
   */
  async snapshot(ref: SpaceRef, caller: Caller): Promise<Position & { rows: Record<string, unknown[]> }> {
    const settings = await this.parts.settings.current()
    const member = await this.membership(ref, caller)
    const viewer = { userId: caller.userId, role: member.role }
    // The head is read first: a change in between is then sent again, which is harmless, and never lost.
    const { epoch, seq } = await positionOf(this.parts.database, ref)
    const rows = await this.parts.database.read(async (tx) => {
      const rowsByEntity: Record<string, unknown[]> = {}
      for (const { entity, canSee, addon, key, latest } of this.parts.catalogue.entitiesOf(ref.space)) {
        if (addon && !settings.addonOn(addon)) continue
        const inSpace = key === null ? {} : { [key]: ref.id }
        const all = latest
          ? (await tx.list(entity, inSpace, ['id desc'], latest)).reverse()
          : await tx.list(entity, inSpace)
        rowsByEntity[entity.name] = canSee ? all.filter((row) => canSee(row as never, viewer)) : all
      }
      return rowsByEntity
    })
    return { epoch, seq, rows }
  }

  /** Why this caller cannot call this operation, or null: for lists of operations, and for `omitted`. */
  async barred(operation: AnyOperation, caller: Caller): Promise<Message | null> {
    return barredBy(operation, caller, await this.parts.settings.current())
  }

  /** A committed write is never answered with a failure, because the caller would repeat it. */
  async #tell(run: Run): Promise<void> {
    try {
      for (const step of STEPS.after) await step(run)
    } catch (error) {
      this.parts.feed.onError(error)
    }
  }

  #finished(run: Run, error: unknown): void {
    try {
      this.#observed(run, error)
    } catch (failure) {
      this.parts.feed.onError(failure)
    }
  }

  #observed(run: Run, error: unknown): void {
    if (run.caller === NOBODY) return
    const { space } = run.bound
    const id = space && run.input[space.key]
    const { subject = '' } = run.bound.operation
    this.parts.observe?.({
      operation: run.bound.operation,
      caller: run.caller,
      space: space && typeof id === 'number' ? { space: space.name, id } : null,
      subject: subject in run.input ? String(run.input[subject]) : null,
      error,
    })
  }
}

/** The part of an input with these fields. */
const only = (input: AnyObject, keys: readonly string[]): AnyObject =>
  z.strictObject(
    Object.fromEntries(keys.flatMap((key) => (Object.hasOwn(input.shape, key) ? [[key, input.shape[key]]] : []))),
  )

function seqOf(run: Run): number | null {
  if (!run.batches.length) return run.seen
  const home = spaceOf(run)
  return run.batches.find(({ space, id }) => space === home.space && id === home.id)?.seq ?? null
}
