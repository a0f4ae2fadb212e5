import type { Kysely } from 'kysely'
import type { AnyEntity, Row } from '../declare/entity.ts'
import { isRefusal, TrekError } from '../declare/errors.ts'
import type { Message } from '../declare/message.ts'
import type { Guard } from './base.ts'
import type { CallKey, Calls, KnownCall } from './calls.ts'
import type { Erasing, Kept } from './erasing.ts'
import { outages } from './messages.ts'
import type { Processes } from './processes.ts'
import type { RequestCounts } from './request-counts.ts'
import type { Sealing } from './sealing.ts'
import type { Caller, SpaceRef } from './space.ts'
import type { ReadTx, Tables, Tx } from './tx.ts'
import type { Undoing } from './undoing.ts'

/** What core needs of a database. `db/` implements it for SQLite and for PostgreSQL. */
export interface Database {
  /** For tables outside of every trip: sessions, tokens, counters. Features never see it. */
  readonly kysely: Kysely<Tables>
  /**
   * Runs `work` on one consistent view of the data. Never nest: on SQLite the inner call would wait for the outer one
   * for ever.
   */
  read<T>(work: (tx: ReadTx) => Promise<T>): Promise<T>
  /**
   * Runs one atomic, durable write. Writers of one space take turns. `work` runs again if nothing was committed and a
   * retry can help (a deadlock, a lost connection), so it must do nothing but use `tx`. Never nest.
   */
  write<T>(space: SpaceRef, work: (tx: WriteTx) => Promise<T>): Promise<T>
  /** The number of the last change of a space, 0 if there is none yet. */
  head(space: SpaceRef): Promise<number>
  /**
   * The changes of a space after `seq`, oldest first, grouped by commit. `most` limits their number, but the last
   * commit is always whole.
   */
  changesSince(space: SpaceRef, seq: number, most?: number): Promise<Batch[]>
  /**
   * The history that the numbers of changes belong to. It changes when a backup is restored. A number is valid only
   * together with its epoch.
   */
  epoch(): Promise<string>
  /** The writes to which clients gave a key. */
  readonly calls: Calls
  readonly notifier: Notifier
  readonly processes: Processes
  readonly requestCounts: RequestCounts
  close(): Promise<void>
}

/** How far a client has followed the changes of a space. */
export interface Position {
  readonly epoch: string
  readonly seq: number
}

/** The current position of a space. */
export const positionOf = async (database: Database, ref: SpaceRef): Promise<Position> => ({
  // Read the epoch before the number: if it changes between the two, the old epoch makes the position invalid.
  epoch: await database.epoch(),
  seq: await database.head(ref),
})

/** The part of the log of a space that a client has not seen. */
export interface Since {
  readonly space: SpaceRef
  /** After this number. */
  readonly seq: number
  /** Leaves out the changes of this client. */
  readonly but: string | null
}

/** The write transaction as the pipeline uses it. Handlers get it as a plain `Tx`. */
export interface WriteTx extends Tx {
  /** The last change of a space, as this transaction sees it. */
  head(space: SpaceRef): Promise<number>
  /** The changes of one row after `seq`, as this transaction sees them. */
  changesOfRow(since: Since, row: { entity: string; id: number }): Promise<Batch[]>
  /** The removals after `seq` of rows with these ids, of any entity. */
  removalsSince(since: Since, ids: readonly number[]): Promise<Batch[]>
  /** Lets the guard check each change of a row before it is written. */
  guardBy(guard: Guard): void
  /**
   * Remembers a call under its key. It must be the first write. Returns an earlier call under the same key, or null.
   */
  reserveCall(id: CallKey, call: KnownCall): Promise<KnownCall | null>
  /** Remembers the answer of a call. */
  answerCall(id: CallKey, answer: string): Promise<void>
  /** Whether the change log has a commit with this id. */
  knowsCommit(id: string): Promise<boolean>
  /** The same transaction, whose writes are marked as consequences, with the reason. */
  following(reason: string): WriteTx
  /** What was written so far. */
  written(): readonly Written[]
  /** The same, row by row. */
  changed(): readonly TrackedChange[]
  /** Marks a space for permanent deletion, with everything that was ever in it: a trip, or a person's own rows. */
  erase(space: SpaceRef): void
  /** The spaces marked for permanent deletion. */
  erased(): readonly SpaceRef[]
  readonly erasing: Erasing
  readonly undoing: Undoing
  /** Puts a removed row back under its old id, with its secret columns. */
  revive<E extends AnyEntity>(entity: E, row: Row<E>, secrets: Readonly<Record<string, unknown>>): Promise<Row<E>>
  /** Marks a commit as undone by this one. */
  markUndone(commit: string): void
  /** Runs `work` in a savepoint. If it throws, everything that it wrote is taken back. */
  attempt<T>(work: () => Promise<T>): Promise<T>
  /** Whether the database refused a row because of other rows: its value must be unique, or they refer to it. */
  isConflict(error: unknown): boolean
  /**
   * Writes all tracked changes to the change log and numbers them, space by space. Call it once, last. `imagesToKeep`
   * decides what the log keeps of each change; followers get the whole change. With `sealing`, the secret columns of
   * removed rows are kept too. `at` is the moment of the commit; now, if it is left out.
   */
  writeLog(
    author: Author,
    commit: Commit,
    keeping?: {
      readonly imagesToKeep?: Kept | undefined
      readonly sealing?: Sealing | undefined
      readonly at?: string
    },
  ): Promise<Batch[]>
}

