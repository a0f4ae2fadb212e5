import { execFile } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { promisify } from 'node:util'
import { sql } from 'kysely'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { ENGINES, type Place } from '../../test/harness/database/databases.ts'
import { MIGRATIONS } from '../migrations.generated.ts'
import { type OpenDatabase, openDatabase } from './connect.ts'
import { isEmpty, type Migrations, migrate, pendingMigrations } from './migrate.ts'

const run = promisify(execFile)

describe.each(ENGINES)('migrations on $engine', ({ place: find }) => {
  let place: Place
  let open: OpenDatabase[] = []
  const database = () => {
    const database = openDatabase(place.target)
    open.push(database)
    return database
  }
  beforeEach(async () => {
    place = await find()
  })
  afterEach(async () => {
    for (const one of open) await one.close()
    open = []
    await place.remove()
  })

  test('a first start commits all migrations at once, and waits for the disk once', async () => {
    const one = database()
    await migrate(one, MIGRATIONS)
    expect(await commitsOf(one, place.target)).toBe(1)
    expect(await pendingMigrations(one, MIGRATIONS)).toEqual([])
  })

  test('a start without a new migration does not write', async () => {
    const one = database()
    await migrate(one, MIGRATIONS)
    await migrate(one, MIGRATIONS)
    expect(await commitsOf(one, place.target)).toBe(1)
  })

  test('several starts at once create one schema', { timeout: 60_000 }, async () => {
    await Promise.all(Array.from({ length: 3 }, () => startElsewhere(place.target)))
    expect(await pendingMigrations(database(), MIGRATIONS)).toEqual([])
  })

  test('the error names the migration that failed and its database, and nothing was changed', async () => {
    const one = database()
    const brokenMigrations: Migrations = {
      ...MIGRATIONS,
      async '9000_broken'(db) {
        await db.schema.createTable('half').addColumn('id', 'integer').execute()
        await sql`select * from nowhere`.execute(db)
      },
    }
    const location = one.dialect.name === 'sqlite' ? place.target : new URL(place.target).pathname
    const failure = await migrate(one, brokenMigrations).catch(({ message }) => message)
    expect(failure).toMatch(/^The migration 9000_broken of .* failed, and nothing was changed, neither by it nor/)
    expect(failure).toContain(location)
    expect(failure).toContain('nowhere')
    expect(await isEmpty(one)).toBe(true)
    expect(await one.kysely.introspection.getTables({ withInternalKyselyTables: true })).toEqual([])
    await migrate(one, MIGRATIONS)
    expect(await pendingMigrations(one, MIGRATIONS)).toEqual([])
  })
})

/** Migrates in a process of its own. */
const startElsewhere = (target: string) =>
  run(process.execPath, [
    '--input-type=module',
    '--eval',
    `const { openDatabase } = await import('./src/db/connect.ts')
    const { migrate } = await import('./src/db/migrate.ts')
    const { MIGRATIONS } = await import('./src/migrations.generated.ts')
    const database = openDatabase(${JSON.stringify(target)})
    await migrate(database, MIGRATIONS)
    await database.close()`,
  ])

/**
 * The number of commits: commit frames in the log of SQLite, or distinct transactions of the schema’s rows in
 * PostgreSQL.
 */
async function commitsOf({ dialect, kysely }: OpenDatabase, target: string): Promise<number> {
  if (dialect.name === 'sqlite') return commitsIn(`${target}-wal`)
  const { rows } = await sql<{ commits: number }>`
    select count(*) as commits from (
      select xmin from pg_class where relnamespace = 'public'::regnamespace
      union select xmin from kysely_migration union select xmin from kysely_migration_lock) as made`.execute(kysely)
  return Number(rows[0]?.commits)
}

/**
 * https://www.sqlite.org/fileformat2.html#the_write_ahead_log: the header of a commit frame contains the size of the
 * database after the commit.
 */
function commitsIn(log: string): number {
  if (!existsSync(log)) return 0
  const bytes = readFileSync(log)
  const frame = 24 + bytes.readUInt32BE(8)
  let commits = 0
  for (let at = 32; at < bytes.length; at += frame) if (bytes.readUInt32BE(at + 4)) commits++
  return commits
}
