import type { Readable } from 'node:stream'
import type { Caller, CanSee, Membership, Space, SpaceRef } from '../data/space.ts'
import type { ReadTx, Tx } from '../data/tx.ts'
import type { AnyEntity, Row } from '../declare/entity.ts'
import type { Message } from '../declare/message.ts'
import type {
  Addon,
  AnyObject,
  AnyOperation,
  Effect,
  Input,
  Operation,
  Output,
  Permission,
  Prompt,
} from '../declare/operation.ts'
import type { Listing } from './paging.ts'

/** What a handler gets: one transaction, what was asked, and who asked. */
export interface Call<I = unknown, P = unknown, T extends ReadTx = Tx> {
  readonly tx: T
  readonly input: I
  readonly caller: Caller
  /** The caller's standing in the space of the operation. */
  readonly member: Membership
  /** What `prepare` brought from outside. */
  readonly prepared: P
  /** The moment of the call, ISO 8601 UTC: the same for everything it writes. */
  readonly now: string
  /** Calls the listeners of this hook in every feature, in the order of dependence, and returns their results. */
  emit<Payload, Result, HT extends ReadTx>(hook: Hook<Payload, Result, HT>, payload: Payload): Promise<Result[]>
  /** Why the caller could not call this operation (its add-on or scope), or null. */
  barred(operation: AnyOperation): Message | null
  /** Whether the caller has this right here, for rules that the declaration of the operation cannot say. */
  permits(permission: Permission): boolean
}

type TxFor<Op extends AnyOperation> = Op['effect'] extends 'read' ? ReadTx : Tx

// The pipeline cuts the list into pages; the handler gives all of it, or what reads a page of it.
type Answered<O> = O extends { next_cursor: string | null; remaining: number }
  ? Cuttable<Omit<O, 'next_cursor' | 'remaining'>>
  : O
type Cuttable<O> = { [K in keyof O]: O[K] | (O[K] extends (infer T)[] ? Listing<T> : never) }

/** The rule behind one operation. */
export type Handler<Op extends AnyOperation, P = unknown> = (
  call: Call<Input<Op>, P, TxFor<Op>>,
) => Promise<Answered<Output<Op>>>

/** Runs a question against the database in a read transaction of its own. */
export type Read = <T>(question: (tx: ReadTx) => Promise<T>) => Promise<T>

/** An operation that needs something from outside fetches it before its transaction begins. */
export interface Prepared<Op extends AnyOperation, P> {
  /** `read` looks at rows for a moment; what comes from outside is awaited outside of it. */
  prepare(input: Input<Op>, caller: Caller, read: Read): Promise<P>
  handle: Handler<Op, P>
}

/** Ties `prepare` and `handle` together, so that what one brings is what the other gets. */
export const prepared = <Op extends AnyOperation, P>(_operation: Op, steps: Prepared<Op, P>): Prepared<Op, P> => steps

type OperationsOf<C> = { [K in keyof C as C[K] extends AnyOperation ? K : never]: C[K] }

export type Handlers<C> = {
  [K in keyof OperationsOf<C>]: OperationsOf<C>[K] extends Operation<string, AnyObject, AnyObject, Effect>
    ? // biome-ignore lint/suspicious/noExplicitAny: what prepare brings is each operation's own affair
      Handler<OperationsOf<C>[K]> | Prepared<OperationsOf<C>[K], any>
    : never
}

/** Every operation of a contract with its handler; one that is missing does not compile. */
export const implement = <C>(_contract: C, handlers: Handlers<C>): Handlers<C> => handlers

/** A question one feature asks and others answer: what to copy with a trip, what to add to a summary. */
export interface Hook<Payload, Result, T extends ReadTx = Tx> {
  readonly kind: 'hook'
  readonly name: string
  /** Dependents answer before what they depend on: for deletions. */
  readonly dependentsFirst: boolean
  /**
   * Why what is written in answer to it follows by itself from what the caller may do, and needs no right to the rows of those who
   * answer. Without a reason it needs one.
   */
  readonly consequence: string | null
  /** Which space goes for good with what this is asked for: what was in it then stays nowhere. */
  erases?(payload: Payload): SpaceRef
  // Only types; there is nothing of them at run time.
  readonly types?: { payload: Payload; result: Result; tx: T }
}

export const hook = <Payload, Result = void, T extends ReadTx = Tx>(
  name: string,
  {
    dependentsFirst = false,
    consequence,
    erases,
  }: { dependentsFirst?: boolean; consequence?: string; erases?: (payload: Payload) => SpaceRef } = {},
): Hook<Payload, Result, T> => ({
  kind: 'hook',
  name,
  dependentsFirst,
  consequence: consequence ?? null,
  ...(erases && { erases }),
})

