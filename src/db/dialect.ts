import type { Kysely, RawBuilder, Transaction } from 'kysely'
import type { ColumnTypes } from '../core/data/migration.ts'
import type { SpaceRef } from '../core/data/space.ts'
import type { Tables } from '../core/data/tx.ts'
import type { ChangeRow } from './change-row.ts'

/** A transaction that may write to any table. */
export type Db = Transaction<Record<string, Record<string, unknown>>>

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
  /**
   * Writes rows to the log of a space, which count back from the last of them, and gives the number that the last one has. Other
   * processes hear of it when this transaction commits, where they do not look by themselves.
   */
  log(db: Db, space: SpaceRef, rows: readonly ChangeRow[]): Promise<number>
  /** The schema as text, for the golden dumps. */
  dump(db: Kysely<Tables>): Promise<string>
}
