import type { CreateTableBuilder, Kysely, Transaction } from 'kysely'
import type { Tables } from '../core/data/tx.ts'

/** A transaction that may write to any table. */
export type Db = Transaction<Record<string, Record<string, unknown>>>

/**
 * Where the two engines differ. Nothing else asks which engine it is; a new difference gets a name here.
 */
export interface Dialect {
  readonly name: 'sqlite' | 'postgres'
  /** How many change rows fit into the bound parameters of one statement. */
  readonly rowsPerInsert: number
  /** The type of a real boolean. */
  readonly boolean: 'integer' | 'boolean'
  /** The type of an integer that may hold any safe integer of JavaScript. */
  readonly integer: 'integer' | 'bigint'
  /** The type of a floating point number of 64 bits. */
  readonly real: 'real' | 'double precision'
  /** Tells other processes, when this transaction commits, that a topic changed; where they must look by themselves, nothing. */
  announce(db: Db, topic: string): Promise<void>
  /** Adds an `id` that is never given twice. */
  // biome-ignore lint/suspicious/noExplicitAny: a table being built has no type yet
  withId(table: CreateTableBuilder<any, any>): CreateTableBuilder<any, any>
  /** The schema as text, for the golden dumps. */
  dump(db: Kysely<Tables>): Promise<string>
}
