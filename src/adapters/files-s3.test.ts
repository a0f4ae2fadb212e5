import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest'
import { STORAGE, startStorage, type TestStorage } from '../../test/harness/storage/s3.ts'
import type { FileStore, KeptBytes, KeyRecord } from '../core/data/files.ts'
import { keysInMemory } from './files.ts'
import { filesInBucket } from './files-s3.ts'
import { bodyOf, type S3Client, s3Client } from './s3/index.ts'

/** Object storage differs from a folder: a move takes two steps, and answers can get lost. */

let storage: TestStorage
let folder: string
let client: S3Client
let record: KeyRecord
let files: FileStore
const warnings: string[] = []
beforeAll(async () => {
  storage = await startStorage()
  folder = mkdtempSync(join(tmpdir(), 'trek-files-'))
  client = s3Client({ ...STORAGE, endpoint: storage.url, pathStyle: true, retryMs: 1 })
  record = keysInMemory()
  files = filesInBucket({ client, prefix: 'files/' }, record, {
    ...{ bytesPerUser: 1, folder, reserve: 0, mark: null },
    warn: (warning) => void warnings.push(warning),
  })
})
afterEach(() => {
  storage.objects.clear()
  warnings.length = 0
})
afterAll(async () => {
  await client.close()
  await storage.close()
  rmSync(folder, { recursive: true, force: true })
})

const NOW = new Date('2027-04-05T06:07:08.009Z')
const storeText = async (text = 'one') => (await files.keep(Readable.from([Buffer.from(text)]), 100)).key
const names = () => [...storage.objects.keys()].map((name) => name.replace('trek/files/', '')).sort()
const quarantined = async () => {
  const list: KeptBytes[] = []
  for await (const file of files.quarantined()) list.push(file)
  return list
}
const textOf = async (key: string) => {
  const stored = await files.read(key)
  return stored && Buffer.concat(await stored.bytes.toArray()).toString()
}

test('a file is stored unchanged despite storage errors', async () => {
  storage.misbehave(/^PUT /, 'slow down', 'reset', 'lost')
  const key = await storeText('one two')
  expect([names(), await textOf(key)]).toEqual([[key], 'one two'])
})

test('an upload that the storage refuses leaves neither bytes nor key', async () => {
  storage.misbehave(/^PUT /, 'lost', 'error', 'error', 'error', 'error')
  await expect(storeText()).rejects.toMatchObject({ code: 'unavailable', retryAfter: 60 })
  expect(names()).toEqual([])
  expect(warnings).toEqual([expect.stringMatching(/^Files cannot be kept: .*InternalError/)])
})

test('an interrupted move into quarantine is repeated, and the time of the last one counts', async () => {
  const key = await storeText()
  storage.misbehave(/^DELETE /, ...Array<'error'>(5).fill('error'))
  await expect(files.quarantine(key, new Date(NOW.getTime() - 29 * 86_400_000))).rejects.toMatchObject({
    code: 'unavailable',
  })
  expect(names()).toHaveLength(2)
  expect(await files.quarantine(key, NOW)).toBe(true)
  expect([await quarantined(), await textOf(key)]).toEqual([[{ key, size: 3, since: NOW.getTime() }], 'one'])
})

test('a file read from quarantine is in both places until the sweep, which deletes only the quarantined copy', async () => {
  const key = await storeText()
  await files.quarantine(key, NOW)
  expect(await textOf(key)).toBe('one')
  expect(names()).toEqual([key, `quarantine/${key}/2027-04-05T06-07-08.009Z`])
  expect(await files.deleteQuarantined(key)).toBe(false)
  expect([names(), (await files.known([key])).has(key)]).toEqual([[key], true])
  await files.quarantine(key, NOW)
  await textOf(key)
  expect([await files.bringBack(key), names()]).toEqual([true, [key]])
})

test('a file that another program copied into quarantine counts from its time of writing', async () => {
  const key = crypto.randomUUID()
  await client.put(`files/quarantine/${key}`, bodyOf(Buffer.from('one')))
  const [quarantinedFile] = await quarantined()
  expect(quarantinedFile).toMatchObject({
    key,
    size: 3,
    since: storage.objects.get(`trek/files/quarantine/${key}`)?.modified.getTime(),
  })
  expect([await files.bringBack(key), await textOf(key), await quarantined()]).toEqual([true, 'one', []])
})

test('a download resumes where the storage broke off, and one without a reader ends', async () => {
  const key = await storeText('one two three')
  storage.misbehave(/^GET /, 'cut')
  expect(await textOf(key)).toBe('one two three')
  const stored = await files.read(key)
  stored?.bytes.destroy()
  expect(await textOf(key)).toBe('one two three')
})

test('the sweep lists every file, even across many pages', async () => {
  const object = { bytes: Buffer.from('x'), etag: 'e', modified: NOW, sha256: null }
  for (let count = 0; count < 1500; count++) {
    storage.objects.set(`trek/files/${crypto.randomUUID()}`, object)
    storage.objects.set(`trek/files/quarantine/${crypto.randomUUID()}/2027-04-05T06-07-08.009Z`, object)
  }
  storage.objects.set('trek/files/instance-id', object)
  let listedCount = 0
  for await (const { since } of files.keys()) listedCount += Number(since === NOW.getTime())
  expect([listedCount, (await quarantined()).length]).toEqual([1500, 1500])
})
