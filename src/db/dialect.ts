import type { Kysely, RawBuilder, Transaction } from 'kysely'
import type { ColumnTypes } from '../core/data/migration.ts'
import type { SpaceRef } from '../core/data/space.ts'
import type { Tables } from '../core/data/tx.ts'
import type { ChangeRow } from './change-row.ts'

/** A transaction that can write to any table. */
export type Db = Transaction<Record<string, Record<string, unknown>>>

/** A stored row, by column. */
export type StoredRow = Readonly<Record<string, unknown>>

/** A foreign key of a table to another one, or to itself. */
export interface Reference {
  readonly from: string
  readonly to: string
}

/**
 * The differences between the two engines. No other code checks which engine it is; a new difference gets a name here.
 */
export interface Dialect extends ColumnTypes {
  readonly name: 'sqlite' | 'postgres'
  /** The clock of the database, in milliseconds since 1970. */
  readonly now: RawBuilder<number>
  /** Whether the database refused a row because of a constraint. */
  isConflict(error: unknown): boolean
  /** How many change rows fit into the bound parameters of one statement. */
  readonly rowsPerInsert: number
  /** Waits until no other process changes the schema, and locks it until this transaction ends. */
  lockSchema(db: Kysely<Tables>): Promise<void>
  /**
   * Takes the lock of a restore or move for this connection, which can hold it already; false while another one holds
   * it. A file has a lock beside it instead.
   */
  lockOut(connection: Kysely<Tables>): Promise<boolean>
  /** Whether another process holds that lock. */
  isLockedOut(db: Kysely<Tables>): Promise<boolean>
  /** Waits for the writers of these tables, and keeps others from writing to them until this transaction ends. */
  stopWriters(db: Transaction<Tables>, tables: readonly string[]): Promise<void>
  /** Why no tables can be created, with the person who can change that; null if they can. */
  schemaProblem(db: Kysely<Tables>): Promise<string | null>
  /**
   * Logs rows of a space, which are numbered back from the last. Returns the number of the last. The commit notifies
   * the other processes, if the engine can.
   */
  log(db: Db, space: SpaceRef, rows: readonly ChangeRow[]): Promise<number>
  /** The clause of an insert with given ids. */
  readonly withOwnIds: RawBuilder<unknown>
  /** All rows of a table, in batches. A row of a table that refers to itself comes after the older rows. */
  rowsOf(db: Transaction<Tables>, table: string): AsyncIterable<readonly StoredRow[]>
  /** The foreign keys between tables. */
  referencesOf(db: Transaction<Tables>): Promise<readonly Reference[]>
  /** The last id of each table with generated ids. */
  lastIds(db: Transaction<Tables>): Promise<ReadonlyMap<string, number>>
  /** Makes each table continue after the last id that it gave elsewhere. */
  continueIds(db: Transaction<Tables>, last: ReadonlyMap<string, number>): Promise<void>
  /** The schema as text, for the golden dumps. */
  dump(db: Kysely<Tables>): Promise<string>
}
