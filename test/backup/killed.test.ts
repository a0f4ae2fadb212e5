import { existsSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { sql } from 'kysely'
import { describe, expect, test } from 'vitest'
import { openDatabase } from '../../src/db/connect.ts'
import { ENGINES } from '../harness/database/databases.ts'
import { createInstanceWithTrip, filesOf, placeOn, rowsOf } from '../harness/processes/instances.ts'
import { databaseOf, end, type InstanceData } from '../harness/processes/serving.ts'
import { type CommandResult, launch, launchTrek, trek } from '../harness/processes/trek.ts'
import { some, times } from '../harness/prove.ts'

const KILLS = times(1, 24)
const TIMEOUT = times(180_000, 1_800_000)

/** Runs a command again and again, kills it each time at another moment, and calls `look` after each run. */
async function killed(
  run: (nth: number) => Parameters<typeof trek>,
  check: (nth: number, result: CommandResult) => Promise<void>,
) {
  const began = performance.now()
  const completeRun = await trek(...run(0))
  expect(completeRun).toMatchObject({ code: 0 })
  await check(0, completeRun)
  const durationMs = performance.now() - began
  for (let nth = 1; nth <= KILLS; nth++) {
    const { child, ended } = launchTrek(...run(nth))
    // Spread over the whole run, and a little beyond (the golden ratio leaves no gap).
    await Promise.race([pause(durationMs * ((nth * 0.618) % 1.1)), ended])
    child.kill('SIGKILL')
    await check(nth, await ended)
  }
}

for (const engine of some(ENGINES)) {
  describe(`on ${engine.engine}`, { timeout: TIMEOUT }, () => {
    test('a killed backup leaves a whole file or none, and the next one succeeds', async () => {
      const instance = await placeOn(engine)
      const { serving, assistant } = await createInstanceWithTrip(instance)
      const folder = join(instance.dataDir, '..')
      const nameOf = (nth: number) => join(folder, `${nth}.tar.zst`)
      await killed(
        (nth) => [instance.env, 'backup', nameOf(nth)],
        async (nth) => {
          if (existsSync(nameOf(nth)))
            expect(await trek(instance.env, 'verify', nameOf(nth))).toMatchObject({ code: 0 })
          await assistant.tool('create_trip', { title: `Trip ${nth}` })
        },
      )
      expect(await trek(instance.env, 'backup', join(folder, 'last'))).toMatchObject({ code: 0 })
      expect(await trek(instance.env, 'verify', join(folder, 'last'))).toMatchObject({ code: 0 })
      expect(readdirSync(instance.dataDir).filter((name) => name.startsWith('work'))).toEqual([])
      await end(serving)
    })

    test('a killed restore leaves the old data or the restored data, and the next one succeeds', async () => {
      const instance = await placeOn(engine)
      const { serving, assistant } = await createInstanceWithTrip(instance)
      const folder = join(instance.dataDir, '..')
      const backups = ['one', 'two'].map((name) => join(folder, name))
      for (const backup of backups) {
        await assistant.tool('create_trip', { title: backup })
        expect(await trek(instance.env, 'backup', backup)).toMatchObject({ code: 0 })
      }
      await end(serving)
      const files = filesOf(instance)
      const states = []
      for (const backup of backups) {
        expect(await trek(instance.env, 'restore', backup, '--replace')).toMatchObject({ code: 0 })
        states.push({ backup, rows: await rowsOf(instance) })
      }
      const [one, two] = states
      if (!one || !two) throw new Error('there are two')
      let [now, next] = [two, one]
      await killed(
        () => [instance.env, 'restore', next.backup, '--replace'],
        async () => {
          // Any command finishes an interrupted restore whose backup had been read in full.
          expect(await trek(instance.env, 'addon', 'list')).toMatchObject({ code: 0, stderr: '' })
          const rows = await rowsOf(instance)
          if (JSON.stringify(rows) !== JSON.stringify(now.rows)) {
            expect(rows).toEqual(next.rows)
            ;[now, next] = [next, now]
          }
          expect(filesOf(instance)).toEqual(files)
          expect(readdirSync(instance.dataDir)).not.toContain('restored')
        },
      )
      expect(await trek(instance.env, 'restore', next.backup, '--replace')).toMatchObject({ code: 0 })
      expect(await rowsOf(instance)).toEqual(next.rows)
    })
  })
}

test.each(ENGINES)(
  'a killed update on $engine leaves the old version or the new one, and the next start updates to the new one',
  { timeout: TIMEOUT },
  async (engine) => {
    const instance = await placeOn(engine)
    const { serving, assistant, tripId } = await createInstanceWithTrip(instance)
    for (let nth = 0; nth < 50; nth++) await assistant.tool('create_place', { tripId, name: `Place ${nth}` })
    await end(serving)
    const start = (version: number) => launch(UPDATE, instance.env, String(version))
    const began = performance.now()
    expect(await start(1).ended).toMatchObject({ code: 0 })
    const durationMs = performance.now() - began
    for (let version = 2; version <= KILLS + 1; version++) {
      const { child, ended } = start(version)
      await Promise.race([pause(durationMs * ((version * 0.618) % 1.1)), ended])
      child.kill('SIGKILL')
      await ended
      expect([version - 1, version]).toContain(await laterColumnsIn(instance))
      expect(await start(version).ended).toMatchObject({ code: 0, stderr: '' })
      expect(await laterColumnsIn(instance)).toBe(version)
    }
  },
)

const UPDATE = join(import.meta.dirname, '../harness/processes/update-process.ts')

/** The number of columns that later versions have added; each must be complete. */
async function laterColumnsIn(instance: InstanceData): Promise<number> {
  const database = openDatabase(databaseOf(instance))
  try {
    const tables = await database.kysely.introspection.getTables()
    const places = tables.find(({ name }) => name === 'places')
    const added = places?.columns.filter(({ name }) => name.startsWith('later_')).map(({ name }) => name) ?? []
    for (const column of added) {
      const unlike = sql`select id from places where ${sql.ref(column)} is distinct from name`
      expect((await unlike.execute(database.kysely)).rows).toEqual([])
    }
    return added.length
  } finally {
    await database.close()
  }
}

test('a killed move leaves the instance in its old place or its new one, and the next one succeeds', {
  timeout: TIMEOUT,
}, async () => {
  const [sqlite, postgres] = ENGINES
  const instance = await placeOn(sqlite)
  const { url = '' } = await placeOn(postgres)
  const { serving } = await createInstanceWithTrip(instance)
  await end(serving)
  const rows = await rowsOf(instance)
  const target = { ...instance, url, env: { ...instance.env, DATABASE_URL: url } }
  const isFile = () => existsSync(join(instance.dataDir, 'trek.db'))
  await killed(
    () => [instance.env, 'move', '--to', url],
    async () => {
      if (isFile()) {
        const [old, now] = [await trek(instance.env, 'addon', 'list'), await trek(target.env, 'addon', 'list')]
        expect([old.code, now.code]).not.toEqual([0, 0])
        expect(await rowsOf(instance)).toEqual(rows)
        expect(await trek(instance.env, 'move', '--to', url)).toMatchObject({ code: 0 })
      }
      expect(await rowsOf(target)).toEqual(rows)
      expect(await trek(target.env, 'addon', 'list')).toMatchObject({ code: 0 })
      expect(await trek(target.env, 'move', '--to', 'sqlite')).toMatchObject({ code: 0 })
      expect(await rowsOf(instance)).toEqual(rows)
    },
  )
  expect(await trek(instance.env, 'move', '--to', url)).toMatchObject({ code: 0 })
  await killed(
    () => [target.env, 'move', '--to', 'sqlite'],
    async () => {
      const [old, now] = [await trek(target.env, 'addon', 'list'), await trek(instance.env, 'addon', 'list')]
      expect([old.code, now.code]).not.toEqual([0, 0])
      if (now.code) expect(await trek(target.env, 'move', '--to', 'sqlite')).toMatchObject({ code: 0 })
      expect(await rowsOf(instance)).toEqual(rows)
      expect(await trek(instance.env, 'move', '--to', url)).toMatchObject({ code: 0 })
      expect(await rowsOf(target)).toEqual(rows)
    },
  )
})
