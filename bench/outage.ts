import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import pg from 'pg'
import { startPostgres } from '../test/harness/database/postgres.ts'
import { middle } from './measure.ts'
import { freePort, SERVER, start, stop } from './processes.ts'

/**
 * How soon a server answers again after a PostgreSQL outage: after a restart, counted from the moment it accepts connections;
 * and after all connections were terminated, counted from then. For comparison, the cost of one new connection.
 */
const ROUNDS = 10

const postgres = await startPostgres()
const admin = async (text: string) => {
  const client = new pg.Client({ connectionString: `${postgres.url}/postgres` })
  client.on('error', () => {})
  await client.connect()
  await client.query(text)
  await client.end()
}
await admin('create database bench')
const folder = mkdtempSync(join(tmpdir(), 'trek-bench-'))
const port = await freePort()
const env = { DATABASE_URL: `${postgres.url}/bench`, DATA_DIR: folder, PORT: String(port), LOG_LEVEL: 'error' }
const answers = async () => (await fetch(`http://127.0.0.1:${port}/api/ready`)).ok
const { child } = await start(SERVER, ['serve'], env, answers)

async function timeUntil(done: () => Promise<boolean>): Promise<number> {
  const began = performance.now()
  while (!(await done().catch(() => false))) await new Promise((resolve) => setTimeout(resolve, 2))
  return performance.now() - began
}

const times = { restart: [] as number[], ended: [] as number[], connection: [] as number[] }
for (let round = 0; round < ROUNDS; round++) {
  await postgres.down()
  await timeUntil(async () => !(await answers()))
  await postgres.up()
  times.restart.push(await timeUntil(answers))
  await admin(`select pg_terminate_backend(pid) from pg_stat_activity where datname = 'bench'`)
  times.ended.push(await timeUntil(answers))
  times.connection.push(await timeUntil(() => admin('select 1').then(() => true)))
}
const bare = middle(times.connection)
for (const [what, name] of [
  ['after a restart of PostgreSQL', 'restart'],
  ['after all connections were ended', 'ended'],
] as const) {
  const longest = Math.max(...times[name])
  const usual = middle(times[name])
  console.log(
    `${what}: ${usual.toFixed(0)} ms, ${longest.toFixed(0)} ms at the most (a new connection: ${bare.toFixed(0)} ms, ratio ${(usual / bare).toFixed(1)})`,
  )
}

await stop(child)
await postgres.stop()
rmSync(folder, { recursive: true, force: true })
