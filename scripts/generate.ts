import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { declaredLists } from './declared.ts'
import { migrationFiles } from './migrations.ts'

/** Writes every file that is generated from the code. A test fails if one of them is out of date. */
const root = new URL('..', import.meta.url)
for (const [file, text] of Object.entries({ ...declaredLists(root), ...migrationFiles(root) })) write(file, text)

// Imported only now, because these modules load the files written above.
const { openDatabase } = await import('../src/db/connect.ts')
const { migrate } = await import('../src/db/migrate.ts')
const { MIGRATIONS } = await import('../src/migrations.generated.ts')
const { startPostgres } = await import('../test/harness/database/postgres.ts')
const { pages } = await import('./pages.ts')

for (const [file, text] of Object.entries(pages())) write(file, text)

const folder = mkdtempSync(join(tmpdir(), 'trek-schema-'))
await dump(join(folder, 'schema.db'), 'src/db/schema.sqlite.sql')
rmSync(folder, { recursive: true })

const postgres = await startPostgres()
await dump(`${postgres.url}/postgres`, 'src/db/schema.postgres.sql')
await postgres.stop()

async function dump(target: string, file: string): Promise<void> {
  const database = openDatabase(target)
  await migrate(database, MIGRATIONS)
  write(file, await database.dialect.dump(database.kysely))
  await database.close()
}

function write(file: string, text: string): void {
  writeFileSync(new URL(file, root), text)
  console.log(file)
}
