import type { Kysely, RawBuilder, Transaction } from 'kysely'
import type { ColumnTypes } from '../core/data/migration.ts'
import type { SpaceRef } from '../core/data/space.ts'
import type { Tables } from '../core/data/tx.ts'
import type { ChangeRow } from './change-row.ts'

/** A transaction that may write to any table. */
export type Db = Transaction<Record<string, Record<string, unknown>>>

/** A row as it is stored, by column. */
export type StoredRow = Readonly<Record<string, unknown>>

/** A table has a foreign key to another one, or to itself. */
export interface Reference {
  readonly from: string
  readonly to: string
}

/**
 * Where the two engines differ. Nothing else asks which engine it is; a new difference gets a name here.
 */
export interface Dialect extends ColumnTypes {
  readonly name: 'sqlite' | 'postgres'
  /** The clock of the database, in milliseconds since 1970. */
  readonly now: RawBuilder<number>
  /** How many change rows fit into the bound parameters of one statement. */
  readonly rowsPerInsert: number
  /** Waits until no other process changes the schema, and keeps the others from it until this transaction ends. */
  lockSchema(db: Kysely<Tables>): Promise<void>
  /** Why no tables can be made, in words that say who can change it; null where they can. */
  schemaProblem(db: Kysely<Tables>): Promise<string | null>
  /**
   * Writes rows to the log of a space, which count back from the last of them, and gives the number that the last one has. Other
   * processes hear of it when this transaction commits, where they do not look by themselves.
   */
  log(db: Db, space: SpaceRef, rows: readonly ChangeRow[]): Promise<number>
  /** What stands in an insert that brings its ids along. */
  readonly withOwnIds: RawBuilder<unknown>
  /** All rows of a table, some at a time. Of two that refer to each other the older one comes first. */
  rowsOf(db: Transaction<Tables>, table: string): AsyncIterable<readonly StoredRow[]>
  /** Which tables refer to which. */
  referencesOf(db: Transaction<Tables>): Promise<readonly Reference[]>
  /** The last id that each table has given, where it gives any. */
  lastIds(db: Transaction<Tables>): Promise<ReadonlyMap<string, number>>
  /** Lets each table go on after the last id that it had given somewhere else. */
  continueIds(db: Transaction<Tables>, last: ReadonlyMap<string, number>): Promise<void>
  /** The schema as text, for the golden dumps. */
  dump(db: Kysely<Tables>): Promise<string>
}
