import type { Base } from '../data/base.ts'
import type { CallKey, KnownCall } from '../data/calls.ts'
import { newCommit } from '../data/commit.ts'
import type { Batch, Commit, Database, WriteTx } from '../data/database.ts'
import type { Feed } from '../data/feed.ts'
import type { Sealing } from '../data/sealing.ts'
import { type Caller, type Membership, NOBODY, type SpaceRef } from '../data/space.ts'
import type { ReadTx, Tx } from '../data/tx.ts'
import { isRefusal, TrekError } from '../declare/errors.ts'
import { type AnyOperation, administration, type Permission, permits } from '../declare/operation.ts'
import { newUuid } from '../declare/uuid.ts'
import { BaseGuard, MOST_BEHIND, outOfDate } from './base.ts'
import type { BoundOperation, Catalogue } from './catalogue.ts'
import { erase } from './erasing.ts'
import type { Call, Hook } from './feature.ts'
import { parseInput } from './input.ts'
import type { Begun, Delivery, LostAnswers } from './lost.ts'
import { messages } from './messages.ts'
import type { Observer } from './observer.ts'
import { hashOf, MadeBefore, remembered, scopeOf } from './once.ts'
import { Listing, pageOf } from './paging.ts'
import {
  barredBy,
  missingScope,
  notPermitted,
  notPermittedBesides,
  scopeMissingBesides,
  switchedOff,
  switchedOffBesides,
} from './rights.ts'
import type { Settings, SettingsView } from './settings.ts'
import { membershipOf, roleOf, sharedSpaceOf, spaceOf } from './space-of-call.ts'

/** One operation on its way through the steps. */
export interface Run {
  readonly parts: Parts
  readonly bound: BoundOperation
  readonly caller: Caller
  readonly settings: SettingsView
  readonly now: string
  readonly raw: unknown
  /** Set for a write that its client can repeat. */
  readonly key: CallKey | null
  /** Set for a write without a key whose client may not get the answer. */
  readonly delivery: Delivery | null
  readonly lost: LostAnswers
  begun: Begun | null
  /** Identifies the input: a later call under the key must have the same. */
  hash: string
  readonly base: Base | null
  /** The client that writes. */
  readonly instance: string | null
  guard: BaseGuard | null
  /** Identifies this write in the change log and for followers. */
  commit: Commit | null
  input: Record<string, unknown>
  prepared: unknown
  member: Membership
  output: Record<string, unknown>
  batches: Batch[]
  /** The last change of the space that a read has certainly seen. */
  seen: number | null
}

export interface Parts {
  readonly catalogue: Catalogue
  readonly database: Database
  readonly settings: Settings
  readonly feed: Feed
  /** Whether answers are validated against their schema: in tests and development. */
  readonly checkOutput: boolean
  /** Gets every finished call: for the audit log and for presence. */
  readonly observe?: (finished: Finished) => void
  /** Measures every call; absent if metrics are off. */
  readonly observer?: Observer | null
  readonly clock?: () => Date
  /** The secret for hashing the inputs of remembered calls. */
  readonly secret?: string
  /** Keeps the secret columns of removed rows, so that the rows can come back; if left out, they are lost. */
  readonly sealing?: Sealing
}

/** What is reported of a finished operation. */
export interface Finished {
  readonly operation: AnyOperation
  readonly caller: Caller
  readonly space: SpaceRef | null
  /** The value of the input field that the operation declares as its subject. */
  readonly subject: string | null
  readonly error: unknown
}

export function addonIsOn({ bound: { operation }, settings }: Run): void {
  const { addon } = operation
  if (addon && !settings.addonOn(addon)) throw switchedOff(addon)
}

export function scopeIsHeld({ bound: { operation }, caller }: Run): void {
  if (caller === NOBODY && !operation.open) throw messages.notLoggedIn()
  const missing = missingScope(operation, caller)
  if (missing) {
    throw messages.missingScope({ operation: operation.name, scope: missing }, { details: { scope: missing } })
  }
}

export function writesAreAllowed({ bound: { operation }, caller }: Run): void {
  if (operation.effect !== 'read' && caller.readOnly) throw new TrekError('forbidden', caller.readOnly)
}

function inputIsValid(run: Run): void {
  const { bound, parts } = run
  run.input = parseInput(bound.operation, run.raw, (argument, value) => parts.catalogue.taker(bound, argument, value))
  if (run.key || run.delivery) run.hash = hashOf(run.bound.operation, run.input, run.parts.secret ?? '')
}

/** A repeated call must not act outside of the server again. Other repeats are found when the call is reserved. */
async function callIsNew(run: Run): Promise<void> {
  const { bound, key, parts, delivery } = run
  const before = key && bound.prepare && (await parts.database.calls.find(key))
  if (before) throw new MadeBefore(before)
  if (!delivery) return
  const lost = await run.lost.take(equalTo(run), delivery)
  if (lost) throw new MadeBefore(lost, true)
  run.begun = run.lost.begin(equalTo(run), delivery)
}

