import { randomUUID } from 'node:crypto'
import { generateNKeysBetween } from 'fractional-indexing'
import type { ColumnDefinitionBuilder, CreateTableBuilder, Kysely, RawBuilder } from 'kysely'

/** How the engine that a migration runs on names its types. */
export interface ColumnTypes {
  /** The type of a real boolean. */
  readonly boolean: 'integer' | 'boolean'
  /** The type of an integer that may hold any safe integer of JavaScript. */
  readonly integer: 'integer' | 'bigint'
  /** The type of a floating point number of 64 bits. */
  readonly real: 'real' | 'double precision'
  /** The type of a text that sorts by the codes of its characters, in every locale. */
  readonly ordinal: 'text' | RawBuilder<unknown>
  /** For rows that may be lost when the database crashes, and are then written anew: without a log where that can be. */
  // biome-ignore lint/suspicious/noExplicitAny: a table being built has no type yet
  fleeting(table: CreateTableBuilder<any, any>): CreateTableBuilder<any, any>
  /** Adds an `id` that is never given twice. */
  // biome-ignore lint/suspicious/noExplicitAny: a table being built has no type yet
  withId(table: CreateTableBuilder<any, any>): CreateTableBuilder<any, any>
}

/** One step of the schema, written once for both engines. */
// biome-ignore lint/suspicious/noExplicitAny: the schema a migration starts from is not the one of today's types
export type Migration = (db: Kysely<any>, types: ColumnTypes) => Promise<void>

const alongsideOld = new WeakSet<Migration>()

/**
 * Marks a migration beside which servers of the release before can go on: it adds tables, indexes, or columns that have a default, and
 * changes nothing that they know.
 */
export function alongside(migration: Migration): Migration {
  alongsideOld.add(migration)
  return migration
}

export const isAlongside = (migration: Migration | undefined): boolean =>
  migration !== undefined && alongsideOld.has(migration)

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

/**
 * Gives the rows of a table an `order_key` and takes the column away by which they were sorted. Rows with the same values in
 * `list` make one list, in the order of `by`. Released migrations call this: what it does may not change.
 */
export async function giveOrderKeys(
  // biome-ignore lint/suspicious/noExplicitAny: as in `Migration`
  db: Kysely<any>,
  types: ColumnTypes,
  { table, list, by }: { table: string; list: string; by: string },
): Promise<void> {
  // On SQLite a migration is no transaction: one that broke off begins anew.
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
  // Last, since a table without this column is taken for done.
  await db.schema.alterTable(table).dropColumn(by).execute()
}

/**
 * Draws a new epoch, so that every screen loads anew: for migrations that change rows in a way that the change log does not
 * tell.
 */
// biome-ignore lint/suspicious/noExplicitAny: as in `Migration`
export async function loadAnew(db: Kysely<any>): Promise<void> {
  await db.updateTable('instance').set({ epoch: randomUUID() }).execute()
}
