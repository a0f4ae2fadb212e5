import { randomUUID } from 'node:crypto'
import { readdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { nameAt } from '../../src/backup/names.ts'
import { openDatabase } from '../../src/db/connect.ts'
import { ENGINES } from '../harness/database/databases.ts'
import { createInstance, createInstanceWithTrip, filesOf, placeOn, rowsOf } from '../harness/processes/instances.ts'
import { giveAway, takenIn } from '../harness/processes/owners.ts'
import { assistantOf, databaseOf, end, serve } from '../harness/processes/serving.ts'
import { launchTrek, trek } from '../harness/processes/trek.ts'
import { startStorage, storageSettings, type TestStorage } from '../harness/storage/s3.ts'
import { until } from '../harness/until.ts'

const [sqlite] = ENGINES
const PLACE = 's3://trek/backups/'

let storage: TestStorage
beforeEach(async () => {
  storage = await startStorage()
})
afterEach(() => storage.close())

const backups = () => [...storage.objects.keys()].filter((name) => name.startsWith('trek/backups/'))

/** The settings of the storage, with uploads in a folder. */
const inFolder = () => ({ ...storageSettings(storage), FILES_URL: '' })

test('a backup is written to storage and restored from it, the newest ones stay, and one that fails leaves nothing', async () => {
  const instance = await placeOn(sqlite)
  const { serving } = await createInstanceWithTrip(instance)
  await end(serving)
  const env = { ...instance.env, ...inFolder() }
  const one = await trek(env, 'backup', PLACE, '--keep', '1', '--json')
  expect(one).toMatchObject({ code: 0, stderr: '' })
  const [name = ''] = backups()
  expect(name).toMatch(/^trek\/backups\/trek-.*\.tar\.zst$/)
  expect(JSON.parse(one.stdout).backup.file).toBe(`s3://${name}`)
  expect(await trek(env, 'verify', `s3://${name}`)).toMatchObject({ code: 0, stderr: '' })
  expect(JSON.parse((await trek(env, 'backup', PLACE, '--keep', '1', '--json')).stdout).removed).toHaveLength(1)
  const [second = ''] = backups()
  expect(backups()).toEqual([second])
  expect(second).not.toBe(name)
  const below = await trek(env, 'backup', 's3://trek/cron', '--keep', '7', '--json')
  expect(JSON.parse(below.stdout).backup.file).toMatch(/^s3:\/\/trek\/cron\/trek-.*\.tar\.zst$/)
  expect((await trek({ ...env, BACKUP_TO: 's3://trek/cron', PORT: '1' }, 'doctor')).stdout).toMatch(
    / s3:\/\/trek\/cron\/trek-/,
  )
  expect(await trek(env, 'backup', `s3://${second}`)).toMatchObject({
    code: 1,
    stderr: expect.stringMatching(/already exists/),
  })

  storage.misbehave(/^PUT/, ...Array.from({ length: 20 }, () => 'error' as const))
  expect(await trek(env, 'backup', PLACE)).toMatchObject({
    code: 1,
    stderr: expect.stringMatching(/^Error: The storage at .* answered with an error/),
  })
  expect([backups(), storage.uploads.size]).toEqual([[second], 0])
  storage.misbehave(/^GET/, 'cut')

  const other = await placeOn(sqlite)
  const elsewhere = { ...other.env, ...inFolder() }
  expect(await trek(elsewhere, 'restore', 's3://trek/backups/nothing')).toMatchObject({
    code: 1,
    stderr: expect.stringMatching(/does not exist/),
  })
  for (const place of ['s3://trek/backups', PLACE]) {
    expect((await trek(elsewhere, 'verify', place)).stderr).toBe(
      `Error: s3://trek/backups is a place in storage. Give a backup in it, such as s3://${second}.\n`,
    )
  }
  expect(await trek(elsewhere, 'restore', `s3://${second}`)).toMatchObject({ code: 0, stderr: '' })
  expect(await rowsOf(other)).toEqual(await rowsOf(instance))
  const database = openDatabase(databaseOf(other))
  const restores = database.kysely.selectFrom('audit').select(['subject', 'way']).where('event', '=', 'backup_restored')
  expect(await restores.execute()).toEqual([{ subject: second.slice('trek/backups/'.length), way: 'cli' }])
  await database.close()
  expect(filesOf(other)).toEqual(filesOf(instance))
}, 120_000)

test('a restore that is interrupted leaves nothing that the owner of DATA_DIR cannot use', async () => {
  const instance = await placeOn(sqlite)
  const { serving } = await createInstanceWithTrip(instance)
  await end(serving)
  const env = { ...instance.env, ...inFolder() }
  expect(await trek(env, 'backup', PLACE)).toMatchObject({ code: 0 })
  rmSync(join(instance.dataDir, 'trek-backup.lock'))
  giveAway(instance.dataDir)
  storage.requests.length = 0
  storage.misbehave(/^GET .*tar\.zst/, 'hang')
  const words = ['restore', `s3://${backups()[0]}`, '--replace']
  const { child, ended } = launchTrek(env, ...words)
  await until(() => storage.requests.some((line) => /^GET .*tar\.zst/.test(line)))
  child.kill('SIGINT')
  expect(await ended).toEqual({ code: null, stdout: '', stderr: '' })
  const work = expect.stringMatching(/^work-.*\.part$/)
  expect(readdirSync(instance.dataDir)).toEqual(expect.arrayContaining([work, 'trek-backup.lock']))
  expect(takenIn(instance.dataDir)).toEqual([])
}, 60_000)

test('unfinished uploads of killed backups are ended by the next backup, once they are older than a day', async () => {
  const instance = await placeOn(sqlite)
  const id = await createInstance(instance)
  const env = { ...instance.env, ...inFolder() }
  const [HOUR, DAY] = [3_600_000, 86_400_000]
  // By the clock of the storage, which is that of its dates.
  storage.clockAheadMs = 10 * 60_000
  const begin = (name: string, age: number) =>
    storage.uploads.set(`of ${name}`, {
      key: `trek/${name}`,
      initiated: new Date(Date.now() + storage.clockAheadMs - age),
      parts: new Map(),
    })
  const named = (instanceId: string) => nameAt(new Date(Date.now() - DAY), instanceId, false)
  const old = `backups/${named(id)}`
  const stay = [
    `backups/${named(randomUUID())}`,
    'backups/by-hand.tar.zst',
    `backups/deeper/${named(id)}`,
    `elsewhere/${named(id)}`,
  ]
  for (const name of [old, ...stay]) begin(name, DAY + HOUR)
  const recent = `backups/${nameAt(new Date(), id, true)}`
  begin(recent, DAY - HOUR)
  const left = [...stay, recent].map((name) => `of ${name}`)

  // Not every storage lists them, and not every key may: the backup is made anyway.
  storage.lacks.add('list of uploads')
  expect(await trek(env, 'backup', PLACE)).toMatchObject({ code: 0, stderr: '' })
  expect(storage.uploads.size).toBe(left.length + 1)
  storage.lacks.clear()
  expect(await trek(env, 'backup', PLACE)).toMatchObject({ code: 0, stderr: '' })
  expect([...storage.uploads.keys()].sort()).toEqual(left.sort())
  expect(backups()).toHaveLength(2)
}, 120_000)

test('a backup includes uploads in storage, and a restore writes them to the storage of the new instance', async () => {
  const instance = await placeOn(sqlite)
  const own = { ...storageSettings(storage), FILES_URL: 's3://trek/one' }
  const { serving, tripId } = await createInstanceWithTrip({ ...instance, env: own } as typeof instance)
  await end(serving)
  const uploads = (place: string) =>
    new Map(
      [...storage.objects].flatMap(([name, { bytes }]) =>
        /[0-9a-f-]{36}$/.test(name) && name.startsWith(place) ? [[name.slice(place.length), String(bytes)]] : [],
      ),
    )
  expect([...uploads('trek/one/').values()]).toEqual(['the ticket'])
  const backup = join(instance.dataDir, '..', 'backup.tar.zst')
  expect(JSON.parse((await trek({ ...instance.env, ...own }, 'backup', backup, '--json')).stdout).backup.files).toBe(1)

  const other = await placeOn(sqlite)
  const elsewhere = { ...storageSettings(storage), FILES_URL: 's3://trek/two' }
  expect(await trek({ ...other.env, ...elsewhere }, 'restore', backup)).toMatchObject({ code: 0, stderr: '' })
  expect(uploads('trek/two/')).toEqual(uploads('trek/one/'))
  const again = await serve({ ...other, env: elsewhere })
  expect(await (await assistantOf(again)).tool('get_trip_summary', { tripId })).toContain('ticket.txt')
  await end(again)

  // A restore does not fill the bucket of another instance.
  const third = await placeOn(sqlite)
  await end(await serve({ ...third, env: { ...elsewhere, FILES_URL: 's3://trek/three' } }))
  rmSync(third.dataDir, { recursive: true })
  expect(await trek({ ...third.env, ...elsewhere, FILES_URL: 's3://trek/three' }, 'restore', backup)).toMatchObject({
    code: 1,
    stderr: expect.stringMatching(/contains the uploads of another instance/),
  })
}, 120_000)
