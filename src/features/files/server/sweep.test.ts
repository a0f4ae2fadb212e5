import { existsSync, mkdirSync, readdirSync, readFileSync, statSync, utimesSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { afterEach, expect, test, vi } from 'vitest'
import { PIXEL, uploaded } from '../../../../test/fixtures/samples/files.ts'
import { eachInstance, type TestServer } from '../../../../test/harness/rigs/accounts.ts'
import { makeUser } from '../../../../test/harness/rigs/world.ts'
import { until } from '../../../../test/harness/until.ts'
import type { FileStore } from '../../../core/data/files.ts'
import { SYSTEM } from '../../../core/data/space.ts'
import type { JobScene } from '../../../core/run/feature.ts'
import { Jobs } from '../../../core/run/jobs.ts'
import type { Pipeline } from '../../../core/run/pipeline.ts'
import { SettingsView } from '../../../core/run/settings.ts'
import { create_trip, update_trip } from '../../trips/contract/index.ts'
import * as contract from '../contract/index.ts'
import { files } from './index.ts'
import { sweep } from './sweep.ts'

const PDF = Buffer.from('%PDF-1.7\n%%EOF\n')
const HOUR = 3_600_000
const DAY = 24 * HOUR
const START = Date.UTC(2027, 3, 5)

type Line = [message: string, details: Record<string, unknown>]

afterEach(() => void vi.useRealTimers())

test('nothing is swept in the first hour after a start; then the sweep runs every hour', async () => {
  vi.useFakeTimers()
  let lookCount = 0
  const keys = () => {
    lookCount++
    return Readable.from([])
  }
  const settings = { current: async () => new SettingsView([]) }
  const jobs = new Jobs({
    features: [
      files({ files: { keys, quarantined: () => Readable.from([]) } as unknown as FileStore, addressOf: () => null }),
    ],
    pipeline: { parts: { settings } } as unknown as Pipeline,
    onError: (error) => {
      throw error
    },
    log: () => {},
    lease: { hold: async () => true, release: async () => {} },
  })
  jobs.start()
  await vi.advanceTimersByTimeAsync(HOUR - 1000)
  expect(lookCount).toBe(0)
  await vi.advanceTimersByTimeAsync(1000)
  expect(lookCount).toBe(1)
  await vi.advanceTimersByTimeAsync(HOUR)
  expect(lookCount).toBe(2)
  await jobs.close()
})

eachInstance(({ withServer, another }) => {
  async function scene(server: TestServer) {
    const { pipeline, database, services } = server
    const run = pipeline.run.bind(pipeline)
    const folder = join(server.config.dataDir, 'files')
    const ana = await makeUser(database, 'Ana')
    const { id: tripId } = (await run(create_trip, { title: 'Kyoto' }, ana)).trip
    const upload = async (bytes = PDF) => {
      const file = await uploaded(services.files, bytes, 'ticket.pdf')
      const { id } = (await run(contract.upload_file, { tripId, file }, ana)).file
      keptAt(file.key, START)
      return { id, key: file.key }
    }
    const cover = async () => {
      const file = await uploaded(services.files, PIXEL, 'x.gif')
      const { cover_image } = (await run(contract.upload_trip_cover, { tripId, file }, ana)).trip
      keptAt(file.key, START)
      return { key: file.key, cover_image }
    }
    const remove = (fileId: number) => run(contract.delete_file, { tripId, fileId }, ana)
    const path = (...names: string[]) => join(folder, ...names)
    const keptAt = (name: string, at: number) => utimesSync(path(name), at / 1000, at / 1000)
    /** Writes a file without the server. */
    const plant = (name: string, at = START) => {
      mkdirSync(path('quarantine'), { recursive: true })
      writeFileSync(path(name), name)
      keptAt(name, at)
      return name
    }
    const whereIs = (name: string) => {
      if (existsSync(path(name))) return 'in place'
      return existsSync(path('quarantine', name)) ? 'in quarantine' : 'gone'
    }
    const isKnown = async (key: string) => (await services.files.known([key])).has(key)
    const read = async (key: string) => {
      const stored = await services.files.read(key)
      return stored && Buffer.concat(await stored.bytes.toArray())
    }
    /** Sweeps at a time after the start and returns the log. `onQuery` runs after each query for the keys in use. */
    const sweepAt = async (after: number, onQuery?: (keys: readonly string[]) => Promise<unknown>): Promise<Line[]> => {
      const lines: Line[] = []
      const scene: JobScene = {
        now: new Date(START + after),
        log: (message, details) => void lines.push([message, details]),
        async run(operation, input) {
          const answer = await run(operation, input, SYSTEM)
          await onQuery?.((answer as { keys: string[] }).keys)
          return answer
        },
      }
      await sweep(services.files).run(scene)
      return lines
    }
    const parts = { run, folder, ana, tripId, upload, cover, remove }
    return { ...server, ...parts, path, keptAt, plant, whereIs, isKnown, read, sweepAt }
  }

  const QUARANTINED = 'A file that no row refers to was moved into quarantine'
  const DELETED = 'A file was deleted for good after 30 days in quarantine'
  const BROUGHT_BACK = 'A file was brought back from quarantine, because a row refers to it again'
  const STRANGERS = expect.stringMatching(
    /^The upload folder holds files that this database has never known. They are left/,
  )

  test('files unknown to this database are left alone, however old they are', () =>
    withServer(async (server) => {
      const { upload, plant, path, sweepAt, whereIs } = await scene(server)
      const { key } = await upload()
      const [foreignKey, cutOff, otherFile] = [crypto.randomUUID(), `${crypto.randomUUID()}.part`, crypto.randomUUID()]
      for (const name of [foreignKey, cutOff, join('quarantine', otherFile), 'notes.txt'])
        plant(name, START - 400 * DAY)
      for (const after of [2 * HOUR, 10 * DAY, 100 * DAY]) {
        expect(await sweepAt(after)).toEqual([[STRANGERS, expect.objectContaining({ count: 3 })]])
        expect([foreignKey, cutOff, 'notes.txt', key].map(whereIs)).toEqual(Array(4).fill('in place'))
        expect(whereIs(otherFile)).toBe('in quarantine')
      }
      expect(readFileSync(path(foreignKey), 'utf8')).toBe(foreignKey)
      expect(statSync(path(foreignKey)).mtimeMs).toBe(START - 400 * DAY)
    }))

  test('a deleted file stays in quarantine for 30 days before its bytes and its key are deleted; each step is logged', () =>
    withServer(async (server) => {
      const { upload, remove, sweepAt, whereIs, isKnown, plant } = await scene(server)
      const [keptKey, deletedKey] = [await upload(), await upload()]
      await remove(deletedKey.id)
      expect(await sweepAt(HOUR - 1000)).toEqual([])
      expect(whereIs(deletedKey.key)).toBe('in place')
      expect(await sweepAt(25 * HOUR)).toEqual([
        [
          QUARANTINED,
          { key: deletedKey.key, bytes: PDF.length, age_hours: 25, delete_after: '2027-05-06T01:00:00.000Z' },
        ],
      ])
      expect([keptKey.key, deletedKey.key].map(whereIs)).toEqual(['in place', 'in quarantine'])
      expect(await sweepAt(25 * HOUR + 30 * DAY - 1000)).toEqual([])
      expect(whereIs(deletedKey.key)).toBe('in quarantine')
      expect(await sweepAt(25 * HOUR + 30 * DAY)).toEqual([
        [DELETED, { key: deletedKey.key, bytes: PDF.length, quarantined_at: '2027-04-06T01:00:00.000Z' }],
      ])
      expect([keptKey.key, deletedKey.key].map(whereIs)).toEqual(['in place', 'gone'])
      expect([await isKnown(keptKey.key), await isKnown(deletedKey.key)]).toEqual([true, false])
      // A file that an operator puts back is not deleted again.
      plant(deletedKey.key)
      await sweepAt(100 * DAY)
      expect(whereIs(deletedKey.key)).toBe('in place')
    }))

  test('a file in quarantine is restored when a row names it again, even on the last day', () =>
    withServer(async (server) => {
      const { cover, run, tripId, ana, sweepAt, whereIs, read } = await scene(server)
      const [first, second] = [await cover(), await cover()]
      await sweepAt(2 * HOUR)
      expect([first.key, second.key].map(whereIs)).toEqual(['in quarantine', 'in place'])
      await run(update_trip, { tripId, cover_image: first.cover_image }, ana)
      expect(await sweepAt(2 * HOUR + 31 * DAY)).toEqual([
        [QUARANTINED, expect.objectContaining({ key: second.key })],
        [BROUGHT_BACK, { key: first.key, bytes: PIXEL.length }],
      ])
      expect([first.key, second.key].map(whereIs)).toEqual(['in place', 'in quarantine'])
      expect(await read(first.key)).toEqual(PIXEL)
    }))

  test('a requested file is restored from quarantine at once: a restored database has its files', () =>
    withServer(async (server) => {
      const { upload, remove, sweepAt, whereIs, database, app, ana, tripId } = await scene(server)
      const { id, key } = await upload()
      const rows = () => database.kysely.selectFrom('trip_files').selectAll()
      const row = await rows().where('id', '=', id).executeTakeFirstOrThrow()
      await remove(id)
      await sweepAt(2 * HOUR)
      expect(whereIs(key)).toBe('in quarantine')
      const { id: _, ...restored } = row
      await database.kysely
        .insertInto('trip_files')
        .values(restored as never)
        .execute()
      const { id: fileId } = await rows().where('key', '=', key).executeTakeFirstOrThrow()
      const { token } = await server.newToken(ana.userId)
      const answers = await Promise.all(
        [1, 2, 3].map(() =>
          app.inject({
            url: `/api/trips/${tripId}/files/${fileId}/content`,
            headers: { host: 'localhost', authorization: `Bearer ${token}` },
          }),
        ),
      )
      for (const answer of answers) expect([answer.statusCode, answer.rawPayload]).toEqual([200, PDF])
      expect(whereIs(key)).toBe('in place')
      await sweepAt(100 * DAY)
      expect(whereIs(key)).toBe('in place')
    }))

  test('an upload whose row appears between the query and the move is not lost', () =>
    withServer(async (server) => {
      const { services, run, tripId, ana, keptAt, sweepAt, whereIs, read } = await scene(server)
      const file = await uploaded(services.files, PDF, 'slow.pdf')
      keptAt(file.key, START)
      let isLate = true
      await sweepAt(2 * HOUR, async (unused) => {
        if (!isLate || !unused.includes(file.key)) return
        isLate = false
        await run(contract.upload_file, { tripId, file }, ana)
      })
      expect(isLate).toBe(false)
      expect([whereIs(file.key), await read(file.key)]).toEqual(['in place', PDF])
    }))

  test('a file stays if a row names it just before its final deletion', () =>
    withServer(async (server) => {
      const { cover, run, tripId, ana, sweepAt, whereIs, read } = await scene(server)
      const [first] = [await cover(), await cover()]
      await sweepAt(2 * HOUR)
      let isLate = true
      await sweepAt(60 * DAY, async (unused) => {
        if (!isLate || !unused.includes(first.key)) return
        isLate = false
        await run(update_trip, { tripId, cover_image: first.cover_image }, ana)
      })
      expect(isLate).toBe(false)
      expect(await read(first.key)).toEqual(PIXEL)
      expect(whereIs(first.key)).toBe('in place')
    }))

  test('the remains of an upload after a crash are found and swept in the same way', () =>
    withServer(async (server) => {
      const { services, folder, keptAt, sweepAt, whereIs, isKnown } = await scene(server)
      const bytes = new Readable({ read() {} })
      const upload = services.files.keep(bytes, 1000).catch((error: Error) => error.message)
      bytes.push('half')
      const name = (await until(() =>
        existsSync(folder) ? readdirSync(folder).find((one) => one.endsWith('.part')) : null,
      )) as string
      const key = name.slice(0, -'.part'.length)
      await until(() => statSync(join(folder, name)).size === 4)
      expect(await isKnown(key)).toBe(true)
      keptAt(name, START)
      await sweepAt(2 * HOUR)
      expect([whereIs(name), await services.files.read(key)]).toEqual(['in quarantine', null])
      await sweepAt(2 * HOUR + 30 * DAY)
      expect([whereIs(name), await isKnown(key)]).toEqual(['gone', false])
      bytes.destroy(new Error('gone'))
      expect(await upload).toBe('gone')
    }))

  test('only the server itself can query which keys are unused', () =>
    withServer(async (server) => {
      const { run, ana } = await scene(server)
      await expect(run(contract.list_unused_keys, { keys: [] }, ana)).rejects.toMatchObject({ code: 'forbidden' })
    }))

  test('two processes that sweep concurrently move and delete each file once', () =>
    withServer(async (server) => {
      const { upload, remove, sweepAt, whereIs, config } = await scene(server)
      const second = await scene(await another({ DATA_DIR: config.dataDir }))
      const keptKey = await upload()
      const deletedKeys = await Promise.all(Array.from({ length: 20 }, () => upload()))
      for (const { id } of deletedKeys) await remove(id)
      const sweepBoth = async (after: number) => (await Promise.all([sweepAt(after), second.sweepAt(after)])).flat()
      const keysOf = (lines: Line[], message: string) =>
        lines.filter(([text]) => text === message).map(([, { key }]) => key)
      const keys = deletedKeys.map(({ key }) => key).sort()
      expect(keysOf(await sweepBoth(2 * HOUR), QUARANTINED).sort()).toEqual(keys)
      expect(keys.map(whereIs)).toEqual(keys.map(() => 'in quarantine'))
      expect(keysOf(await sweepBoth(2 * HOUR + 30 * DAY), DELETED).sort()).toEqual(keys)
      expect(keys.map(whereIs)).toEqual(keys.map(() => 'gone'))
      expect(whereIs(keptKey.key)).toBe('in place')
    }))
})
