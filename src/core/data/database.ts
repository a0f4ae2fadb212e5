import type { Kysely } from 'kysely'
import type { AnyEntity } from '../declare/entity.ts'
import { isRefusal, TrekError } from '../declare/errors.ts'
import type { Message } from '../declare/message.ts'
import type { Guard } from './base.ts'
import type { CallKey, Calls, KnownCall } from './calls.ts'
import type { Erasing, Kept } from './erasing.ts'
import { outages } from './messages.ts'
import type { Processes } from './processes.ts'
import type { RequestCounts } from './request-counts.ts'
import type { Caller, SpaceRef } from './space.ts'
import type { ReadTx, Tables, Tx } from './tx.ts'

/** What core asks of a database; `db/` gives it for SQLite and for PostgreSQL. */
export interface Database {
  /** For tables that are not part of anybody's trip: sessions, tokens, counters. Features never see it. */
  readonly kysely: Kysely<Tables>
  /** Runs with one unchanging view of the data. Never nest: on SQLite the inner one would wait for the outer for ever. */
  read<T>(work: (tx: ReadTx) => Promise<T>): Promise<T>
  /**
   * Runs as one atomic, durable write. Writers of one space take turns. `work` runs again when nothing of it was committed and
   * trying again can help (a deadlock, a lost connection), so it does nothing but use `tx`. Never nest.
   */
  write<T>(space: SpaceRef, work: (tx: WriteTx) => Promise<T>): Promise<T>
  /** The last change of a space, 0 where there is none yet. */
  head(space: SpaceRef): Promise<number>
  /**
   * Changes of a space after `seq`, oldest first, grouped as they were committed: all of them, or the next so many, with the
   * whole commit that the last of them belongs to.
   */
  changesSince(space: SpaceRef, seq: number, most?: number): Promise<Batch[]>
  /**
   * Which history the numbers of changes belong to: another one after a backup was put back. A number means something only
   * together with it.
   */
  epoch(): Promise<string>
  /** The writes that clients gave a key. */
  readonly calls: Calls
  readonly doorbell: Doorbell
  readonly processes: Processes
  readonly requestCounts: RequestCounts
  close(): Promise<void>
}

/** How far somebody has followed the changes of a space. */
export interface Position {
  readonly epoch: string
  readonly seq: number
}

/** Where a space stands. */
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
  /** Without what this client did itself. */
  readonly but: string | null
}

/** The write transaction as the pipeline holds it; handlers get it as a plain `Tx`. */
export interface WriteTx extends Tx {
  /** The last change of a space, as this transaction sees it. */
  head(space: SpaceRef): Promise<number>
  /** The changes of one row after `seq`, as this transaction sees them. */
  changesOfRow(since: Since, row: { entity: string; id: number }): Promise<Batch[]>
  /** What was removed after `seq` of rows with these ids, whatever they were. */
  removalsSince(since: Since, ids: readonly number[]): Promise<Batch[]>
  /** Has each change of a row looked at before it is written. */
  guardBy(guard: Guard): void
  /** Remembers a call under its key, first of all that it writes; gives the call that was there before, or null. */
  reserveCall(id: CallKey, call: KnownCall): Promise<KnownCall | null>
  /** Remembers what a call is answered. */
  answerCall(id: CallKey, answer: string): Promise<void>
  /** Whether the change log has a commit of this id. */
  knowsCommit(id: string): Promise<boolean>
  /** The same transaction, whose writes are noted to follow by themselves, with the reason. */
  following(reason: string): WriteTx
  /** What was written so far. */
  written(): readonly Written[]
  /** The same, row by row. */
  changed(): readonly TrackedChange[]
  /** That a space goes for good, with all that was ever in it: a trip, or the person whose own it is. */
  erase(space: SpaceRef): void
  /** The spaces that go for good. */
  erased(): readonly SpaceRef[]
  readonly erasing: Erasing
  /**
   * Writes all tracked changes to the change log and numbers them, space by space. Called once, last. `kept` says what the log
   * keeps of each change; followers get the whole change.
   */
  writeLog(author: Author, commit: Commit, kept?: Kept): Promise<Batch[]>
}

