import { spawn } from 'node:child_process'
import { once } from 'node:events'
import {
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { Readable } from 'node:stream'
import { sql } from 'kysely'
import { afterEach, beforeEach, describe, expect, onTestFinished, test } from 'vitest'
import { SERVER } from '../../bench/processes.ts'
import { readConfig } from '../../src/config/index.ts'
import { INSTANCE } from '../../src/core/data/space.ts'
import { Setting } from '../../src/core/run/settings.ts'
import { openDatabase } from '../../src/db/connect.ts'
import { instanceIdOf } from '../../src/db/epoch.ts'
import { migrate } from '../../src/db/migrate.ts'
import { MIGRATIONS } from '../../src/migrations.generated.ts'
import { openProduct } from '../../src/product.ts'
import { ENGINES, type Place } from '../harness/database/databases.ts'
import { end, killServers, serve } from '../harness/processes/serving.ts'
import { times } from '../harness/prove.ts'
import { until } from '../harness/until.ts'

/** Database, uploads and key belong together: the cases in which they are mixed. */

describe.each(ENGINES)('on $engine', ({ engine, place: find }) => {
  let dataDir: string
  let place: Place
  const places: Place[] = []
  const startWarnings: string[] = []
  const newPlace = async () => {
    const added = await find()
    places.push(added)
    return added
  }
  beforeEach(async () => {
    dataDir = mkdtempSync(join(tmpdir(), 'trek-instances-'))
    place = await newPlace()
    startWarnings.length = 0
  })
  afterEach(async () => {
    rmSync(dataDir, { recursive: true, force: true })
    for (const one of places.splice(0)) await one.remove()
  })

  /** Starts with a database and a DATA_DIR; `server` is false for a command of the command line. */
  const open = (target: string, { newInstance = false, server = true, folder = dataDir } = {}) =>
    openProduct(
      { ...readConfig({ DATA_DIR: folder }), database: target },
      {
        onError: () => {},
        ...(server && { server: { warn: (warning: string) => void startWarnings.push(warning), newInstance } }),
      },
    )
  const start = async (target: string, options: Parameters<typeof open>[1] = {}) =>
    (await open(target, options)).close()
  const upload = async (target: string): Promise<string> => {
    const product = await open(target)
    const { key } = await product.services.files.keep(Readable.from('bytes'), 100)
    await product.close()
    return key
  }
  const files = () => join(dataDir, 'files')
  const marker = () => join(files(), 'instance-id')
  const hasFile = (key: string) => existsSync(join(files(), key))

  test('no empty database is created in place of an instance, by a server or by a command, except on request', async () => {
    const key = await upload(place.target)
    const emptyPlace = await newPlace()
    for (const server of [true, false]) {
      await expect(start(emptyPlace.target, { server })).rejects.toThrow(
        /encryption\.key and .*files of an instance, but .*--new-instance/,
      )
    }
    expect(hasFile(key)).toBe(true)
    if (engine === 'sqlite') expect(existsSync(emptyPlace.target)).toBe(false)

    await start(emptyPlace.target, { newInstance: true })
    const [setAside = ''] = readdirSync(dataDir).filter((name) => name.startsWith('before-'))
    expect(startWarnings).toEqual([`What an earlier instance has left was set aside in ${join(dataDir, setAside)}.`])
    expect(readdirSync(join(dataDir, setAside)).sort()).toEqual(['encryption.key', 'files'])
    expect(existsSync(join(dataDir, setAside, 'files', key))).toBe(true)
    // The request applies to one start only.
    await start(emptyPlace.target, { newInstance: true })
    expect(startWarnings.at(-1)).toMatch(/no effect/)
  })

  test('a start without --new-instance stops if the folder has only a key or only uploads', async () => {
    const emptyPlace = await newPlace()
    await start(place.target)
    rmSync(files(), { recursive: true })
    await expect(start(emptyPlace.target)).rejects.toThrow(/--new-instance/)
    rmSync(join(dataDir, 'encryption.key'))
    await expect(start(emptyPlace.target, { server: false })).rejects.toThrow(/Start the server first/)
    await start(emptyPlace.target)
  })

  test('the uploads of another instance stop the start, and are kept', async () => {
    const key = await upload(place.target)
    const other = await newPlace()
    const folder = join(dataDir, 'elsewhere')
    await start(other.target, { folder })
    for (const server of [true, false]) {
      await expect(start(other.target, { server })).rejects.toThrow(/belong to another instance/)
    }
    expect(hasFile(key)).toBe(true)
    await start(place.target)
  })

  test('two servers of one instance share a folder', async () => {
    const one = await open(place.target)
    const other = await open(place.target)
    const id = await instanceIdOf(one.database.kysely)
    expect(readFileSync(marker(), 'utf8')).toBe(`${id}\n`)
    expect(await other.database.epoch()).toBe(await one.database.epoch())
    await Promise.all([one.close(), other.close()])
  })

  test('a folder from before marks existed is marked if it is empty or contains a file that the database names', async () => {
    await start(place.target)
    rmSync(marker())
    await start(place.target)
    expect(existsSync(marker())).toBe(true)

    const key = await upload(place.target)
    rmSync(marker())
    await start(place.target)
    expect(existsSync(marker())).toBe(true)

    rmSync(marker())
    rmSync(join(files(), key))
    const foreignId = '0a1b2c3d-0000-4000-8000-000000000000'
    writeFileSync(join(files(), foreignId), 'of somebody else')
    await expect(start(place.target)).rejects.toThrow(/the database names none of them/)
    expect([hasFile(foreignId), existsSync(marker())]).toEqual([true, false])
    rmSync(join(files(), foreignId))
    await start(place.target)
  })

  test('the history changes with a restore, and stays with a restart', async () => {
    const epochAt = async () => {
      const product = await open(place.target)
      const epoch = await product.database.epoch()
      await product.close()
      return epoch
    }
    const firstEpoch = await epochAt()
    expect(await epochAt()).toBe(firstEpoch)
    const putBack = await place.backUp()
    expect(await epochAt()).toBe(firstEpoch)
    await putBack()
    const secondEpoch = await epochAt()
    expect(secondEpoch).not.toBe(firstEpoch)
    expect(await epochAt()).toBe(secondEpoch)
  })

  if (engine === 'sqlite') {
    test('a restore of the whole folder changes the history too', async () => {
      const folder = dirname(place.target)
      await start(place.target, { folder })
      const database = openDatabase(place.target)
      const before = await database.epoch()
      await database.close()
      const files = readdirSync(folder, { withFileTypes: true }).filter((entry) => entry.isFile())
      const copies = files.map(({ name }) => [join(folder, name), join(dataDir, name)] as const)
      for (const [from, to] of copies) copyFileSync(from, to)
      await start(place.target, { folder })
      for (const [from, to] of copies) copyFileSync(to, from)
      const product = await open(place.target, { folder })
      expect(await product.database.epoch()).not.toBe(before)
      await product.close()
    })

    /** A server’s database with very frequent upkeep of its file, and the warnings. */
    async function openDatabaseWithWarnings() {
      const warnings: string[] = []
      const database = openDatabase(place.target, { warn: (warning) => void warnings.push(warning), upkeepEvery: 20 })
      await migrate(database, MIGRATIONS)
      await database.confirmEpoch()
      const set = (key: string) => database.write(INSTANCE, (tx) => tx.insert(Setting, { key, value: true }))
      return { database, warnings, set, mark: () => readFileSync(`${place.target}-mark`, 'utf8') }
    }
    /** The same, with one setting from before a backup of the file and one from after it. */
    async function backedUp() {
      const it = await openDatabaseWithWarnings()
      const setAndFold = async (key: string) => {
        const before = it.mark()
        await it.set(key)
        await until(() => it.mark() !== before, 10_000, 'it is folded')
      }
      await setAndFold('before')
      const backup = join(dataDir, 'backup.db')
      copyFileSync(place.target, backup)
      await setAndFold('after')
      return { ...it, backup }
    }
    const sides = ['', '-wal', '-shm', '-mark']
    /** The files that a crash would leave: everything as it is on the disk now. */
    function crashed(): string {
      const folder = mkdtempSync(join(dataDir, 'crashed-'))
      for (const side of sides) {
        if (existsSync(place.target + side)) copyFileSync(place.target + side, join(folder, `trek.db${side}`))
      }
      return join(folder, 'trek.db')
    }
    const settingsIn = async (file: string) => {
      const database = openDatabase(file)
      const keys = (await database.read((tx) => tx.list(Setting, {}))).map(({ key }) => key)
      await database.close()
      return keys
    }

    test('a copy of the file alone contains the written rows', async () => {
      const { database, set } = await openDatabaseWithWarnings()
      const alone = () => {
        const copy = join(mkdtempSync(join(dataDir, 'copy-')), 'trek.db')
        copyFileSync(place.target, copy)
        return settingsIn(copy)
      }
      // The rows of the start are in the file at once.
      expect(await alone()).toEqual([])
      await set('written')
      await until(async () => (await alone()).includes('written'), 15_000, 'what was written is in the file')
      await database.close()
    })

    test('a backup is not mixed with the log of the database it replaced', async () => {
      const { database, set, mark, backup } = await backedUp()
      await set('in the log')
      const left = crashed()
      const log = readFileSync(`${left}-wal`)
      const markThen = mark()
      await database.close()
      // The log is replayed into its own database, as always.
      expect(await settingsIn(left)).toEqual(['before', 'after', 'in the log'])

      const again = crashed()
      copyFileSync(backup, again)
      writeFileSync(`${again}-wal`, log)
      writeFileSync(`${again}-mark`, markThen)
      expect(() => openDatabase(again)).toThrow(
        /trek\.db was restored, but .*-wal belongs to the database that it replaced/,
      )
      for (const side of ['-wal', '-shm']) rmSync(again + side, { force: true })
      expect(await settingsIn(again)).toEqual(['before'])
    })

    test('a restored copy from a running server is noticed after a crash', async () => {
      const { database, backup } = await backedUp()
      const before = await database.epoch()
      const left = crashed()
      await database.close()
      copyFileSync(backup, left)
      for (const side of ['-wal', '-shm']) rmSync(left + side, { force: true })
      const back = openDatabase(left)
      await back.confirmEpoch()
      expect(await back.epoch()).not.toBe(before)
      await back.close()
    })

    test('a file that is replaced under a running server stops the writes, and the server says so', async () => {
      const { database, warnings, set } = await openDatabaseWithWarnings()
      await set('before')
      renameSync(place.target, `${place.target}.moved`)
      await until(() => warnings.length > 0, 10_000, 'it says so')
      expect(warnings[0]).toMatch(/was moved or replaced while the server was running/)
      await expect(set('lost')).rejects.toMatchObject({ code: 'unavailable', outage: 'replaced' })
      await expect(database.head(INSTANCE)).rejects.toMatchObject({ code: 'unavailable' })
      await database.close()
      expect(await settingsIn(`${place.target}.moved`)).toEqual(['before'])
    })

    test('a file that a backup is copied over stops the writes, and the server says what to do', async () => {
      const { database, warnings, set, backup } = await backedUp()
      copyFileSync(backup, place.target)
      await until(() => warnings.length > 0, 10_000, 'it says so')
      expect(warnings[0]).toMatch(
        /was overwritten while the server was running.*Stop the server, copy the backup again/,
      )
      await expect(set('lost')).rejects.toMatchObject({ code: 'unavailable', outage: 'replaced' })
      await database.close()
      copyFileSync(backup, place.target)
      expect(await settingsIn(place.target)).toEqual(['before'])
    })

    test('a mark that cannot be stored in the database, as on a full disk, loses nothing and does not look like a replaced database', async () => {
      const { database, warnings, set, mark } = await openDatabaseWithWarnings()
      await set('before')
      const first = mark()
      await until(() => mark() !== first, 10_000, 'it is folded')
      await sql`create trigger full before update of copy on instance begin select raise(abort, 'no room'); end`.execute(
        database.kysely,
      )
      const knownMark = mark()
      await set('meanwhile')
      await until(() => warnings.length > 0, 10_000, 'it says so')
      expect(warnings).toEqual(['The write-ahead log cannot be written to the database file: no room.'])
      // After a crash now, the database starts as it is.
      await until(() => mark() === knownMark, 10_000, 'the mark is as it was')
      const left = crashed()
      expect(await settingsIn(left)).toEqual(['before', 'meanwhile'])
      await sql`drop trigger full`.execute(database.kysely)
      await set('after')
      await until(() => mark() !== knownMark, 10_000, 'it is folded again')
      await set('again')
      expect(warnings).toHaveLength(1)
      await database.close()
      expect(await settingsIn(place.target)).toEqual(['before', 'meanwhile', 'after', 'again'])
    })

    test('a mark of another process does not look like a replaced database', async () => {
      const { database, warnings, set } = await openDatabaseWithWarnings()
      const other = openDatabase(place.target, { warn: (warning) => void warnings.push(warning), upkeepEvery: 20 })
      await other.confirmEpoch()
      for (let at = 0; at < 40; at++) {
        await set(`setting ${at}`)
        await other.write(INSTANCE, (tx) => tx.insert(Setting, { key: `other ${at}`, value: true }))
      }
      expect(warnings).toEqual([])
      await database.close()
      await other.close()
    })

    test.each(['-wal', '-shm'])(
      'no acknowledged write is lost when the log is deleted under a running server: %s',
      async (side) => {
        const { database, warnings, set } = await openDatabaseWithWarnings()
        for (let at = 0; at < 5; at++) await set(`setting ${at}`)
        rmSync(place.target + side)
        await until(() => warnings.length > 0, 10_000, 'it says so')
        expect(warnings[0]).toContain(`trek.db${side} was deleted or replaced while the server was running`)
        await expect(set('lost')).rejects.toMatchObject({ code: 'unavailable', outage: 'replaced' })
        // A crash: no process cleans up.
        const left = crashed()
        await database.close()
        expect(await settingsIn(left)).toEqual(Array.from({ length: 5 }, (_, at) => `setting ${at}`))
      },
    )

    test('an empty file does not count as a database, and the log beside it stays', async () => {
      const folder = dirname(place.target)
      await start(place.target, { folder })
      writeFileSync(place.target, '')
      writeFileSync(`${place.target}-wal`, 'what was written')
      await expect(start(place.target, { folder })).rejects.toThrow(/--new-instance/)
      expect(readFileSync(`${place.target}-wal`, 'utf8')).toBe('what was written')
    })

    test('a start that is killed at any moment can be repeated, and several at once make one instance', {
      timeout: 120_000,
    }, async () => {
      const launch = () =>
        spawn(process.execPath, [SERVER, 'serve'], {
          env: { ...process.env, DATA_DIR: dataDir, DATABASE_URL: '', PORT: '0', LOG_LEVEL: 'error' },
          stdio: ['ignore', 'pipe', 'pipe'],
        })
      const children: ReturnType<typeof launch>[] = []
      onTestFinished(() => {
        for (const child of children) child.kill('SIGKILL')
      })
      const running = async (child: ReturnType<typeof launch>) => {
        let text = ''
        for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk) => (text += chunk))
        await until(() => text.includes('TREK is running') || child.exitCode !== null, 60_000, 'it runs')
        expect(text).toContain('TREK is running')
      }
      const database = join(dataDir, 'trek.db')
      for (const moment of [0, 10, 30, 60, 100]) {
        const child = launch()
        children.push(child)
        await until(() => existsSync(database) || child.exitCode !== null, 30_000, 'it has begun')
        await new Promise((resolve) => setTimeout(resolve, moment))
        const ended = once(child, 'exit')
        child.kill('SIGKILL')
        await ended
        for (const name of readdirSync(dataDir))
          if (name.startsWith('trek.db') && moment === 0) rmSync(join(dataDir, name))
      }
      const both = [launch(), launch()]
      children.push(...both)
      await Promise.all(both.map(running))
      for (const child of both) {
        const ended = once(child, 'exit')
        child.kill('SIGTERM')
        expect(await ended, 'a server that says that it runs stops in good order').toEqual([0, null])
      }
    })

    test('four first starts at the same moment make one instance, which starts again', {
      timeout: times(60_000, 300_000),
    }, async () => {
      onTestFinished(killServers)
      for (let round = 0; round < times(1, 12); round++) {
        const emptyFolder = mkdtempSync(join(dataDir, 'empty-'))
        const servers = await Promise.all(Array.from({ length: 4 }, () => serve({ dataDir: emptyFolder })))
        expect(await Promise.all(servers.map((serving) => end(serving)))).toEqual([0, 0, 0, 0])
        expect(await end(await serve({ dataDir: emptyFolder }))).toBe(0)
      }
    })

    test('an interrupted first start begins again', async () => {
      mkdirSync(dirname(place.target), { recursive: true })
      writeFileSync(place.target, '')
      await start(place.target)
    })

    test('a database that was removed is not created again', async () => {
      const folder = dirname(place.target)
      await start(place.target, { folder })
      for (const name of readdirSync(folder))
        if (/^(encryption\.key|files|trek\.db)$/.test(name)) rmSync(join(folder, name), { recursive: true })
      await expect(start(place.target, { folder })).rejects.toThrow(
        /trek\.db-mark of an instance, but there is no database/,
      )
    })
  }
})
