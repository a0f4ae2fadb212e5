import { createHash } from 'node:crypto'
import { existsSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { PIXEL } from '../fixtures/samples/files.ts'
import { ENGINES } from '../harness/database/databases.ts'
import { end, serve, tokenFor } from '../harness/processes/serving.ts'
import { some } from '../harness/prove.ts'
import { storageSettings } from '../harness/storage/s3.ts'
import { storeText, textOf, uploadsOn } from '../harness/storage/uploads.ts'
import { until } from '../harness/until.ts'

/** An instance with its uploads in S3-compatible storage. */

describe.each(ENGINES)('on $engine', (engine) => {
  const uploads = uploadsOn(engine)
  const { inStorage, names, newPlace, open, start, warnings } = uploads

  describe('a start', () => {
    test('marks an empty bucket, and the next start finds the uploads in it', async () => {
      const first = await open()
      const key = await storeText(first, 'one')
      await first.close()
      expect(names()).toEqual([key, 'folder-id', 'instance-id'].sort())
      const second = await open()
      expect(await textOf(second, key)).toBe('one')
      await second.close()
      expect(warnings).toEqual([])
      expect(existsSync(join(uploads.place.folder, 'files'))).toBe(false)
    })

    test('refuses the bucket of another instance, and an empty database with the bucket of an instance', async () => {
      await start()
      const other = await newPlace()
      await start({}, other)
      await expect(start(inStorage(), other)).rejects.toThrow(
        /s3:\/\/trek\/files belong to another instance .* Look at FILES_URL and DATABASE_URL/,
      )
      const emptyPlace = await newPlace()
      for (const newInstance of [false, true]) {
        await expect(start(inStorage(), emptyPlace, newInstance)).rejects.toThrow(
          /s3:\/\/trek\/files holds the uploads of an instance, but the database is empty.*set FILES_URL to another address/,
        )
      }
      expect(existsSync(join(emptyPlace.folder, 'trek.db'))).toBe(false)
    })

    test('refuses a bucket without the uploads that the database knows, and names the command that moves them', async () => {
      const before = await open({})
      const key = await storeText(before, 'one')
      await before.close()
      await expect(start()).rejects.toThrow(
        /The database knows uploads, and s3:\/\/trek\/files does not hold those .*trek files move --from folder --to s3:\/\/trek\/files/,
      )
      expect([names(), existsSync(join(uploads.place.folder, 'files', key))]).toEqual([[], true])
    })

    test('waits for unavailable storage, and fails at once with wrong settings', async () => {
      await uploads.storage.stop()
      const starting = open()
      await until(() => warnings.length > 0, 20_000, 'it says that it waits')
      await uploads.storage.start()
      await (await starting).close()
      expect(warnings).toEqual([expect.stringMatching(/^Waiting for the storage of uploads: .*cannot be reached/)])
      await expect(start({ ...inStorage(), S3_SECRET_KEY: 'wrong' })).rejects.toThrow(/check S3_SECRET_KEY/)
    })

    test('of a second server succeeds only with the same bucket', async () => {
      const env = inStorage()
      const serving = await serve({ ...uploads.instanceAt(), env })
      for (const more of [{}, storageSettings(uploads.storage, 'elsewhere')]) {
        await expect(start(more)).rejects.toThrow(
          /Another server of this instance is running, and it keeps the uploads in another/,
        )
      }
      await start()
      expect(await end(serving)).toBe(0)
    })
  })
})

// Nothing of this depends on the database.
describe.each(some(ENGINES))('on $engine', (engine) => {
  const uploads = uploadsOn(engine)
  const { address, inStorage, names, start, trek } = uploads

  test('people upload and download over HTTP, and get 503 while the storage is unavailable', {
    timeout: 60_000,
  }, async () => {
    const env = inStorage()
    const instance = uploads.instanceAt()
    const serving = await serve({ ...instance, env: { ...env, APP_URL: 'http://localhost' } })
    const authorization = `Bearer ${await tokenFor(instance)}`
    const call = (path: string, init: RequestInit = {}) =>
      fetch(`http://127.0.0.1:${serving.port}${path}`, { ...init, headers: { authorization, ...init.headers } })
    const trips = await call('/api/trips', {
      method: 'POST',
      body: JSON.stringify({ title: 'Kyoto' }),
      headers: { 'content-type': 'application/json' },
    })
    const { trip } = (await trips.json()) as { trip: { id: number } }
    const upload = (method: string, path: string, bytes: Buffer, name: string) => {
      const body = new FormData()
      body.append('file', new Blob([new Uint8Array(bytes)]), name)
      return call(`/api/trips/${trip.id}/${path}`, { method, body })
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
    expect(uploads.storage.objects.size).toBe(4)
    expect(readdirSync(uploads.place.folder).filter((name) => name.startsWith('upload-'))).toEqual([])

    await uploads.storage.stop()
    const refused = await upload('POST', 'files', PIXEL, 'late.gif')
    expect([refused.status, refused.headers.get('retry-after')]).toEqual([503, '60'])
    expect(await refused.json()).toMatchObject({ code: 'unavailable' })
    expect((await call(content)).status).toBe(503)
    expect((await call(`/api/trips/${trip.id}`)).status).toBe(200)
    await uploads.storage.start()
    expect((await call(content)).status).toBe(200)
    expect(serving.printed()).toMatch(/Files cannot be kept: .*The storage at 127\.0\.0\.1/)
    expect(serving.printed()).not.toContain(env.S3_SECRET_KEY)
    expect(await end(serving)).toBe(0)
  })

  test('the doctor reports whether the storage can be used', async () => {
    await start()
    const examine = async (more: Record<string, string> = {}) => {
      const { stdout } = await trek({ ...inStorage(), PORT: '1', ...more }, 'doctor', '--json')
      const { checks } = JSON.parse(stdout) as { checks: { check: string; health: string; says: string }[] }
      return Object.fromEntries(checks.map(({ check, health, says }) => [check, { health, says }]))
    }
    expect(await examine()).toMatchObject({ uploads: { health: 'ok', says: address() }, storage: { health: 'ok' } })
    expect(await examine({ S3_SECRET_KEY: 'wrong' })).toMatchObject({
      uploads: { health: 'failed' },
      storage: { health: 'failed', says: expect.stringContaining('check S3_SECRET_KEY') },
    })
    expect(await examine({ FILES_URL: 's3://trek/other' })).toMatchObject({ storage: { health: 'ok' } })
    uploads.storage.clockAheadMs = 20 * 60_000
    expect(await examine()).toMatchObject({ storage: { says: expect.stringContaining('differ by 20 minutes') } })
    await uploads.storage.stop()
    expect(await examine()).toMatchObject({ storage: { says: expect.stringContaining('cannot be reached') } })
    await uploads.storage.start()
    expect(names().filter((name) => name.startsWith('doctor-'))).toEqual([])
    // A command that needs no uploads does not need the storage either.
    uploads.storage.clockAheadMs = 0
    await uploads.storage.stop()
    expect((await trek(inStorage(), 'user', 'list')).code).toBe(0)
    await uploads.storage.start()
  })
})