/** A change of a row on its way into the log of one space. */
export interface TrackedChange extends SpaceRef {
  readonly of: AnyEntity
  readonly change: RowChange
}

/** That a row was written. */
export interface Written {
  readonly entity: string
  readonly action: RowChange['action']
  /** Why it follows by itself from something else that was done; null for what was done. */
  readonly follows: string | null
}

/** What was written together, by one call, in whatever spaces. */
export interface Commit {
  /** A UUID: that of the client, where it gave one by which it knows its own write again. */
  readonly id: string
  /** The space that the call was made in. */
  readonly home: SpaceRef
  /** Which client made it: a page that is open, or what lives by a token or grant; null where that is not known. */
  readonly instance: string | null
}

/** Who made a change, by which way, and with which operation. */
export interface Author {
  readonly user_id: number
  readonly name: string
  readonly way: Caller['way']
  readonly client: string | null
  readonly grant: string | null
  readonly operation: string
}

/** One row's change, as the change log keeps it: wire form before and after, or neither where it was erased. */
export interface RowChange {
  /** Its place in the commit, from 0, across all spaces. A row that belongs to two spaces has one in each. */
  readonly nth: number
  readonly entity: string
  readonly row_id: number
  readonly action: 'insert' | 'patch' | 'remove'
  readonly before: Record<string, unknown> | null
  readonly after: Record<string, unknown> | null
}

/** What one operation changed in one space. `seq` numbers the last change; they are consecutive. */
export interface Batch extends SpaceRef {
  readonly seq: number
  readonly at: string
  readonly by: Author
  readonly commit: Commit
  readonly changes: readonly RowChange[]
}

/**
 * Tells this process that something changed, also when another process did it. It says what to look at, never what is
 * there: the row is always the truth. A topic is `space:id`, or a word of whoever keeps a cache.
 */
export interface Doorbell {
  /** Tells the listeners of this process. For changes in the change log, which tell the other processes as they commit. */
  tell(topic: string): void
  /** Tells the listeners of every process: for caches of what is not in the change log. Call it after the commit. */
  ring(topic: string): Promise<void>
  /** Hears topics; `'*'` says that anything may have changed. Returns how to stop. */
  listen(listener: (topic: string) => void): () => void
  /** Looks whether another process rang, where nobody calls by itself (SQLite). Cheap: every request does it. */
  check(): void
}

/** Why a database cannot do something now that it could do later. */
export type Outage =
  /** It cannot be reached. */
  | 'away'
  /** It lets this server in no more: its password, its rights or the name of the database have changed. */
  | 'refused'
  /** The connection was lost before anything was committed. */
  | 'lost'
  /** The connection was lost while a commit was on its way: it may have been done. */
  | 'uncertain'
  /** Somebody else holds what this needs, or there was no time for it. */
  | 'busy'
  /** There is no room for it on the disk. */
  | 'full'
  /** Its disk refuses to be read or written. */
  | 'disk'
  /** What is in its file is not a database any more. */
  | 'damaged'
  /** The file that is open is not the one at its path any more. */
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

/** An `unavailable` error whose reason is the database. */
export class DatabaseUnavailable extends TrekError {
  readonly outage: Outage

  constructor(outage: Outage, cause: unknown) {
    const { message, retryAfter } = OUTAGES[outage]
    super('unavailable', message(), { retryAfter, cause })
    this.outage = outage
  }
}

/** In these troubles a commit may have been done. */
const UNSURE: readonly Outage[] = ['uncertain', 'disk']

/** Whether an error says for certain that nothing was written. */
export const isUndone = (error: unknown): boolean =>
  error instanceof DatabaseUnavailable ? !UNSURE.includes(error.outage) : isRefusal(error)

export const topicOf = (ref: SpaceRef): string => `${ref.space}:${ref.id}`
