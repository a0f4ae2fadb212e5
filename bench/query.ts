import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import Sqlite from 'better-sqlite3'
import type { Kysely } from 'kysely'
import { INSTANCE } from '../src/core/data/space.ts'
import { Setting } from '../src/core/run/settings.ts'
import { openDatabase } from '../src/db/connect.ts'
import { migrate } from '../src/db/migrate.ts'
import { MIGRATIONS } from '../src/migrations.generated.ts'

/** The cost of one query for one row on SQLite: prepared by hand, through a store, and built by Kysely each time. */
const folder = mkdtempSync(join(tmpdir(), 'trek-query-'))
const file = join(folder, 'trek.db')
const database = openDatabase(file)
await migrate(database, MIGRATIONS)
await database.write(INSTANCE, (tx) => tx.insert(Setting, { key: 'bench', value: true }))
const untyped = database.kysely as unknown as Kysely<Record<string, Record<string, unknown>>>
const byHand = new Sqlite(file).prepare('select * from settings where key = ?')

const ROUNDS = 20_000
async function cost(what: string, ask: () => unknown): Promise<void> {
  for (let warm = 0; warm < 2000; warm++) await ask()
  const start = performance.now()
  for (let round = 0; round < ROUNDS; round++) await ask()
  console.log(`${what.padEnd(44)} ${(((performance.now() - start) / ROUNDS) * 1000).toFixed(1)} µs`)
}

await cost('better-sqlite3, prepared by hand', () => byHand.get('bench'))
await database.read(async (tx) => {
  await cost('tx.find: compiled and prepared once', () => tx.find(Setting, { key: 'bench' }))
})
await cost('Kysely, built each time, prepared once', () =>
  untyped.selectFrom('settings').selectAll().where('key', '=', 'bench').executeTakeFirst(),
)
await cost('an empty read transaction', () => database.read(async () => null))
await database.close()
rmSync(folder, { recursive: true })
