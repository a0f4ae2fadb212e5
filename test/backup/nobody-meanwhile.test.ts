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
    const instance = await placeOn(engine)
    const { serving, assistant } = await createInstanceWithTrip(instance)
    const backup = `${instance.dataDir}.tar.zst`
    expect(await trek(instance.env, 'backup', backup)).toMatchObject({ code: 0 })
    await assistant.tool('create_trip', { title: 'After the backup' })
    await end(serving)
    const restoring = await paused(instance, backup)
    const expectedError = /A restore or a move of this instance is running\. Try again when it has ended/
    const started = await launch(instance)
    await until(() => started.child.exitCode !== null, 60_000)
    expect(started.printed()).toMatch(expectedError)
    const command = await trek(instance.env, 'addon', 'list')
    expect(command).toMatchObject({ code: 1, stderr: expect.stringMatching(expectedError) })
    expect(await trek(instance.env, 'restore', backup, '--replace')).toMatchObject({
      code: 1,
      stderr: expect.stringMatching(expectedError),
    })
    expect(await resumed(restoring)).toMatchObject({ code: 0, stderr: '' })
    expect((await rowsOf(instance)).trips?.rows).toBe(1)
    await end(await serve(instance))
  }, 120_000)

  test('a server that begins nevertheless, such as one of an earlier version, stops the restore', async () => {
    const instance = await placeOn(engine)
    const { serving } = await createInstanceWithTrip(instance)
    const backup = `${instance.dataDir}.tar.zst`
    expect(await trek(instance.env, 'backup', backup)).toMatchObject({ code: 0 })
    await end(serving)
    const [rows, files] = [await rowsOf(instance), filesOf(instance)]
    const restoring = await paused(instance, backup)
    const database = openDatabase(databaseOf(instance))
    await database.processes.enter()
    expect(await resumed(restoring)).toMatchObject({
      code: 1,
      stderr: expect.stringMatching(/server of this instance is running/),
    })
    await database.close()
    expect(await rowsOf(instance)).toEqual(rows)
    expect(filesOf(instance)).toEqual(files)
    expect(readdirSync(instance.dataDir).filter((name) => /^(before|restored|work)/.test(name))).toEqual([])
  }, 120_000)
})

test('what is written to PostgreSQL until the rows are replaced is in the copy that is kept', async () => {
  const instance = await placeOn(postgres)
  const { serving } = await createInstanceWithTrip(instance)
  await end(serving)
  const backup = `${instance.dataDir}.tar.zst`
  expect(await trek(instance.env, 'backup', backup)).toMatchObject({ code: 0 })
  const database = openDatabase(instance.url as string)
  const restoring = await database.unhurried((kysely) =>
    kysely.transaction().execute(async (tx) => {
      await sql`update trips set title = 'Written late'`.execute(tx)
      const restoring = launchTrek(instance.env, 'restore', backup, '--replace')
      await waiting(restoring, database)
      return restoring
    }),
  )
  await database.close()
  expect(await restoring.ended).toMatchObject({ code: 0, stderr: '' })
  const [before = ''] = readdirSync(instance.dataDir).filter((name) => name.startsWith('before-'))
  const other = await placeOn(sqlite)
  // The copy is without files, which the restore reports.
  const result = await trek(other.env, 'restore', join(instance.dataDir, before, 'database.tar.zst'))
  expect(result.stdout).toMatch(/^The backup is in place/)
  const otherDatabase = openDatabase(databaseOf(other))
  expect((await sql`select title from trips`.execute(otherDatabase.kysely)).rows).toEqual([{ title: 'Written late' }])
  await otherDatabase.close()
}, 120_000)

test('a server on PostgreSQL keeps its files and its key from a restore into the same DATA_DIR', async () => {
  const instance = await placeOn(postgres)
  const env = { ENCRYPTION_KEY: '' }
  const serving = await serve({ ...instance, env })
  const source = await placeOn(sqlite)
  const { serving: other } = await createInstanceWithTrip(source)
  const backup = `${source.dataDir}.tar.zst`
  expect(await trek({ ...source.env, BACKUP_PASSPHRASE: 'correct horse' }, 'backup', backup)).toMatchObject({ code: 0 })
  await end(other)
  const key = readFileSync(join(instance.dataDir, 'encryption.key'), 'utf8')
  mkdirSync(join(instance.dataDir, 'files'), { recursive: true })
  const envHere = { ...instance.env, ...env, DATABASE_URL: '', BACKUP_PASSPHRASE: 'correct horse' }
  expect(await trek(envHere, 'restore', backup, '--replace')).toMatchObject({
    code: 1,
    stderr: expect.stringMatching(/server of this instance is running/),
  })
  expect(readFileSync(join(instance.dataDir, 'encryption.key'), 'utf8')).toBe(key)
  await end(serving)
}, 120_000)

test('no server and no command begins in either place while a move copies the rows', async () => {
  const instance = await placeOn(sqlite)
  const { url = '' } = await placeOn(postgres)
  const { serving } = await createInstanceWithTrip(instance)
  await end(serving)
  const rows = await rowsOf(instance)
  const target = openDatabase(url)
  const moving = await target.unhurried((kysely) =>
    kysely.transaction().execute(async (tx) => {
      await target.dialect.lockSchema(tx)
      const moving = launchTrek(instance.env, 'move', '--to', url)
      await waiting(moving, target)
      for (const DATABASE_URL of ['', url]) {
        const result = await trek({ ...instance.env, DATABASE_URL }, 'serve')
        expect(result).toMatchObject({
          code: 1,
          stderr: expect.stringMatching(/A restore or a move of this instance is running/),
        })
      }
      return moving
    }),
  )
  await target.close()
  expect(await moving.ended).toMatchObject({ code: 0, stderr: '' })
  expect(await rowsOf({ ...instance, url })).toEqual(rows)
}, 120_000)
