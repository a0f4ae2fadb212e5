import { type ChildProcess, execFile, spawn } from 'node:child_process'
import { createHash } from 'node:crypto'
import { once } from 'node:events'
import { existsSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { promisify } from 'node:util'
import { afterEach, beforeEach, describe, expect, onTestFinished, test } from 'vitest'
import { SERVER } from '../../bench/processes.ts'
import { bucketPlace, type FilesPlace, folderPlace } from '../../src/adapters/files-place.ts'
import { readConfig } from '../../src/config.ts'
import { moveFiles } from '../../src/files-move.ts'
import { openProduct, type Product } from '../../src/product.ts'
import { PIXEL } from '../fixtures/samples/files.ts'
import { ENGINES, type Place } from '../harness/databases.ts'
import { times } from '../harness/prove.ts'
import { startStorage, storageSettings, type TestStorage } from '../harness/s3.ts'
import { end, killServers, type Serving, serve, tokenFor } from '../harness/serving.ts'
import { until } from '../harness/until.ts'

/** An instance whose uploads lie in S3-compatible storage, and how they get there and back. */

const KEY = '5e'.repeat(32)
const run = promisify(execFile)

describe.each(ENGINES)('on $engine', ({ engine, place: find }) => {
  let storage: TestStorage
  let place: Place
  const places: Place[] = []
  const told: string[] = []
  const newPlace = async () => {
    const found = await find()
    places.push(found)
    return found
  }
  beforeEach(async () => {
    storage = await startStorage()
    place = await newPlace()
    told.length = 0
  })
  afterEach(async () => {
    killServers()
    await storage.close()
    for (const one of places.splice(0)) await one.remove()
  })

  const urlOf = ({ target }: Place) => (engine === 'postgres' ? target : '')
  const settings = (at = place, more: Record<string, string> = {}) => ({
    DATA_DIR: at.folder,
    DATABASE_URL: urlOf(at),
    ENCRYPTION_KEY: KEY,
    ...more,
  })
  const inStorage = () => storageSettings(storage)
  const open = (more: Record<string, string> = inStorage(), at = place, newInstance = false): Promise<Product> =>
    openProduct(readConfig(settings(at, more)), {
      failed: () => {},
      server: { told: (what: string) => void told.push(what), newInstance },
    })
  const start = async (...args: Parameters<typeof open>) => (await open(...args)).close()
  const keep = async ({ outside }: Product, text: string) =>
    (await outside.files.keep(Readable.from([Buffer.from(text)]), 100)).key
  const textOf = async ({ outside }: Product, key: string) => {
    const found = await outside.files.read(key)
    return found && Buffer.concat(await found.bytes.toArray()).toString()
  }
  const trek = async (more: Record<string, string>, ...args: string[]) => {
    const env = { PATH: process.env.PATH ?? '', ...settings(place, { ...inStorage(), FILES_URL: '', ...more }) }
    try {
      return { code: 0, ...(await run(process.execPath, [SERVER, ...args], { env })) }
    } catch (error) {
      return error as { code: number; stdout: string; stderr: string }
    }
  }
  const to = () => inStorage().FILES_URL
  const move = async (...args: string[]) => {
    const { code, stdout } = await trek({}, 'files', 'move', ...args, '--json')
    return { code, ...JSON.parse(stdout) }
  }
  const names = () => [...storage.objects.keys()].map((name) => name.replace('trek/files/', '')).sort()

  describe('a start', () => {
    test('marks an empty bucket, and the next one finds what was uploaded', async () => {
      const first = await open()
      const key = await keep(first, 'one')
      await first.close()
      expect(names()).toEqual([key, 'folder-id', 'instance-id'].sort())
      const second = await open()
      expect(await textOf(second, key)).toBe('one')
      await second.close()
      expect(told).toEqual([])
      expect(existsSync(join(place.folder, 'files'))).toBe(false)
    })

    test('refuses the bucket of another instance, and an instance of which only the bucket is left', async () => {
      await start()
      const other = await newPlace()
      await start({}, other)
      await expect(start(inStorage(), other)).rejects.toThrow(
        /s3:\/\/trek\/files belong to another instance .* Look at FILES_URL and DATABASE_URL/,
      )
      const empty = await newPlace()
      for (const newInstance of [false, true]) {
        await expect(start(inStorage(), empty, newInstance)).rejects.toThrow(
          /s3:\/\/trek\/files holds the uploads of an instance, but the database is empty.*set FILES_URL to another address/,
        )
      }
      expect(existsSync(join(empty.folder, 'trek.db'))).toBe(false)
    })

    test('refuses a bucket without the uploads that the database knows, and says how they get there', async () => {
      const before = await open({})
      const key = await keep(before, 'one')
      await before.close()
      await expect(start()).rejects.toThrow(
        /The database knows uploads, and s3:\/\/trek\/files does not hold those .*trek files move --from folder --to s3:\/\/trek\/files/,
      )
      expect([names(), existsSync(join(place.folder, 'files', key))]).toEqual([[], true])
    })

    test('waits for storage that is away, and not for settings that are wrong', async () => {
      await storage.stop()
      const starting = open()
      await until(() => told.length > 0, 20_000, 'it says that it waits')
      await storage.start()
      await (await starting).close()
      expect(told).toEqual([expect.stringMatching(/^Waiting for the storage of uploads: .*cannot be reached/)])
      await expect(start({ ...inStorage(), S3_SECRET_KEY: 'wrong' })).rejects.toThrow(/look at S3_SECRET_KEY/)
    })

    test('of a second server needs the same bucket', async () => {
      const env = inStorage()
      const serving = await serve({ dataDir: place.folder, ...(engine === 'postgres' && { url: place.target }), env })
      for (const more of [{}, storageSettings(storage, 'elsewhere')]) {
        await expect(start(more)).rejects.toThrow(
          /Another server of this instance is running, and it keeps the uploads in another/,
        )
      }
      await start()
      expect(await end(serving)).toBe(0)
    })
  })

  test('people upload and download over HTTP, and are told when the storage is away', async () => {
    const env = inStorage()
    const kept = { dataDir: place.folder, ...(engine === 'postgres' && { url: place.target }) }
    const serving = await serve({ ...kept, env: { ...env, APP_URL: 'http://localhost' } })
    const authorization = `Bearer ${await tokenFor(kept)}`
    const call = (path: string, init: RequestInit = {}) =>
      fetch(`http://127.0.0.1:${serving.port}${path}`, { ...init, headers: { authorization, ...init.headers } })
    const trips = await call('/api/trips', {
      method: 'POST',
      body: JSON.stringify({ title: 'Kyoto' }),
      headers: { 'content-type': 'application/json' },
    })
    const { trip } = (await trips.json()) as { trip: { id: number } }
    const upload = (method: string, what: string, bytes: Buffer, name: string) => {
      const body = new FormData()
      body.append('file', new Blob([new Uint8Array(bytes)]), name)
      return call(`/api/trips/${trip.id}/${what}`, { method, body })
    }
    const pdf = Buffer.concat([Buffer.from('%PDF-1.4\n'), Buffer.alloc(12_000_000, 'trek'), Buffer.from('\n%%EOF\n')])
    const { file } = (await (await upload('POST', 'files', pdf, 'Pass.pdf')).json()) as {
      file: { id: number; size: number }
    }
    expect(file.size).toBe(pdf.length)
    const content = `/api/trips/${trip.id}/files/${file.id}/content`
    const download = await call(content)
    const digest = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex')
    expect(digest(new Uint8Array(await download.arrayBuffer()))).toBe(digest(pdf))
    const head = await call(content, { method: 'HEAD' })
    expect([head.status, head.headers.get('content-length')]).toEqual([200, String(pdf.length)])
    const covered = (await (await upload('PUT', 'cover', PIXEL, 'cover.gif')).json()) as {
      trip: { cover_image: string }
    }
    expect(Buffer.from(await (await call(covered.trip.cover_image)).arrayBuffer()).equals(PIXEL)).toBe(true)
    expect(storage.objects.size).toBe(4)
    expect(readdirSync(place.folder).filter((name) => name.startsWith('upload-'))).toEqual([])

    await storage.stop()
    const refused = await upload('POST', 'files', PIXEL, 'late.gif')
    expect([refused.status, refused.headers.get('retry-after')]).toEqual([503, '60'])
    expect(await refused.json()).toMatchObject({ code: 'unavailable' })
    expect((await call(content)).status).toBe(503)
    expect((await call(`/api/trips/${trip.id}`)).status).toBe(200)
    await storage.start()
    expect((await call(content)).status).toBe(200)
    expect(serving.printed()).toMatch(/Files cannot be kept: .*The storage at 127\.0\.0\.1/)
    expect(serving.printed()).not.toContain(env.S3_SECRET_KEY)
    expect(await end(serving)).toBe(0)
  })

  describe('a move', () => {
    const QUARANTINED = new Date('2027-04-05T06:07:08.009Z')
    /** An instance with files in its folder: two in place, one in quarantine, and one of another database. */
    async function filled() {
      const product = await open({})
      const [one, two, old] = [await keep(product, 'one'), await keep(product, 'two'), await keep(product, 'old')]
      await product.outside.files.quarantine(old, QUARANTINED)
      await product.close()
      const strange = '0a1b2c3d-0000-4000-8000-000000000000'
      writeFileSync(join(place.folder, 'files', strange), 'of somebody else')
      return { one, two, old, strange }
    }
    const quarantined = async ({ outside }: Product) => {
      const all: [string, number][] = []
      for await (const { key, since } of outside.files.quarantined()) all.push([key, since])
      return all
    }

    test('copies all there is, with its moment, to storage and back, and can be done again', async () => {
      const { one, two, old, strange } = await filled()
      expect(await move('--to', to())).toMatchObject({
        code: 0,
        copied: 3,
        there: 0,
        unknown: 1,
        missing: 0,
        deleted: 0,
      })
      expect(await move('--to', to())).toMatchObject({ code: 0, copied: 0, there: 3 })
      expect(names().filter((name) => name.includes(strange))).toEqual([])
      const there = await open()
      expect([await textOf(there, one), await textOf(there, two), await quarantined(there)]).toEqual([
        'one',
        'two',
        [[old, QUARANTINED.getTime()]],
      ])
      const later = await keep(there, 'later')
      await there.close()
      expect(told).toEqual([])

      const back = await trek({ FILES_URL: to() }, 'files', 'move', '--to', 'folder')
      expect(back.stdout).toMatch(/^1 files .* were copied to .*files, and 3 were there already/)
      expect(back.stdout).toContain('Take FILES_URL out of the settings, then start the server.')
      const again = await open({})
      expect([await textOf(again, later), await quarantined(again)]).toEqual(['later', [[old, QUARANTINED.getTime()]]])
      await again.close()
      expect([told, statSync(join(place.folder, 'files', later)).mode & 0o777]).toEqual([[], 0o600])
    })

    test('deletes where the files came from only when that is wanted, and nothing of another database', async () => {
      const { one, strange } = await filled()
      const files = join(place.folder, 'files')
      await move('--to', to())
      expect(existsSync(join(files, one))).toBe(true)
      expect(await move('--to', to(), '--delete-source')).toMatchObject({ code: 0, copied: 0, deleted: 3 })
      expect([readdirSync(files).sort(), readdirSync(join(files, 'quarantine'))]).toEqual([
        [strange, 'folder-id', 'instance-id', 'quarantine'],
        [],
      ])
      const there = await open()
      expect(await textOf(there, one)).toBe('one')
      await there.close()
    })

    test('that was cut off is no place to start with, and goes on', async () => {
      const { one } = await filled()
      storage.misbehave(/^PUT \/trek\/files\/quarantine/, ...Array<'error'>(5).fill('error'))
      const cut = await trek({}, 'files', 'move', '--to', to())
      expect([cut.code, cut.stderr]).toEqual([1, expect.stringContaining('answered with an error (500 InternalError')])
      await expect(start()).rejects.toThrow(/Not all uploads have been moved to s3:\/\/trek\/files yet/)
      expect(await move('--to', to())).toMatchObject({ code: 0, copied: 1, there: 2 })
      const there = await open()
      expect(await textOf(there, one)).toBe('one')
      await there.close()
    })

    test('copies again what is not the same there, and compares what it wrote', async () => {
      const { one } = await filled()
      await move('--to', to())
      const object = storage.objects.get(`trek/files/${one}`) as { bytes: Buffer }
      storage.objects.set(`trek/files/${one}`, { ...object, bytes: Buffer.from('eno'), sha256: null } as never)
      expect(await move('--to', to())).toMatchObject({ code: 0, copied: 1, there: 2 })
      storage.objects.delete(`trek/files/${one}`)
      storage.lacks.add('kept checksums')
      storage.misbehave(new RegExp(`^GET /trek/files/${one}`), 'changed')
      expect(await move('--to', to())).toMatchObject({
        code: 1,
        error: { message: expect.stringContaining('as it was written') },
      })
      expect(await move('--to', to())).toMatchObject({ code: 0, copied: 0, there: 3 })
    })

    test('is not made while a server runs, to the place of another instance, or from a folder that lost its files', async () => {
      await filled()
      const serving = await serve({ dataDir: place.folder, ...(engine === 'postgres' && { url: place.target }) })
      const beside = await move('--to', to())
      expect(beside).toMatchObject({ code: 1, error: { message: expect.stringContaining('Stop it first') } })
      await end(serving)
      const other = await newPlace()
      await start(inStorage(), other)
      const foreign = await move('--to', to())
      expect(foreign).toMatchObject({
        code: 1,
        error: { message: expect.stringContaining('belong to another instance') },
      })
      rmSync(join(place.folder, 'files'), { recursive: true })
      const lost = await trek({}, 'files', 'move', '--to', `${to()}/own`)
      expect([lost.code, lost.stderr]).toEqual([1, expect.stringContaining('none of them is in')])
      const wrong = await trek({}, 'files', 'move', '--to', '/mnt/files')
      expect([wrong.code, wrong.stderr]).toEqual([2, expect.stringContaining('neither folder nor an address')])
    })

    test('beside which a server was started is not over', async () => {
      const { one } = await filled()
      const product = await openProduct(readConfig(settings(place)), { failed: () => {} })
      const [from, target] = [folderPlace(place.folder), bucketPlace(to(), readConfig(settings(place, inStorage())))]
      let serving: Serving | undefined
      const beside: FilesPlace = {
        ...from,
        async digestOf(file) {
          if (!serving) {
            serving = await serve({ dataDir: place.folder, ...(engine === 'postgres' && { url: place.target }) })
            await until(() => product.database.processes.living().length > 0, 10_000, 'it is seen')
          }
          return from.digestOf(file)
        },
      }
      const moving = () => moveFiles(product.database, { from: beside, to: target, deleteSource: true, told: () => {} })
      await expect(moving()).rejects.toThrow(/was started meanwhile/)
      if (serving) await end(serving)
      expect(existsSync(join(place.folder, 'files', one))).toBe(true)
      expect(await moving()).toMatchObject({ copied: 0, there: 3, deleted: 3 })
      await product.close()
      await target.close()
    })

    test.each([
      ['to storage', false],
      ['to the folder', true],
    ])(
      '%s, killed at any moment, leaves the old place as it was, and the next one finishes',
      {
        timeout: 600_000,
      },
      async (_, isBack) => {
        const [oldPlace, newPlaceOf] = isBack ? [inStorage(), {}] : [{}, inStorage()]
        const product = await open(oldPlace)
        const keys: string[] = []
        for (let at = 0; at < 40; at++) keys.push(await keep(product, `file ${at}`))
        await product.close()
        const folder = join(place.folder, 'files')
        const listed = () => (isBack ? names() : readdirSync(folder).sort())
        const before = listed()
        const set = { FILES_URL: '', ...oldPlace }
        const target = isBack ? 'folder' : to()
        const rounds = times(2, 50)
        const children: ChildProcess[] = []
        onTestFinished(() => {
          for (const child of children) child.kill('SIGKILL')
        })
        for (let round = 0; round < rounds; round++) {
          storage.asked.length = 0
          const child = spawn(process.execPath, [SERVER, 'files', 'move', '--to', target], {
            env: { PATH: process.env.PATH ?? '', ...settings(place, { ...inStorage(), ...set }) },
          })
          children.push(child)
          const ended = once(child, 'exit')
          const moment = 1 + Math.floor(((round + 1) / (rounds + 1)) * (isBack ? 80 : 120))
          await until(() => storage.asked.length >= moment || child.exitCode !== null, 30_000, 'it has come so far')
          child.kill('SIGKILL')
          await ended
          expect(listed()).toEqual(before)
          // Another server would tell that the other place counts from now on; this one only looks.
          const there = await open(newPlaceOf).catch((error: Error) => error.message)
          if (typeof there === 'string') {
            expect(there).toMatch(/Not all uploads have been moved|The database knows uploads/)
          } else if (isBack && keys.every((key) => !existsSync(join(folder, key)))) {
            // A folder may be empty: nothing has been moved yet, and the start has said so.
            expect(told.at(-1)).toMatch(/there are none in/)
            await there.close()
          } else {
            for (const [at, key] of keys.entries()) expect(await textOf(there, key)).toBe(`file ${at}`)
            await there.close()
          }
        }
        const { code, stdout } = await trek(set, 'files', 'move', '--to', target, '--delete-source', '--json')
        expect([code, JSON.parse(stdout)]).toMatchObject([0, { deleted: 40, missing: 0 }])
        const there = await open(newPlaceOf)
        for (const [at, key] of keys.entries()) expect(await textOf(there, key)).toBe(`file ${at}`)
        await there.close()
        expect(listed()).toEqual([])
      },
    )
  })

  test('the doctor says whether the storage can be used', async () => {
    await start()
    const examine = async (more: Record<string, string> = {}) => {
      const { stdout } = await trek({ ...inStorage(), PORT: '1', ...more }, 'doctor', '--json')
      const { checks } = JSON.parse(stdout) as { checks: { check: string; health: string; says: string }[] }
      return Object.fromEntries(checks.map(({ check, health, says }) => [check, { health, says }]))
    }
    expect(await examine()).toMatchObject({ uploads: { health: 'ok', says: to() }, storage: { health: 'ok' } })
    expect(await examine({ S3_SECRET_KEY: 'wrong' })).toMatchObject({
      uploads: { health: 'failed' },
      storage: { health: 'failed', says: expect.stringContaining('look at S3_SECRET_KEY') },
    })
    expect(await examine({ FILES_URL: 's3://trek/other' })).toMatchObject({ storage: { health: 'ok' } })
    storage.clockAheadMs = 20 * 60_000
    expect(await examine()).toMatchObject({ storage: { says: expect.stringContaining('differ by 20 minutes') } })
    await storage.stop()
    expect(await examine()).toMatchObject({ storage: { says: expect.stringContaining('cannot be reached') } })
    await storage.start()
    expect(names().filter((name) => name.startsWith('doctor-'))).toEqual([])
    // A command that needs no uploads does not need the storage either.
    storage.clockAheadMs = 0
    await storage.stop()
    expect((await trek(inStorage(), 'user', 'list')).code).toBe(0)
    await storage.start()
  })
})
