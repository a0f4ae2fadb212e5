import type { ColumnDefinitionBuilder, CreateTableBuilder, Kysely } from 'kysely'

/** How the engine that a migration runs on names its types. */
export interface ColumnTypes {
  /** The type of a real boolean. */
  readonly boolean: 'integer' | 'boolean'
  /** The type of an integer that may hold any safe integer of JavaScript. */
  readonly integer: 'integer' | 'bigint'
  /** The type of a floating point number of 64 bits. */
  readonly real: 'real' | 'double precision'
  /** Adds an `id` that is never given twice. */
  // biome-ignore lint/suspicious/noExplicitAny: a table being built has no type yet
  withId(table: CreateTableBuilder<any, any>): CreateTableBuilder<any, any>
}

/** One step of the schema, written once for both engines. */
// biome-ignore lint/suspicious/noExplicitAny: the schema a migration starts from is not the one of today's types
export type Migration = (db: Kysely<any>, types: ColumnTypes) => Promise<void>

/** A column that must be filled. */
export const filled = (column: ColumnDefinitionBuilder): ColumnDefinitionBuilder => column.notNull()

/** A column that points at a row of another table, which cannot be removed as long as this row is there. */
export const pointsAt =
  (table: string) =>
  (column: ColumnDefinitionBuilder): ColumnDefinitionBuilder =>
    column.references(`${table}.id`).onDelete('restrict')

/** The same, and it must be filled. */
export const belongsTo =
  (table: string) =>
  (column: ColumnDefinitionBuilder): ColumnDefinitionBuilder =>
    pointsAt(table)(column).notNull()