/** The equality key of writes without a key. */
export const equalTo = ({ caller, hash }: Run): CallKey => ({ scope: scopeOf(caller), key: hash })

/** The remembered form of a finished call. */
export const knownCall = (run: Run): KnownCall => ({
  ...begun(run, run.commit?.id ?? ''),
  answer: remembered(run.bound.operation, run.input, run.output),
})

async function prepareOutside(run: Run): Promise<void> {
  const { bound, parts, caller } = run
  if (!bound.prepare) return
  // A caller without access must not be able to cause an outgoing call.
  await parts.database.read((tx) => callerIsMember(run, tx))
  callerMayWrite(run)
  callerIsPermitted(run)
  const { key } = run
  if (key && bound.operation.actsOutside) {
    const before = await parts.database.calls.begin(key, begun(run, newUuid()))
    if (before) throw new MadeBefore(before)
  }
  try {
    run.prepared = await bound.prepare(run.input, caller, (question) => parts.database.read(question))
  } catch (error) {
    await forgetRefused(run, error)
    throw error
  }
}

/** A refusal means that nothing happened outside. After any other failure that is unknown. */
async function forgetRefused({ bound, key, parts }: Run, error: unknown): Promise<void> {
  if (key && bound.operation.actsOutside && isRefusal(error)) await parts.database.calls.forget(key)
}

function begun(run: Run, commit_id: string): KnownCall {
  const { bound, hash, now, caller } = run
  const { space: home_space, id: home_id } = spaceOf(run)
  const whose = { home_space, home_id, user_id: caller.userId }
  return { operation: bound.operation.name, input_hash: hash, commit_id, answer: null, at: now, ...whose }
}

/**
 * The first write, so that an equal call waits for this one and finds it. The key is also the id of the commit if it is
 * a UUID that is not in the log yet.
 */
async function callIsReserved(run: Run, tx: WriteTx): Promise<void> {
  const { key, bound } = run
  const home = spaceOf(run)
  if (!key) {
    run.commit = newCommit(home, undefined, run.instance)
    return
  }
  run.commit = newCommit(home, (await tx.knowsCommit(key.key)) ? undefined : key.key, run.instance)
  // An action outside of the server was reserved before.
  if (bound.operation.actsOutside && bound.prepare) return
  const before = await tx.reserveCall(key, begun(run, run.commit.id))
  if (before) throw new MadeBefore(before)
}

async function answerIsRemembered({ key, bound, input, output }: Run, tx: WriteTx): Promise<void> {
  if (key) await tx.answerCall(key, remembered(bound.operation, input, output))
}

export async function callerIsMember(run: Run, tx: ReadTx): Promise<void> {
  run.member = await membershipOf(run, tx, run.caller)
}

/** A viewer changes nothing in a space, whatever other rights they have. */
export function callerMayWrite({ bound: { operation }, member }: Run): void {
  if (operation.effect !== 'read' && member.role === 'viewer') {
    throw messages.viewer()
  }
}

export function callerIsPermitted(run: Run): void {
  const { permission } = run.bound.operation
  if (!permission) return
  const needed: readonly Permission[] = typeof permission === 'function' ? permission(run.input) : [permission]
  for (const one of needed) {
    const level = run.settings.level(one)
    if (!permits(level, run.caller, roleOf(run))) throw notPermitted(one, level)
  }
}

/** A number is valid only in its own history. */
async function baseIsOfThisHistory({ base, parts, bound }: Run): Promise<void> {
  if (!base || base.epoch === null || bound.operation.effect === 'read') return
  if (base.epoch !== (await parts.database.epoch())) throw outOfDate(0)
}

/** From here on each change of a row is compared with the changes of others since the base. */
async function baseIsHeld(run: Run, tx: WriteTx): Promise<void> {
  const { base, parts, caller, member, input, instance } = run
  // A write may run twice: an earlier comparison is no longer valid.
  run.guard = null
  if (!base) return
  const home = spaceOf(run)
  const head = await tx.head(home)
  if (base.seq === head) return
  if (base.seq > head || head - base.seq > MOST_BEHIND) throw outOfDate(head)
  run.guard = new BaseGuard({
    tx,
    since: { space: home, seq: base.seq, but: instance },
    viewer: { userId: caller.userId, role: member.role },
    canSee: (entity) => parts.catalogue.canSee(entity),
    input,
    head,
  })
  tx.guardBy(run.guard)
}

async function handle(run: Run, tx: ReadTx): Promise<void> {
  const { bound, input } = run
  try {
    run.output = (await bound.handle(callOf(run, tx) as Call<never, unknown, Tx>)) as Record<string, unknown>
  } catch (error) {
    const isMissing = error instanceof TrekError && error.code === 'not_found'
    throw (isMissing && (await run.guard?.removed())) || error
  }
  const { pages } = bound.operation
  if (!pages) return
  const list = run.output[pages] as unknown[] | Listing<unknown>
  const { items, ...rest } = await (list instanceof Listing ? list.page(input) : pageOf(list, input))
  run.output = { ...run.output, [pages]: items, ...rest }
}

