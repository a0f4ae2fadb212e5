import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import pg from 'pg'
import type { TestProject } from 'vitest/node'
import { openDatabase } from '../../../src/db/connect.ts'
import { migrate } from '../../../src/db/migrate.ts'
import { MIGRATIONS } from '../../../src/migrations.generated.ts'
import { until } from '../until.ts'
import { startPostgres } from './postgres.ts'

const TEMPLATE = 'trek_template'

/** The state that all projects of a run share. It is global, because each project loads its own copy of this module. */
const shared = globalThis as { trekTests?: { ready: ReturnType<typeof prepare>; projects: number } }

/** Starts one PostgreSQL server for the whole run, and migrates a template database for each engine. */
export async function setup(project: TestProject) {
  const run = (shared.trekTests ??= { ready: prepare(), projects: 0 })
  run.projects++
  const { url, sqlite, stop } = await run.ready
  project.provide('postgres', url)
  project.provide('templates', { postgres: TEMPLATE, sqlite })
  return async () => {
    if (--run.projects > 0) return
    delete shared.trekTests
    await stop()
  }
}

async function prepare() {
  const server = await startPostgres()
  await server.createDatabase(TEMPLATE)
  const folder = mkdtempSync(join(tmpdir(), 'trek-template-'))
  const sqlite = join(folder, 'trek.db')
  for (const target of [`${server.url}/${TEMPLATE}`, sqlite]) {
    const database = openDatabase(target)
    await migrate(database, MIGRATIONS)
    await database.close()
  }
  await leftAlone(server.url)
  return {
    url: server.url,
    sqlite,
    async stop() {
      await server.stop()
      rmSync(folder, { recursive: true, force: true })
    },
  }
}

/** Forbids new sessions on the template and waits for the last to end: PostgreSQL cannot copy a database in use. */
async function leftAlone(url: string): Promise<void> {
  const client = new pg.Client({ connectionString: `${url}/postgres` })
  await client.connect()
  await client.query(`alter database ${TEMPLATE} allow_connections false`)
  const sessions = async () =>
    (await client.query('select from pg_stat_activity where datname = $1', [TEMPLATE])).rowCount
  await until(async () => (await sessions()) === 0, 30_000)
  await client.end()
}
