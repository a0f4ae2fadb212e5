import type { Opened, Part } from '../data/files.ts'
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
  SpaceRole,
} from '../declare/operation.ts'
import type { Listing } from './paging.ts'

/** What a handler gets: one transaction, the input and the caller. */
export interface Call<I = unknown, P = unknown, T extends ReadTx = Tx> {
  readonly tx: T
  readonly input: I
  readonly caller: Caller
  /** The caller's role in the space of the operation. */
  readonly member: Membership
  /** The result of `prepare`. */
  readonly prepared: P
  /** The moment of the call, ISO 8601 UTC: the same for all its writes. */
  readonly now: string
  /** Calls the listeners of this hook in every feature, in the order of dependence, and returns their results. */
  emit<Payload, Result, HT extends ReadTx>(hook: Hook<Payload, Result, HT>, payload: Payload): Promise<Result[]>
  /** Why the caller cannot call this operation (its add-on or scope), or null. */
  barred(operation: AnyOperation): Message | null
  /**
   * Whether the caller has this right, for rules that the declaration of the operation cannot express: here, or with this
   * role in another space.
   */
  permits(permission: Permission, role?: SpaceRole | null): boolean
}

type TxFor<Op extends AnyOperation> = Op['effect'] extends 'read' ? ReadTx : Tx

// The pipeline pages the list; the handler returns all of it, or a `Listing` that reads one page.
type Answered<O> = O extends { next_cursor: string | null; remaining: number }
  ? Cuttable<Omit<O, 'next_cursor' | 'remaining'>>
  : O
type Cuttable<O> = { [K in keyof O]: O[K] | (O[K] extends (infer T)[] ? Listing<T> : never) }

/** The implementation of one operation. */
export type Handler<Op extends AnyOperation, P = unknown> = (
  call: Call<Input<Op>, P, TxFor<Op>>,
) => Promise<Answered<Output<Op>>>

/** Runs a query in a read transaction of its own. */
export type Read = <T>(question: (tx: ReadTx) => Promise<T>) => Promise<T>

/** An operation that needs something from another server fetches it before its transaction begins. */
export interface Prepared<Op extends AnyOperation, P> {
  /** `read` reads rows in a short transaction. Await other servers outside of it. */
  prepare(input: Input<Op>, caller: Caller, read: Read): Promise<P>
  handle: Handler<Op, P>
}

/** Types `prepare` and `handle` together: the result of one is the input of the other. */
export const prepared = <Op extends AnyOperation, P>(_operation: Op, steps: Prepared<Op, P>): Prepared<Op, P> => steps

type OperationsOf<C> = { [K in keyof C as C[K] extends AnyOperation ? K : never]: C[K] }

export type Handlers<C> = {
  [K in keyof OperationsOf<C>]: OperationsOf<C>[K] extends Operation<string, AnyObject, AnyObject, Effect>
    ? // biome-ignore lint/suspicious/noExplicitAny: what prepare brings is each operation's own affair
      Handler<OperationsOf<C>[K]> | Prepared<OperationsOf<C>[K], any>
    : never
}

/** All operations of a contract with their handlers; a missing handler does not compile. */
export const implement = <C>(_contract: C, handlers: Handlers<C>): Handlers<C> => handlers

/** A question from one feature that others answer: what to copy with a trip, what to add to a summary. */
export interface Hook<Payload, Result, T extends ReadTx = Tx> {
  readonly kind: 'hook'
  readonly name: string
  /** Dependent features answer first: for deletions. */
  readonly dependentsFirst: boolean
  /**
   * Why writes of listeners follow from what the caller is allowed to do, and so need no right to the listeners' rows.
   * Null if they need it.
   */
  readonly consequence: string | null
  /**
   * The space that is permanently deleted with this hook: its content is then erased everywhere. Null if the deletion can
   * be undone.
   */
  erases?(payload: Payload): SpaceRef | null
  // For types only; absent at run time.
  readonly types?: { payload: Payload; result: Result; tx: T }
}

export const hook = <Payload, Result = void, T extends ReadTx = Tx>(
  name: string,
  {
    dependentsFirst = false,
    consequence,
    erases,
  }: { dependentsFirst?: boolean; consequence?: string; erases?: (payload: Payload) => SpaceRef | null } = {},
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
  /** The number of newest rows in a snapshot; all if left out. Older ones are read by an operation. */
  readonly latest?: number
  /** The add-on of these rows, if it is not that of the whole feature. */
  readonly addon?: Addon | undefined
  /**
   * The operations whose rights undo needs to remove a row of this entity, to put it back, and to restore its fields. If
   * left out, it needs the right that all writes of the feature have.
   */
  readonly undoneLike?: Readonly<Partial<Record<'remove' | 'revive' | 'restore', AnyOperation>>>
}

export interface BoundEntity extends RowOptions {
  readonly entity: AnyEntity
  readonly canSee: CanSee | undefined
}

/** An entity with its visibility rule; without a rule everybody in its space can see its rows. */
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

/** Calls a read operation with the rights of the prompt's caller. */
export type ReadFor = <Op extends AnyOperation>(operation: Op, input: unknown) => Promise<Output<Op>>

export const says = <A extends AnyObject>(
  prompt: Prompt<A>,
  write: (read: ReadFor, input: Input<{ input: A } & AnyOperation>) => Promise<string>,
): BoundPrompt => ({ prompt: prompt as unknown as Prompt, write })

/** Completes the values of an argument, with the rights of the caller. */
export interface Completion {
  readonly argument: string
  /** The candidates that match the typed text, best first. */
  complete(read: ReadFor, typed: string): Promise<readonly { value: string; label: string }[]>
}

/** One or two sentences for every assistant that connects and can call all of these operations. */
export interface Instruction {
  /** The meaning of words, the order of steps, the formats of values, what needs care. */
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
  /** The add-on of the whole feature, if it can be switched off. */
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
  /** Opens the bytes of its downloads that are not uploaded files: by the key of a `Download`. */
  readonly opens?: (key: string, part?: Part) => Promise<Opened | null>
}

export const feature = (declared: Feature): Feature => declared

/** The context of a job. It changes rows only by operations, as TREK itself. */
export interface JobScene {
  readonly now: Date
  run<Op extends AnyOperation>(operation: Op, input: unknown): Promise<Output<Op>>
  /** Logs what was done: a sentence and its details. */
  readonly log: Log
}

export type Log = (message: string, details: Record<string, unknown>) => void

/** Scheduled work of a feature. */
export interface Job {
  readonly name: string
  /** It can run more often: after each start, and when another process takes over. It must be idempotent. */
  readonly everySeconds: number
  /** The delay after a start, if the first run must not be soon. */
  readonly firstAfterSeconds?: number
  /** It deletes or notifies by age, so it does not run while the clock is not trusted. */
  readonly byAge?: true
  run(scene: JobScene): Promise<void>
}