/**
 * A write to rows of another feature needs the rights of that feature's operations, unless it is a consequence of this
 * operation. Administration operations need no other right.
 */
function writesArePermitted(run: Run, tx: WriteTx): void {
  const { bound, caller, settings, parts } = run
  const { catalogue } = parts
  const { operation, feature: own } = bound
  if (operation.permission === administration) return
  for (const { entity, action, follows } of tx.written()) {
    const { feature, addon } = catalogue.entities.get(entity) ?? {}
    if (follows !== null || !feature || feature === own || feature in operation.ownWrites) continue
    // While an add-on is off, its rows can be removed with the row that they belong to, but not added or changed.
    if (addon && action !== 'remove' && !settings.addonOn(addon)) throw switchedOffBesides(operation, feature, addon)
    const right = catalogue.rightOf(feature)
    if (!right) throw new Error(`${operation.name} writes ${entity} of ${feature} and does not declare by which right`)
    const missing = missingScope(right, caller)
    if (missing) throw scopeMissingBesides(operation, feature, missing)
    const { permission } = right
    if (!permission) continue
    const level = settings.level(permission)
    if (!permits(level, caller, roleOf(run))) {
      throw notPermittedBesides(operation, feature, permission, level)
    }
  }
}

function outputIsValid({ bound: { operation }, output, parts }: Run): void {
  if (!parts.checkOutput) return
  const checked = operation.output.strict().safeParse(output)
  if (!checked.success) throw new Error(`${operation.name} answers what it does not declare: ${checked.error.message}`)
}

async function changesAreLogged(run: Run, tx: WriteTx): Promise<void> {
  const { caller, bound } = run
  const author = {
    user_id: caller.userId,
    name: caller.name,
    way: caller.way,
    client: caller.client,
    grant: caller.grant,
    operation: bound.operation.name,
  }
  const commit = run.commit as Commit
  const { catalogue, sealing, clock } = run.parts
  const imagesToKeep = await erase(catalogue, tx, commit)
  const at = (clock?.() ?? new Date()).toISOString()
  run.batches = await tx.writeLog(author, commit, { imagesToKeep, sealing, at })
}

function changesArePublished({ batches, parts }: Run): void {
  for (const batch of batches) parts.feed.publish(batch)
}

/** The only order of the steps. The first list runs before the transaction begins, the last after its commit. */
export const STEPS = {
  before: [addonIsOn, scopeIsHeld, writesAreAllowed, inputIsValid, callIsNew, baseIsOfThisHistory, prepareOutside],
  inside: [
    callIsReserved,
    callerIsMember,
    callerMayWrite,
    callerIsPermitted,
    baseIsHeld,
    handle,
    writesArePermitted,
    outputIsValid,
    changesAreLogged,
    answerIsRemembered,
  ],
  after: [changesArePublished],
} as const

/** The steps of writes only. */
export const OF_WRITES: readonly { name: string }[] = [
  callIsReserved,
  baseIsHeld,
  writesArePermitted,
  changesAreLogged,
  answerIsRemembered,
]

/** Runs the steps that belong in one transaction. */
export async function inTransaction(run: Run): Promise<void> {
  const { database } = run.parts
  if (run.bound.operation.effect === 'read') {
    // Read before the rows: a later change then counts as unseen. The app gets the number by its socket.
    if (sharedSpaceOf(run) && run.caller.way !== 'web') run.seen = await database.head(spaceOf(run))
    await database.read(async (tx) => {
      for (const step of STEPS.inside) if (!OF_WRITES.includes(step)) await step(run, tx as WriteTx)
    })
    return
  }
  await database.write(spaceOf(run), async (tx) => {
    for (const step of STEPS.inside) await step(run, tx)
  })
}

function callOf(run: Run, tx: ReadTx, follows = false): Call<unknown, unknown, ReadTx> {
  const { parts, caller, settings } = run
  const call: Call<unknown, unknown, ReadTx> = {
    tx,
    input: run.input,
    caller,
    member: run.member,
    prepared: run.prepared,
    now: run.now,
    barred: (operation) => barredBy(operation, caller, settings),
    permits: (permission, role = roleOf(run)) => permits(settings.level(permission), caller, role),
    async emit<Payload, Result, T extends ReadTx>(hook: Hook<Payload, Result, T>, payload: Payload) {
      const results: Result[] = []
      const { consequence } = hook
      const isWrite = run.bound.operation.effect !== 'read'
      const erased = isWrite ? hook.erases?.(payload) : null
      if (erased) (tx as WriteTx).erase(erased)
      const following = consequence !== null && !follows && isWrite
      const answering = following ? callOf(run, (tx as WriteTx).following(consequence), true) : call
      // One after the other: they share one connection, and the order of dependence matters.
      for (const listener of parts.catalogue.listenersOf(hook))
        results.push((await listener.run(answering, payload)) as Result)
      return results
    },
  }
  return call
}