/** A change of a row that is about to be logged in one space. */
export interface TrackedChange extends SpaceRef {
  readonly of: AnyEntity
  readonly change: RowChange
}

/** A row that was written. */
export interface Written {
  readonly entity: string
  readonly action: RowChange['action']
  /** Why this write is a consequence of another one; null for a direct write. */
  readonly follows: string | null
}

/** The changes of one call, in all its spaces. */
export interface Commit {
  /** A UUID: the client's own if it gave one to recognise its write by. */
  readonly id: string
  /** The space in which the call was made. */
  readonly home: SpaceRef
  /** The client: an open page, or the token or grant of a program; null if unknown. */
  readonly instance: string | null
}

/** Who made a change, in which way, and with which operation. */
export interface Author {
  readonly user_id: number
  readonly name: string
  readonly way: Caller['way']
  readonly client: string | null
  readonly grant: string | null
  readonly operation: string
}

/** A change of one row in the change log: the wire form before and after, or neither if its content was erased. */
export interface RowChange {
  /** Its position in the commit, from 0, across all spaces. A row that belongs to two spaces has one in each. */
  readonly nth: number
  readonly entity: string
  readonly row_id: number
  readonly action: 'insert' | 'patch' | 'remove'
  readonly before: Record<string, unknown> | null
  readonly after: Record<string, unknown> | null
}

/** The changes of one operation in one space. They are numbered consecutively; `seq` is the number of the last. */
export interface Batch extends SpaceRef {
  readonly seq: number
  readonly at: string
  readonly by: Author
  readonly commit: Commit
  readonly changes: readonly RowChange[]
}

/**
 * Notifies this process of changes, including those of other processes. A notification names what to check and carries
 * no data: the row is always the truth. A topic is `space:id`, or a word chosen by the owner of a cache.
 */
export interface Notifier {
  /**
   * Notifies the listeners of this process. For changes in the change log: the commit itself notifies the other
   * processes.
   */
  publishLocally(topic: string): void
  /**
   * Notifies the listeners of every process: for caches of data outside of the change log. Call it after the commit.
   */
  publish(topic: string): Promise<void>
  /** Subscribes to all topics; `'*'` means that anything may have changed. Returns a function that stops listening. */
  subscribe(listener: (topic: string) => void): () => void
  /** Checks whether another process published or committed, for databases that do not notify (SQLite). Cheap: every request does it. */
  poll(): void
}

/** Why a database temporarily fails. */
export type Outage =
  /** It cannot be reached. */
  | 'away'
  /** It refuses this server: its password, its rights or the name of the database has changed. */
  | 'refused'
  /** The connection was lost before anything was committed. */
  | 'lost'
  /** The connection was lost during a commit, which may have succeeded. */
  | 'uncertain'
  /** Another transaction holds a lock, or the time ran out. */
  | 'busy'
  /** The disk is full. */
  | 'full'
  /** The disk fails to read or write. */
  | 'disk'
  /** The file is no longer a valid database. */
  | 'damaged'
  /** The open file is no longer the one at its path. */
  | 'replaced'

const OUTAGES: Record<Outage, { message: () => Message; retryAfter: number }> = {
  away: { message: outages.away, retryAfter: 1 },
  refused: { message: outages.refused, retryAfter: 10 },
  lost: { message: outages.away, retryAfter: 1 },
  uncertain: { message: outages.uncertain, retryAfter: 1 },
  busy: { message: outages.busy, retryAfter: 3 },
  full: { message: outages.full, retryAfter: 60 },
  disk: { message: outages.disk, retryAfter: 60 },
  damaged: { message: outages.damaged, retryAfter: 60 },
  replaced: { message: outages.replaced, retryAfter: 60 },
}

/** An `unavailable` error caused by the database. */
export class DatabaseUnavailable extends TrekError {
  readonly outage: Outage

  constructor(outage: Outage, cause: unknown) {
    const { message, retryAfter } = OUTAGES[outage]
    super('unavailable', message(), { retryAfter, cause })
    this.outage = outage
  }
}

/** In these outages a commit may have succeeded. */
const UNSURE: readonly Outage[] = ['uncertain', 'disk']

/** Whether it is certain from an error that nothing was written. */
export const isUndone = (error: unknown): boolean =>
  error instanceof DatabaseUnavailable ? !UNSURE.includes(error.outage) : isRefusal(error)

export const topicOf = (ref: SpaceRef): string => `${ref.space}:${ref.id}`