export interface HookListener {
  readonly hook: Hook<never, unknown, ReadTx>
  // biome-ignore lint/suspicious/noExplicitAny: typed where it is made, by onHook()
  readonly run: (call: any, payload: any) => Promise<unknown>
}

export const onHook = <Payload, Result, T extends ReadTx>(
  to: Hook<Payload, Result, T>,
  run: (call: Call<unknown, unknown, T>, payload: Payload) => Promise<Result>,
): HookListener => ({ hook: to as unknown as HookListener['hook'], run })

interface RowOptions {
  /** How many of its rows a snapshot has, the newest; all when left out. Older ones are read by an operation. */
  readonly latest?: number
  /** The add-on that they belong to, where it is not that of the whole feature. */
  readonly addon?: Addon | undefined
}

export interface BoundEntity extends RowOptions {
  readonly entity: AnyEntity
  readonly canSee: CanSee | undefined
}

/** An entity with the rule of who may see its rows; without a rule everybody in its space may. */
export const rows = <E extends AnyEntity>(
  entity: E,
  canSee?: (row: Row<E>, viewer: Parameters<CanSee>[1]) => boolean,
  options: RowOptions = {},
): BoundEntity => ({
  entity,
  canSee: canSee as CanSee | undefined,
  ...options,
})

export interface BoundPrompt {
  readonly prompt: Prompt
  // biome-ignore lint/suspicious/noExplicitAny: typed where it is made, by says()
  readonly write: (read: ReadFor, input: any) => Promise<string>
}

/** Calls a read operation with the rights of whoever asked for the prompt. */
export type ReadFor = <Op extends AnyOperation>(operation: Op, input: unknown) => Promise<Output<Op>>

export const says = <A extends AnyObject>(
  prompt: Prompt<A>,
  write: (read: ReadFor, input: Input<{ input: A } & AnyOperation>) => Promise<string>,
): BoundPrompt => ({ prompt: prompt as unknown as Prompt, write })

/** Offers what an argument of that name may be, with the rights of whoever is asking. */
export interface Completion {
  readonly argument: string
  /** The candidates that fit what has been typed so far, best first. */
  complete(read: ReadFor, typed: string): Promise<readonly { value: string; label: string }[]>
}

/** A sentence or two for every assistant that connects and may call all of these operations. */
export interface Instruction {
  /** What the words mean, how to go about it, how values are written, what to be careful with. */
  readonly section: 'words' | 'steps' | 'formats' | 'care'
  readonly text: string
  readonly needs: readonly AnyOperation[]
}

export const instruction = (
  section: Instruction['section'],
  text: string,
  ...needs: readonly AnyOperation[]
): Instruction => ({ section, text, needs })

export interface Feature {
  readonly name: string
  /** The add-on that all of it belongs to, if it can be switched off. */
  readonly addon?: Addon
  readonly contract: Record<string, unknown>
  readonly handlers: Record<string, unknown>
  readonly entities?: readonly BoundEntity[]
  readonly spaces?: readonly Space[]
  readonly prompts?: readonly BoundPrompt[]
  readonly completions?: readonly Completion[]
  readonly listeners?: readonly HookListener[]
  readonly jobs?: readonly Job[]
  readonly instructions?: readonly Instruction[]
  /** Gives the bytes of its downloads, where they are no files of people: by the key of a `Download`. */
  readonly opens?: (key: string) => Promise<{ bytes: Readable; size: number } | null>
}

export const feature = (declared: Feature): Feature => declared

/** What a job gets. It changes rows as everybody does: by operations, as TREK itself. */
export interface JobScene {
  readonly now: Date
  run<Op extends AnyOperation>(operation: Op, input: unknown): Promise<Output<Op>>
  /** Tells the log what was done: a sentence, and what it is about. */
  readonly log: Log
}

export type Log = (message: string, details: Record<string, unknown>) => void

/** What a feature does by the clock, without anybody asking. */
export interface Job {
  readonly name: string
  /** It may run more often than this: after each start, and when another process takes over. Twice must do no harm. */
  readonly everySeconds: number
  /** How long after a start it runs for the first time, where that must not be soon. */
  readonly firstAfterSeconds?: number
  /** It deletes, or tells people of something, by how late it is: it does not run while the clock cannot be believed. */
  readonly byAge?: true
  run(scene: JobScene): Promise<void>
}
