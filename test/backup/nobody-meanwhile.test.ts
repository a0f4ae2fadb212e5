import { mkdirSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { sql } from 'kysely'
import { describe, expect, onTestFinished, test } from 'vitest'
import { type OpenDatabase, openDatabase } from '../../src/db/connect.ts'
import { ENGINES } from '../harness/database/databases.ts'
import { createInstanceWithTrip, filesOf, placeOn, rowsOf } from '../harness/processes/instances.ts'
import { databaseOf, end, launch, serve } from '../harness/processes/serving.ts'
import { launchTrek, type Running, trek } from '../harness/processes/trek.ts'
import { until } from '../harness/until.ts'

/** A restore or a move has the instance alone, from its check for servers to its end. */

const [sqlite, postgres] = ENGINES

const isUnpacking = (dataDir: string) => readdirSync(dataDir).some((name) => /^work/.test(name))

/** A restore with --replace that is stopped while it reads its backup. */
async function paused({ env, dataDir }: { env: Record<string, string>; dataDir: string }, backup: string) {
  const running = launchTrek(env, 'restore', backup, '--replace')
  onTestFinished(() => void running.child.kill('SIGKILL'))
  await until(() => isUnpacking(dataDir) || running.child.exitCode !== null)
  running.child.kill('SIGSTOP')
  return running
}

const resumed = ({ child, ended }: Running) => {
  child.kill('SIGCONT')
  return ended
}

/** Waits until a command waits for a lock in a PostgreSQL database, or has ended. */
async function waiting({ child }: Running, { kysely }: OpenDatabase): Promise<void> {
  const waits = sql`select 1 from pg_locks
    where not granted and database = (select oid from pg_database where datname = current_database())`
  await until(async () => child.exitCode !== null || (await waits.execute(kysely)).rows.length > 0, 60_000)
}

describe.each(ENGINES)('on $engine', (engine) => {
  test('no server and no command begins while a restore reads its backup', async () => {
    const kept = await placeOn(engine)
    const { serving, assistant } = await createInstanceWithTrip(kept)
    const backup = `${kept.dataDir}.tar.zst`
    expect(await trek(kept.env, 'backup', backup)).toMatchObject({ code: 0 })
    await assistant.tool('create_trip', { title: 'After the backup' })
    await end(serving)
    const restoring = await paused(kept, backup)
    const says = /A restore or a move of this instance is running\. Try again when it has ended/
    const started = await launch(kept)
    await until(() => started.child.exitCode !== null, 60_000)
    expect(started.printed()).toMatch(says)
    const command = await trek(kept.env, 'addon', 'list')
    expect(command).toMatchObject({ code: 1, stderr: expect.stringMatching(says) })
    expect(await trek(kept.env, 'restore', backup, '--replace')).toMatchObject({
      code: 1,
      stderr: expect.stringMatching(says),
    })
    expect(await resumed(restoring)).toMatchObject({ code: 0, stderr: '' })
    expect((await rowsOf(kept)).trips?.rows).toBe(1)
    await end(await serve(kept))
  }, 120_000)

  test('a server that begins nevertheless, such as one of an earlier version, stops the restore', async () => {
    const kept = await placeOn(engine)
    const { serving } = await createInstanceWithTrip(kept)
    const backup = `${kept.dataDir}.tar.zst`
    expect(await trek(kept.env, 'backup', backup)).toMatchObject({ code: 0 })
    await end(serving)
    const [rows, files] = [await rowsOf(kept), filesOf(kept)]
    const restoring = await paused(kept, backup)
    const database = openDatabase(databaseOf(kept))
    await database.processes.enter()
    expect(await resumed(restoring)).toMatchObject({
      code: 1,
      stderr: expect.stringMatching(/server of this instance is running/),
    })
    await database.close()
    expect(await rowsOf(kept)).toEqual(rows)
    expect(filesOf(kept)).toEqual(files)
    expect(readdirSync(kept.dataDir).filter((name) => /^(before|restored|work)/.test(name))).toEqual([])
  }, 120_000)
})

test('what is written to PostgreSQL until the rows are replaced is in the copy that is kept', async () => {
  const kept = await placeOn(postgres)
  const { serving } = await createInstanceWithTrip(kept)
  await end(serving)
  const backup = `${kept.dataDir}.tar.zst`
  expect(await trek(kept.env, 'backup', backup)).toMatchObject({ code: 0 })
  const database = openDatabase(kept.url as string)
  const restoring = await database.unhurried((kysely) =>
    kysely.transaction().execute(async (tx) => {
      await sql`update trips set title = 'Written late'`.execute(tx)
      const restoring = launchTrek(kept.env, 'restore', backup, '--replace')
      await waiting(restoring, database)
      return restoring
    }),
  )
  await database.close()
  expect(await restoring.ended).toMatchObject({ code: 0, stderr: '' })
  const [before = ''] = readdirSync(kept.dataDir).filter((name) => name.startsWith('before-'))
  const other = await placeOn(sqlite)
  // The copy is without files, which the restore reports.
  const told = await trek(other.env, 'restore', join(kept.dataDir, before, 'database.tar.zst'))
  expect(told.stdout).toMatch(/^The backup is in place/)
  const found = openDatabase(databaseOf(other))
  expect((await sql`select title from trips`.execute(found.kysely)).rows).toEqual([{ title: 'Written late' }])
  await found.close()
}, 120_000)

test('a server on PostgreSQL keeps its files and its key from a restore into the same DATA_DIR', async () => {
  const kept = await placeOn(postgres)
  const env = { ENCRYPTION_KEY: '' }
  const serving = await serve({ ...kept, env })
  const source = await placeOn(sqlite)
  const { serving: other } = await createInstanceWithTrip(source)
  const backup = `${source.dataDir}.tar.zst`
  expect(await trek({ ...source.env, BACKUP_PASSPHRASE: 'correct horse' }, 'backup', backup)).toMatchObject({ code: 0 })
  await end(other)
  const key = readFileSync(join(kept.dataDir, 'encryption.key'), 'utf8')
  mkdirSync(join(kept.dataDir, 'files'), { recursive: true })
  const here = { ...kept.env, ...env, DATABASE_URL: '', BACKUP_PASSPHRASE: 'correct horse' }
  expect(await trek(here, 'restore', backup, '--replace')).toMatchObject({
    code: 1,
    stderr: expect.stringMatching(/server of this instance is running/),
  })
  expect(readFileSync(join(kept.dataDir, 'encryption.key'), 'utf8')).toBe(key)
  await end(serving)
}, 120_000)

test('no server and no command begins in either place while a move copies the rows', async () => {
  const kept = await placeOn(sqlite)
  const { url = '' } = await placeOn(postgres)
  const { serving } = await createInstanceWithTrip(kept)
  await end(serving)
  const rows = await rowsOf(kept)
  const target = openDatabase(url)
  const moving = await target.unhurried((kysely) =>
    kysely.transaction().execute(async (tx) => {
      await target.dialect.lockSchema(tx)
      const moving = launchTrek(kept.env, 'move', '--to', url)
      await waiting(moving, target)
      for (const DATABASE_URL of ['', url]) {
        const told = await trek({ ...kept.env, DATABASE_URL }, 'serve')
        expect(told).toMatchObject({
          code: 1,
          stderr: expect.stringMatching(/A restore or a move of this instance is running/),
        })
      }
      return moving
    }),
  )
  await target.close()
  expect(await moving.ended).toMatchObject({ code: 0, stderr: '' })
  expect(await rowsOf({ ...kept, url })).toEqual(rows)
}, 120_000)
