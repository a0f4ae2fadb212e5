import { sql } from 'kysely'
import { readConfig } from '../../../src/config/index.ts'
import type { Migrations } from '../../../src/db/migrate.ts'
import { openInstance } from '../../../src/instance.ts'
import { MIGRATIONS } from '../../../src/migrations.generated.ts'

/** A server of a later version that starts, updates its database and stops. Its only argument is the version number. */
const version = Number(process.argv[2])

/** Each version adds a column and fills it in every row. */
const later: Migrations = Object.fromEntries(
  Array.from({ length: version }, (_, nth) => [
    `9${String(nth).padStart(3, '0')}_later`,
    async (db) => {
      const column = `later_${nth}`
      await db.schema.alterTable('places').addColumn(column, 'text').execute()
      await sql`update places set ${sql.ref(column)} = name`.execute(db)
    },
  ]),
)
const database = await openInstance(readConfig(), { warn: () => {}, newInstance: false }, { ...MIGRATIONS, ...later })
await database.close()
