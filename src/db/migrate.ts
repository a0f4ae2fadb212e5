import { sql } from 'kysely'
import { DEFAULT_MIGRATION_TABLE, Migrator } from 'kysely/migration'
import type { Migration } from '../core/data/migration.ts'
import type { OpenDatabase } from './connect.ts'

/** By name, in order; forward only. */
export type Migrations = Readonly<Record<string, Migration>>

const withMigrator = <T>(
  database: OpenDatabase,
  all: Migrations,
  work: (migrator: Migrator) => Promise<T>,
): Promise<T> =>
  database.unhurried((db) => {
    const migrations = Object.entries(all).map(
      ([name, up]) => [name, { up: (tables: typeof db) => up(tables, database.dialect) }] as const,
    )
    return work(new Migrator({ db, provider: { getMigrations: async () => Object.fromEntries(migrations) } }))
  })

/** Brings the schema up to date. Several processes may start at once: one migrates, the others wait. */
export async function migrate(database: OpenDatabase, all: Migrations): Promise<void> {
  const { error } = await withMigrator(database, all, (migrator) => migrator.migrateToLatest())
  if (error) throw error
}

/** Whether no migration has ever run in this database: it holds no instance. */
export async function isEmpty(database: OpenDatabase): Promise<boolean> {
  const tables = await database.kysely.introspection.getTables({ withInternalKyselyTables: true })
  if (!tables.some(({ name }) => name === DEFAULT_MIGRATION_TABLE)) return true
  const { rows } = await sql`select name from ${sql.table(DEFAULT_MIGRATION_TABLE)} limit 1`.execute(database.kysely)
  return rows.length === 0
}

/** The names of the migrations that this database has not had yet. */
export async function pendingMigrations(database: OpenDatabase, all: Migrations): Promise<string[]> {
  const known = await withMigrator(database, all, (migrator) => migrator.getMigrations())
  return known.filter(({ executedAt }) => !executedAt).map(({ name }) => name)
}
