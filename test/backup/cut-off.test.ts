import { existsSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { sql } from 'kysely'
import { expect, test } from 'vitest'
import { openDatabase } from '../../src/db/connect.ts'
import { ENGINES } from '../harness/database/databases.ts'
import { createInstanceWithTrip, filesOf, placeOn, rowsOf } from '../harness/processes/instances.ts'
import { databaseOf, end, type Kept } from '../harness/processes/serving.ts'
import { launchTrek, trek } from '../harness/processes/trek.ts'
import { until } from '../harness/until.ts'

/** Restores and moves that were cut off, and what they leave to the next command. */

const [sqlite, postgres] = ENGINES

async function inDatabase<T>(kept: Kept, statement: ReturnType<typeof sql<T>>): Promise<T[]> {
  const database = openDatabase(databaseOf(kept))
  try {
    return (await statement.execute(database.kysely)).rows
  } finally {
    await database.close()
  }
}

/** An instance on SQLite that was moved to PostgreSQL. */
async function moved() {
  const kept = await placeOn(sqlite)
  const { url = '' } = await placeOn(postgres)
  const { serving } = await createInstanceWithTrip(kept)
  const backup = `${kept.dataDir}.tar.zst`
  expect(await trek(kept.env, 'backup', backup)).toMatchObject({ code: 0 })
  await end(serving)
  const rows = await rowsOf(kept)
  const move = () => trek(kept.env, 'move', '--to', url)
  expect(await move()).toMatchObject({ code: 0, stderr: '' })
  const note = join(kept.dataDir, 'moved.json')
  const putBack = () => renameSync(join(JSON.parse(readFileSync(note, 'utf8')).before, 'trek.db'), databaseOf(kept))
  return { kept, there: { ...kept, url, env: { ...kept.env, DATABASE_URL: url } }, backup, rows, move, note, putBack }
}

const list = ({ env }: { env: Record<string, string> }) => trek(env, 'addon', 'list')

test('a restore without DATABASE_URL into an instance that was moved to PostgreSQL is refused', async () => {
  const { kept, there, backup, rows } = await moved()
  const files = filesOf(kept)
  for (const words of [[], ['--replace']]) {
    const told = await trek(kept.env, 'restore', backup, ...words)
    expect(told.stderr).toMatch(/was moved to PostgreSQL at 127\.0\.0\.1:\d+\/trek_\w+ on 20.*Set DATABASE_URL/)
    expect(told.code).toBe(1)
  }
  expect(existsSync(databaseOf(kept))).toBe(false)
  expect(filesOf(kept)).toEqual(files)
  expect(await rowsOf(there)).toEqual(rows)
}, 120_000)

test('a move that was cut off before it handed over leaves the old place in use, and the next one replaces its copy', async () => {
  const { kept, there, move, note, putBack } = await moved()
  putBack()
  rmSync(note)
  await inDatabase(there, sql`update instance set copy = 'arriving'`)
  expect(await list(there)).toMatchObject({ code: 1, stderr: expect.stringMatching(/copy of a move that was cut off/) })
  expect(await trek(kept.env, 'addon', 'enable', 'budget')).toMatchObject({ code: 0 })
  const rows = await rowsOf(kept)
  expect(await move()).toMatchObject({ code: 0, stderr: '' })
  expect(await rowsOf(there)).toEqual(rows)
  expect([(await list(kept)).code, (await list(there)).code]).toEqual([1, 0])
}, 120_000)

test('a move that was cut off after it handed over leaves the new place in use, and the next one puts the old file away', async () => {
  const { kept, there, move, note, putBack } = await moved()
  putBack()
  writeFileSync(note, JSON.stringify({ ...JSON.parse(readFileSync(note, 'utf8')), leaving: true }))
  const old = await trek(kept.env, 'serve')
  expect(old).toMatchObject({
    code: 1,
    stderr: expect.stringMatching(/was moved to .*cut off before it put the old file away/),
  })
  expect(await trek(there.env, 'addon', 'enable', 'budget')).toMatchObject({ code: 0 })
  const rows = await rowsOf(there)
  expect(await move()).toMatchObject({ code: 0, stderr: '' })
  expect(existsSync(databaseOf(kept))).toBe(false)
  expect(await rowsOf(there)).toEqual(rows)
  expect([(await list(kept)).code, (await list(there)).code]).toEqual([1, 0])
}, 120_000)

test('a move says of an earlier copy of the same instance what it is', async () => {
  const { kept, move, note, putBack } = await moved()
  putBack()
  rmSync(note)
  expect(await trek(kept.env, 'addon', 'enable', 'budget')).toMatchObject({ code: 0 })
  expect(await move()).toMatchObject({
    code: 1,
    stderr: expect.stringMatching(/other rows of this same instance: a copy that an earlier move or restore has made/),
  })
}, 120_000)

test('a restore that was cut off is finished only into its own database, also before a backup and by a move', async () => {
  const kept = await placeOn(postgres)
  const { serving } = await createInstanceWithTrip(kept)
  await end(serving)
  const backup = `${kept.dataDir}.tar.zst`
  expect(await trek(kept.env, 'backup', backup)).toMatchObject({ code: 0 })
  const rows = await rowsOf(kept)
  const cutOff = async () => {
    await inDatabase(kept, sql`update trips set title = 'Changed since'`)
    const database = openDatabase(kept.url as string)
    // The restore waits for this writer, and is killed meanwhile.
    await database.unhurried((kysely) =>
      kysely.transaction().execute(async (tx) => {
        await sql`update trips set title = title`.execute(tx)
        const { child, ended } = launchTrek(kept.env, 'restore', backup, '--replace')
        const waits = sql`select 1 from pg_locks
        where not granted and database = (select oid from pg_database where datname = current_database())`
        await until(async () => (await waits.execute(database.kysely)).rows.length > 0, 60_000)
        child.kill('SIGKILL')
        await ended
      }),
    )
    await database.close()
    expect(readdirSync(kept.dataDir)).toContain('restored')
  }
  await cutOff()
  const elsewhere = { ...kept.env, DATABASE_URL: '' }
  for (const words of [['addon', 'list'], ['serve'], ['restore', backup, '--replace'], ['backup', `${backup}-2`]]) {
    const told = await trek(elsewhere, ...words)
    expect(told.stderr).toMatch(/restore into PostgreSQL at 127\.0\.0\.1:\d+\/trek_\w+ was cut off.*Set DATABASE_URL/)
    expect(told.stderr).not.toContain('trek:trek')
    expect(told.code).toBe(1)
  }
  expect(readdirSync(kept.dataDir)).not.toContain('trek.db')
  expect(await trek(kept.env, 'backup', `${backup}-2`)).toMatchObject({ code: 0, stderr: '' })
  expect(readdirSync(kept.dataDir)).not.toContain('restored')
  expect(await rowsOf(kept)).toEqual(rows)
  await cutOff()
  expect(await trek(kept.env, 'move', '--to', 'sqlite')).toMatchObject({ code: 0, stderr: '' })
  expect((await rowsOf({ dataDir: kept.dataDir })).trips).toEqual(rows.trips)
}, 180_000)

test.each(ENGINES)(
  'a restore on $engine brings back no session, and says what is as it was at the backup',
  async (engine) => {
    const kept = await placeOn(engine)
    const { serving } = await createInstanceWithTrip(kept)
    await end(serving)
    const session = sql`insert into web_sessions (user_id, token, expires_at, created_at, updated_at)
      select id, 'stolen', '2099-01-01T00:00:00.000Z', created_at, created_at from users limit 1`
    await inDatabase(kept, session)
    const backup = `${kept.dataDir}.tar.zst`
    expect(await trek(kept.env, 'backup', backup)).toMatchObject({ code: 0 })
    const told = await trek(kept.env, 'restore', backup, '--replace')
    expect(told).toMatchObject({ code: 0, stderr: '' })
    expect(told.stdout).toMatch(
      /Everybody has to log in again\. Passwords, API tokens, .* as they were when the backup was made/,
    )
    expect(await inDatabase(kept, sql`select token from web_sessions`)).toEqual([])
  },
  120_000,
)
