import { existsSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { sql } from 'kysely'
import { expect, test } from 'vitest'
import { openDatabase } from '../../src/db/connect.ts'
import { ENGINES } from '../harness/database/databases.ts'
import { createInstanceWithTrip, filesOf, placeOn, rowsOf } from '../harness/processes/instances.ts'
import { databaseOf, end, type InstanceData } from '../harness/processes/serving.ts'
import { launchTrek, trek } from '../harness/processes/trek.ts'
import { until } from '../harness/until.ts'

/** Restores and moves that were cut off, and what they leave to the next command. */

const [sqlite, postgres] = ENGINES

async function inDatabase<T>(instance: InstanceData, statement: ReturnType<typeof sql<T>>): Promise<T[]> {
  const database = openDatabase(databaseOf(instance))
  try {
    return (await statement.execute(database.kysely)).rows
  } finally {
    await database.close()
  }
}

/** An instance on SQLite that was moved to PostgreSQL. */
async function beginMove() {
  const instance = await placeOn(sqlite)
  const { url = '' } = await placeOn(postgres)
  const { serving } = await createInstanceWithTrip(instance)
  const backup = `${instance.dataDir}.tar.zst`
  expect(await trek(instance.env, 'backup', backup)).toMatchObject({ code: 0 })
  await end(serving)
  const rows = await rowsOf(instance)
  const move = () => trek(instance.env, 'move', '--to', url)
  expect(await move()).toMatchObject({ code: 0, stderr: '' })
  const note = join(instance.dataDir, 'moved.json')
  const putBack = () => renameSync(join(JSON.parse(readFileSync(note, 'utf8')).before, 'trek.db'), databaseOf(instance))
  return {
    instance,
    there: { ...instance, url, env: { ...instance.env, DATABASE_URL: url } },
    backup,
    rows,
    move,
    note,
    putBack,
  }
}

const list = ({ env }: { env: Record<string, string> }) => trek(env, 'addon', 'list')

test('a restore without DATABASE_URL into an instance that was moved to PostgreSQL is refused', async () => {
  const { instance, there, backup, rows } = await beginMove()
  const files = filesOf(instance)
  for (const words of [[], ['--replace']]) {
    const result = await trek(instance.env, 'restore', backup, ...words)
    expect(result.stderr).toMatch(/was moved to PostgreSQL at 127\.0\.0\.1:\d+\/trek_\w+ on 20.*Set DATABASE_URL/)
    expect(result.code).toBe(1)
  }
  expect(existsSync(databaseOf(instance))).toBe(false)
  expect(filesOf(instance)).toEqual(files)
  expect(await rowsOf(there)).toEqual(rows)
}, 120_000)

test('a move that was cut off before it handed over leaves the old place in use, and the next one replaces its copy', async () => {
  const { instance, there, move, note, putBack } = await beginMove()
  putBack()
  rmSync(note)
  await inDatabase(there, sql`update instance set copy = 'arriving'`)
  expect(await list(there)).toMatchObject({ code: 1, stderr: expect.stringMatching(/copy of a move that was cut off/) })
  expect(await trek(instance.env, 'addon', 'enable', 'budget')).toMatchObject({ code: 0 })
  const rows = await rowsOf(instance)
  expect(await move()).toMatchObject({ code: 0, stderr: '' })
  expect(await rowsOf(there)).toEqual(rows)
  expect([(await list(instance)).code, (await list(there)).code]).toEqual([1, 0])
}, 120_000)

test('a move that was cut off after it handed over leaves the new place in use, and the next one puts the old file away', async () => {
  const { instance, there, move, note, putBack } = await beginMove()
  putBack()
  writeFileSync(note, JSON.stringify({ ...JSON.parse(readFileSync(note, 'utf8')), leaving: true }))
  const old = await trek(instance.env, 'serve')
  expect(old).toMatchObject({
    code: 1,
    stderr: expect.stringMatching(/was moved to .*cut off before it put the old file away/),
  })
  expect(await trek(there.env, 'addon', 'enable', 'budget')).toMatchObject({ code: 0 })
  const rows = await rowsOf(there)
  expect(await move()).toMatchObject({ code: 0, stderr: '' })
  expect(existsSync(databaseOf(instance))).toBe(false)
  expect(await rowsOf(there)).toEqual(rows)
  expect([(await list(instance)).code, (await list(there)).code]).toEqual([1, 0])
}, 120_000)

test('a move says of an earlier copy of the same instance what it is', async () => {
  const { instance, move, note, putBack } = await beginMove()
  putBack()
  rmSync(note)
  expect(await trek(instance.env, 'addon', 'enable', 'budget')).toMatchObject({ code: 0 })
  expect(await move()).toMatchObject({
    code: 1,
    stderr: expect.stringMatching(/other rows of this same instance: a copy that an earlier move or restore has made/),
  })
}, 120_000)

test('a restore that was cut off is finished only into its own database, also before a backup and by a move', async () => {
  const instance = await placeOn(postgres)
  const { serving } = await createInstanceWithTrip(instance)
  await end(serving)
  const backup = `${instance.dataDir}.tar.zst`
  expect(await trek(instance.env, 'backup', backup)).toMatchObject({ code: 0 })
  const rows = await rowsOf(instance)
  const cutOff = async () => {
    await inDatabase(instance, sql`update trips set title = 'Changed since'`)
    const database = openDatabase(instance.url as string)
    // The restore waits for this writer, and is killed meanwhile.
    await database.unhurried((kysely) =>
      kysely.transaction().execute(async (tx) => {
        await sql`update trips set title = title`.execute(tx)
        const { child, ended } = launchTrek(instance.env, 'restore', backup, '--replace')
        const waits = sql`select 1 from pg_locks
        where not granted and database = (select oid from pg_database where datname = current_database())`
        await until(async () => (await waits.execute(database.kysely)).rows.length > 0, 60_000)
        child.kill('SIGKILL')
        await ended
      }),
    )
    await database.close()
    expect(readdirSync(instance.dataDir)).toContain('restored')
  }
  await cutOff()
  const elsewhere = { ...instance.env, DATABASE_URL: '' }
  for (const words of [['addon', 'list'], ['serve'], ['restore', backup, '--replace'], ['backup', `${backup}-2`]]) {
    const result = await trek(elsewhere, ...words)
    expect(result.stderr).toMatch(/restore into PostgreSQL at 127\.0\.0\.1:\d+\/trek_\w+ was cut off.*Set DATABASE_URL/)
    expect(result.stderr).not.toContain('trek:trek')
    expect(result.code).toBe(1)
  }
  expect(readdirSync(instance.dataDir)).not.toContain('trek.db')
  expect(await trek(instance.env, 'backup', `${backup}-2`)).toMatchObject({ code: 0, stderr: '' })
  expect(readdirSync(instance.dataDir)).not.toContain('restored')
  expect(await rowsOf(instance)).toEqual(rows)
  await cutOff()
  expect(await trek(instance.env, 'move', '--to', 'sqlite')).toMatchObject({ code: 0, stderr: '' })
  expect((await rowsOf({ dataDir: instance.dataDir })).trips).toEqual(rows.trips)
}, 180_000)

test.each(ENGINES)(
  'a restore on $engine brings back no session, and says what is as it was at the backup',
  async (engine) => {
    const instance = await placeOn(engine)
    const { serving } = await createInstanceWithTrip(instance)
    await end(serving)
    const session = sql`insert into web_sessions (user_id, token, expires_at, created_at, updated_at)
      select id, 'stolen', '2099-01-01T00:00:00.000Z', created_at, created_at from users limit 1`
    await inDatabase(instance, session)
    const backup = `${instance.dataDir}.tar.zst`
    expect(await trek(instance.env, 'backup', backup)).toMatchObject({ code: 0 })
    const result = await trek(instance.env, 'restore', backup, '--replace')
    expect(result).toMatchObject({ code: 0, stderr: '' })
    expect(result.stdout).toMatch(
      /Everybody has to log in again\. Passwords, API tokens, .* as they were when the backup was made/,
    )
    expect(await inDatabase(instance, sql`select token from web_sessions`)).toEqual([])
  },
  120_000,
)
