import { randomUUID } from 'node:crypto'
import { generateNKeysBetween } from 'fractional-indexing'
import type { ColumnDefinitionBuilder, CreateTableBuilder, Kysely, RawBuilder } from 'kysely'

/** The type names of the engine that a migration runs on. */
export interface ColumnTypes {
  /** The type of a real boolean. */
  readonly boolean: 'integer' | 'boolean'
  /** The type of an integer that can hold any safe integer of JavaScript. */
  readonly integer: 'integer' | 'bigint'
  /** The type of a floating point number of 64 bits. */
  readonly real: 'real' | 'double precision'
  /** The type of a text that sorts by character codes, in every locale. */
  readonly ordinal: 'text' | RawBuilder<unknown>
  /**
   * For rows that can be lost in a crash of the database and are then rewritten: unlogged where the engine supports it.
   */
  // biome-ignore lint/suspicious/noExplicitAny: a table being built has no type yet
  fleeting(table: CreateTableBuilder<any, any>): CreateTableBuilder<any, any>
  /** Adds an `id` that is never reused. */
  // biome-ignore lint/suspicious/noExplicitAny: a table being built has no type yet
  withId(table: CreateTableBuilder<any, any>): CreateTableBuilder<any, any>
}

/** One step of the schema, written once for both engines. */
// biome-ignore lint/suspicious/noExplicitAny: the schema a migration starts from is not the one of today's types
export type Migration = (db: Kysely<any>, types: ColumnTypes) => Promise<void>

const alongsideOld = new WeakSet<Migration>()

/**
 * Marks a migration with which servers of the previous release can keep running: it adds tables, indexes, or columns
 * with a default, and changes nothing that they know.
 */
export function alongside(migration: Migration): Migration {
  alongsideOld.add(migration)
  return migration
}

export const isAlongside = (migration: Migration | undefined): boolean =>
  migration !== undefined && alongsideOld.has(migration)

/** A column that cannot be null. */
export const filled = (column: ColumnDefinitionBuilder): ColumnDefinitionBuilder => column.notNull()

/** A column that refers to a row of another table, which cannot be removed while this row exists. */
export const pointsAt =
  (table: string) =>
  (column: ColumnDefinitionBuilder): ColumnDefinitionBuilder =>
    column.references(`${table}.id`).onDelete('restrict')

/** The same, not null. */
export const belongsTo =
  (table: string) =>
  (column: ColumnDefinitionBuilder): ColumnDefinitionBuilder =>
    pointsAt(table)(column).notNull()

/**
 * Gives the rows of a table an `order_key` and drops the column by which they were sorted. Rows with the same value of
 * `list` form one list, in the order of `by`. Released migrations call this: its behaviour must not change.
 */
export async function giveOrderKeys(
  // biome-ignore lint/suspicious/noExplicitAny: as in `Migration`
  db: Kysely<any>,
  types: ColumnTypes,
  { table, list, by }: { table: string; list: string; by: string },
): Promise<void> {
  // On SQLite a migration is no transaction: an interrupted one starts again.
  const tables = await db.introspection.getTables()
  const columns = tables.find(({ name }) => name === table)?.columns.map(({ name }) => name) ?? []
  if (!columns.includes('order_key')) {
    await db.schema
      .alterTable(table)
      .addColumn('order_key', types.ordinal, (column) => column.notNull().defaultTo(''))
      .execute()
  }
  if (!columns.includes(by)) return
  const rows = await db.selectFrom(table).select(['id', list]).orderBy(list).orderBy(by).orderBy('id').execute()
  for (const inList of Map.groupBy(rows, (row) => row[list]).values()) {
    const keys = generateNKeysBetween(null, null, inList.length)
    for (const [at, { id }] of inList.entries()) {
      await db.updateTable(table).set({ order_key: keys[at] }).where('id', '=', id).execute()
    }
  }
  await db.schema
    .dropIndex(`${table}_by_${list.replace(/_id$/, '')}`)
    .ifExists()
    .execute()
  await db.schema
    .createIndex(`${table}_by_${list.replace(/_id$/, '')}`)
    .on(table)
    .columns([list, 'order_key'])
    .execute()
  // Last, since a table without this column counts as done.
  await db.schema.alterTable(table).dropColumn(by).execute()
}

/** Sets a new epoch, so that every client reloads: for migrations whose changes of rows are not in the change log. */
// biome-ignore lint/suspicious/noExplicitAny: as in `Migration`
export async function loadAnew(db: Kysely<any>): Promise<void> {
  await db.updateTable('instance').set({ epoch: randomUUID() }).execute()
}
