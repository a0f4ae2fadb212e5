import { randomBytes } from 'node:crypto'
import { mkdtempSync, rmSync, utimesSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { zstdCompressSync } from 'node:zlib'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { commandLine, eachInstance, HOST, PASSWORD, type TestServer } from '../../../../test/harness/rigs/accounts.ts'
import { startStorage, storageSettings, type TestStorage } from '../../../../test/harness/storage/s3.ts'
import { nameAt } from '../../../backup/names.ts'
import { instanceIdOf } from '../../../db/epoch.ts'
import { list_audit } from '../../admin/contract/index.ts'

const BYTES = zstdCompressSync(randomBytes(100_000))
const OTHER = zstdCompressSync(randomBytes(90_000))

let storage: TestStorage
let folder: string

beforeAll(async () => {
  storage = await startStorage()
  folder = mkdtempSync(join(tmpdir(), 'trek-downloads-'))
})

afterAll(async () => {
  await storage.close()
  rmSync(folder, { recursive: true })
})

/** Puts these bytes in place of the backup, some seconds later. */
const PLACES = [
  {
    place: 'a folder',
    settings: () => ({ BACKUP_TO: folder }),
    put(name: string, bytes: Buffer, second: number) {
      writeFileSync(join(folder, name), bytes)
      utimesSync(join(folder, name), second, second)
    },
  },
  {
    place: 'storage',
    settings: () => ({ ...storageSettings(storage), FILES_URL: '', BACKUP_TO: 's3://trek/backups' }),
    put(name: string, bytes: Buffer, second: number) {
      const modified = new Date(second * 1000)
      storage.objects.set(`trek/backups/${name}`, { bytes, etag: `of-${second}`, modified, sha256: null })
    },
  },
]

eachInstance((instance) => {
  describe.each(PLACES)('a backup in $place', ({ settings, put }) => {
    type Ask = (
      headers?: Record<string, string>,
      method?: 'GET' | 'HEAD',
    ) => Promise<{ status: number; bytes: Buffer; headers: Record<string, unknown> }>

    /** Runs work with a function that asks for the backup as an administrator who is logged in. */
    async function withRequests(work: (request: Ask, server: TestServer & { name: string }) => Promise<void>) {
      await instance.withServer(async (server) => {
        const { app, logIn, newUser, database } = server
        const name = nameAt(new Date('2026-01-02T03:00:00Z'), await instanceIdOf(database.kysely), false, false)
        put(name, BYTES, 1_800_000_000)
        const { username } = await newUser({ role: 'admin' })
        const { cookies } = await logIn(username, PASSWORD)
        const cookie = cookies.map(({ name, value }) => `${name}=${value}`).join('; ')
        const url = `/api/admin/backups/${name}/content`
        await work(
          async (headers = {}, method = 'GET') => {
            const answer = await app.inject({ method, url, headers: { ...HOST, cookie, ...headers } })
            return { status: answer.statusCode, bytes: answer.rawPayload, headers: answer.headers }
          },
          { ...server, name },
        )
      }, settings())
    }

    test('is sent from any byte on, so that an interrupted download can continue', () =>
      withRequests(async (request) => {
        const wholeAnswer = await request()
        expect(wholeAnswer.bytes.equals(BYTES)).toBe(true)
        expect(wholeAnswer.headers).toMatchObject({ 'accept-ranges': 'bytes', 'content-length': String(BYTES.length) })
        const rest = await request({ range: 'bytes=60000-', 'if-range': String(wholeAnswer.headers.etag) })
        expect(rest.status).toBe(206)
        expect(rest.headers).toMatchObject({
          etag: wholeAnswer.headers.etag,
          'content-range': `bytes 60000-${BYTES.length - 1}/${BYTES.length}`,
          'content-length': String(BYTES.length - 60_000),
          'content-disposition': wholeAnswer.headers['content-disposition'],
        })
        expect(Buffer.concat([wholeAnswer.bytes.subarray(0, 60_000), rest.bytes]).equals(BYTES)).toBe(true)
      }))

    test('is sent in the part that is asked for, and whole if there are several or none that can be read', () =>
      withRequests(async (request) => {
        const parts: readonly (readonly [string, number, number?])[] = [
          ['bytes=0-0', 0, 1],
          ['bytes=10-19', 10, 20],
          ['bytes=-7', -7],
          ['bytes=5-99999999', 5],
          ['bytes=-99999999', 0],
        ]
        for (const [range, start, end] of parts) {
          const { status, bytes } = await request({ range })
          expect([status, bytes.equals(BYTES.subarray(start, end))], range).toEqual([206, true])
        }
        for (const range of ['bytes=0-1,5-6', 'lines=1-2', 'bytes=x-y', 'bytes']) {
          const { status, bytes } = await request({ range })
          expect([status, bytes.equals(BYTES)], range).toEqual([200, true])
        }
      }))

    test('has nothing beyond its end, and says how long it is', () =>
      withRequests(async (request) => {
        const { status, headers, bytes } = await request({ range: `bytes=${BYTES.length}-` })
        expect([status, headers['content-range']]).toEqual([416, `bytes */${BYTES.length}`])
        expect(JSON.parse(String(bytes))).toMatchObject({
          code: 'invalid',
          detail: `The requested part is not in this file of ${BYTES.length} bytes`,
        })
      }))

    test('that was replaced meanwhile is sent whole, so that two files are never joined', () =>
      withRequests(async (request, { name }) => {
        const { etag } = (await request({}, 'HEAD')).headers
        put(name, OTHER, 1_800_000_002)
        const answer = await request({ range: 'bytes=60000-', 'if-range': String(etag) })
        expect([answer.status, answer.bytes.equals(OTHER)]).toEqual([200, true])
        expect(answer.headers.etag).not.toBe(etag)
        expect((await request({ 'if-none-match': String(etag) })).status).toBe(200)
        expect((await request({ 'if-none-match': String(answer.headers.etag) })).status).toBe(304)
      }))

    test('is named in the audit log when it is downloaded', () =>
      withRequests(async (request, { pipeline, identity, name }) => {
        await request()
        await request({ range: 'bytes=10-' })
        await identity.close()
        const { entries } = await pipeline.run(list_audit, { event: 'download_backup', limit: 2 }, commandLine)
        const entry = { title: 'Download a backup', subject: name, kind: 'administration', outcome: 'ok', way: 'web' }
        expect(entries).toMatchObject([entry, entry])
      }))

    test('is described without being read', () =>
      withRequests(async (request) => {
        const { status, headers, bytes } = await request({}, 'HEAD')
        expect([status, bytes.length, headers['content-length']]).toEqual([200, 0, String(BYTES.length)])
        expect(headers['accept-ranges']).toBe('bytes')
      }))
  })
})
