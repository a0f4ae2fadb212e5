import { type Kysely, sql, type Transaction } from 'kysely'
import { DEFAULT_MIGRATION_TABLE, Migrator } from 'kysely/migration'
import { DatabaseUnavailable } from '../core/data/database.ts'
import type { Migration } from '../core/data/migration.ts'
import type { Tables } from '../core/data/tx.ts'
import type { OpenDatabase } from './connect.ts'

/** By name, in order; forward only. */
export type Migrations = Readonly<Record<string, Migration>>

/** `failed` gets the name of a failed migration, and the error. */
function migratorOn(
  db: Kysely<Tables>,
  { dialect }: OpenDatabase,
  all: Migrations,
  failed: (name: string, error: unknown) => void,
): Migrator {
  const migrations = Object.entries(all).map(([name, migration]) => {
    const up = async (tables: Kysely<Tables>) => {
      try {
        await migration(tables, dialect)
      } catch (error) {
        failed(name, error)
        throw error
      }
    }
    return [name, { up }] as const
  })
  return new Migrator({ db, provider: { getMigrations: async () => Object.fromEntries(migrations) } })
}

/**
 * Migrates the schema in one commit: an interrupted start leaves nothing half done, and a slow disk is waited for once.
 * Several processes can start at once: one migrates, the others wait.
 */
export const migrate = (database: OpenDatabase, all: Migrations): Promise<void> =>
  database.unhurried((db) => db.transaction().execute((tx) => migrateIn(tx, database, all)))

/** The same inside a given transaction. */
export async function migrateIn(tx: Transaction<Tables>, database: OpenDatabase, all: Migrations): Promise<void> {
  let failure: unknown = null
  const failed = (name: string, error: unknown) => {
    failure = error instanceof DatabaseUnavailable ? error : new Error(words(database, name, error), { cause: error })
  }
  await database.dialect.lockSchema(tx)
  // If kysely cannot create its tables, it continues in the failed transaction, and that second error hides the reason.
  const problem = (await hasRecord(tx)) ? null : await database.dialect.schemaProblem(tx)
  if (problem) throw new Error(problem)
  const { error } = await migratorOn(tx, database, all, failed).migrateToLatest()
  // What kysely then does in the failed transaction can fail too.
  if (failure ?? error) throw failure ?? error
}

const words = ({ title }: OpenDatabase, name: string, error: unknown): string =>
  `The migration ${name} of ${title} failed, and nothing was changed, neither by it nor by those before it: ${
    error instanceof Error ? error.message : String(error)
  }`

/** Whether no migration has ever run in this database, so that it contains no instance. */
export async function isEmpty(database: OpenDatabase): Promise<boolean> {
  if (!(await hasRecord(database.kysely))) return true
  const { rows } = await sql`select name from ${sql.table(DEFAULT_MIGRATION_TABLE)} limit 1`.execute(database.kysely)
  return rows.length === 0
}

/** Whether the record of migrations exists, even if empty. */
async function hasRecord(db: Kysely<Tables>): Promise<boolean> {
  const tables = await db.introspection.getTables({ withInternalKyselyTables: true })
  return tables.some(({ name }) => name === DEFAULT_MIGRATION_TABLE)
}

/** The names of the applied migrations, in order. */
export async function appliedMigrations(database: OpenDatabase): Promise<string[]> {
  if (await isEmpty(database)) return []
  const { rows } = await sql<{ name: string }>`
    select name from ${sql.table(DEFAULT_MIGRATION_TABLE)} order by name`.execute(database.kysely)
  return rows.map(({ name }) => name)
}

/**
 * The applied migrations: a copy of the database gets exactly these, whatever the program would apply at its next
 * start. Fails if a newer program has used the database. Call it before reading all rows of a database.
 */
export async function migrationsOf(database: OpenDatabase, all: Migrations): Promise<Migrations> {
  const names = await appliedMigrations(database)
  const unknown = names.find((name) => !all[name])
  if (unknown) {
    throw new Error(
      `The database has a migration that this version does not know (${unknown}): a newer TREK has used it. Start that ` +
        'version, or put back a backup from before the update.',
    )
  }
  return Object.fromEntries(Object.entries(all).filter(([name]) => names.includes(name)))
}

/** Whether all of these migrations are applied; cheap enough for frequent calls. */
export async function isMigrated({ kysely }: OpenDatabase, all: Migrations): Promise<boolean> {
  const { rows } = await sql<{ name: string }>`select name from ${sql.table(DEFAULT_MIGRATION_TABLE)}`.execute(kysely)
  const had = new Set(rows.map(({ name }) => name))
  return Object.keys(all).every((name) => had.has(name))
}

/** The names of the migrations that are not applied yet. */
export async function pendingMigrations(database: OpenDatabase, all: Migrations): Promise<string[]> {
  const had = await migrationsOf(database, all)
  return Object.keys(all).filter((name) => !had[name])
}
