import type { Kysely } from 'kysely'
import { Migrator } from 'kysely/migration'
import type { OpenDatabase } from './connect.ts'
import type { Dialect } from './dialect.ts'
import { core } from './migrations/0001_core.ts'
import { identity } from './migrations/0002_identity.ts'

/** One step of the schema, written once for both engines. */
// biome-ignore lint/suspicious/noExplicitAny: the schema a migration starts from is not the one of today's types
export type Migration = (db: Kysely<any>, types: Dialect) => Promise<void>

/** In order; forward only. A migration that has been released is never changed. */
const MIGRATIONS: Record<string, Migration> = {
  '0001_core': core,
  '0002_identity': identity,
}

/** Brings the schema up to date. Several processes may start at once: one migrates, the others wait. */
export async function migrate(database: OpenDatabase): Promise<void> {
  const migrator = new Migrator({
    db: database.kysely,
    provider: {
      getMigrations: async () =>
        Object.fromEntries(
          Object.entries(MIGRATIONS).map(([name, up]) => [name, { up: (db) => up(db, database.dialect) }]),
        ),
    },
  })
  const { error } = await migrator.migrateToLatest()
  if (error) throw error
}
