import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  utimesSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { Readable } from 'node:stream'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { STORAGE, startStorage } from '../../test/harness/storage/s3.ts'
import { S3RVER, startS3rver } from '../../test/harness/storage/s3rver.ts'
import type { FileStore, KeptBytes, KeyRecord } from '../core/data/files.ts'
import { filesIn, keysInMemory } from './files.ts'
import { filesInBucket } from './files-s3.ts'
import { bodyOf, s3Client } from './s3/index.ts'

/** The storage under test. */
interface Under {
  /** The file store under a name, with an optional mark and a callback for warnings. */
  at(name: string, record: KeyRecord, options?: { mark?: string; warn?(warning: string): void }): FileStore
  /** The names of everything under a name, except the quarantine. */
  left(name: string): Promise<string[]>
  /** Writes a file past the store, beside or among its files. */
  put(path: string, text: string): Promise<void>
  remove(path: string): Promise<void>
  /** A store that cannot be reached, with a callback for warnings. */
  unusable(record: KeyRecord, warn: (warning: string) => void): FileStore
  /** Whether readers never see a partial write: s3rver copies into the object that others read. */
  readonly isAtomic: boolean
  readonly says: { write: string; read: string; reason: RegExp; elsewhere: string }
  close(): Promise<void>
}

async function aFolder(): Promise<Under> {
  const folder = mkdtempSync(join(tmpdir(), 'trek-files-'))
  return {
    at: (name, record, options) => filesIn(join(folder, name), record, options),
    async left(name) {
      const names = existsSync(join(folder, name)) ? readdirSync(join(folder, name)) : []
      return names.filter((entry) => entry !== 'quarantine')
    },
    async put(path, text) {
      mkdirSync(dirname(join(folder, path)), { recursive: true })
      writeFileSync(join(folder, path), text)
    },
    remove: async (path) => rmSync(join(folder, path)),
    unusable(record, warn) {
      writeFileSync(join(folder, 'in-the-way'), '')
      return filesIn(join(folder, 'in-the-way/files'), record, { warn })
    },
    isAtomic: true,
    says: {
      write: 'The server cannot write to its folder of uploads',
      read: 'The server cannot read its folder of uploads',
      reason: /\(ENOTDIR/,
      elsewhere: 'The folder of uploads is no longer where it was',
    },
    close: async () => rmSync(folder, { recursive: true, force: true }),
  }
}

interface Storage {
  readonly url: string
  close(): Promise<void>
}

const bucketOf = (start: () => Promise<Storage>, keys: typeof STORAGE | typeof S3RVER) => async (): Promise<Under> => {
  const storage = await start()
  const folder = mkdtempSync(join(tmpdir(), 'trek-files-'))
  const client = s3Client({ ...keys, endpoint: storage.url, pathStyle: true, retryMs: 1 })
  const unreachable = s3Client({ ...keys, endpoint: 'http://127.0.0.1:1', pathStyle: true, retryMs: 1 })
  const limits = { bytesPerUser: 1, folder, reserve: 0, mark: null, warn: () => {} }
  return {
    at: (name, record, options) => filesInBucket({ client, prefix: `${name}/` }, record, { ...limits, ...options }),
    async left(name) {
      // Temporary files of unfinished uploads must not remain either.
      const names = readdirSync(folder)
      for await (const { key } of client.list(`${name}/`)) {
        if (!key.startsWith(`${name}/quarantine/`)) names.push(key.slice(name.length + 1))
      }
      return names
    },
    put: async (path, text) => void (await client.put(path, bodyOf(Buffer.from(text)))),
    remove: (path) => client.remove(path),
    unusable: (record, warn) => filesInBucket({ client: unreachable, prefix: '' }, record, { ...limits, warn }),
    isAtomic: keys === STORAGE,
    says: {
      write: 'The server cannot write to its storage of uploads',
      read: 'The server cannot read its storage of uploads',
      reason: /\(The storage at 127\.0\.0\.1:1 cannot be reached \(ECONNREFUSED\)/,
      elsewhere: 'The storage of uploads is not the one that it was',
    },
    async close() {
      await client.close()
      await unreachable.close()
      await storage.close()
      rmSync(folder, { recursive: true, force: true })
    },
  }
}

const listFiles = async (foundFiles: ReturnType<FileStore['keys']>) => {
  const list: KeptBytes[] = []
  for await (const entry of foundFiles) list.push(entry)
  return list
}

describe.each([
  { kept: 'in a folder', open: aFolder },
  { kept: 'in storage', open: bucketOf(startStorage, STORAGE) },
  { kept: 'in s3rver', open: bucketOf(startS3rver, S3RVER) },
])('$kept', ({ open }) => {
  let under: Under
  let record: KeyRecord
  let files: FileStore
  beforeAll(async () => {
    under = await open()
    record = keysInMemory()
    files = under.at('files', record)
  })
  afterAll(() => under.close())

  const filesLeft = () => under.left('files')
  const keysOf = async (foundFiles = files.keys()) => (await listFiles(foundFiles)).map(({ key }) => key)
  const isKnown = async (key: string) => (await files.known([key])).has(key)
  const textOf = async (key: string, part?: { start: number; end: number }) => {
    const stored = await files.read(key, part)
    return stored && { text: Buffer.concat(await stored.bytes.toArray()).toString(), size: stored.size }
  }

  test('a stored file can be read completely or in part until it is deleted', async () => {
    expect(await keysOf()).toEqual([])
    const { key, size } = await files.keep(Readable.from([Buffer.from('one '), Buffer.from('two')]), 100)
    expect(size).toBe(7)
    expect(await textOf(key)).toEqual({ text: 'one two', size: 7 })
    expect(await textOf(key, { start: 4, end: 5 })).toEqual({ text: 'tw', size: 7 })
    expect(await textOf(key, { start: 50, end: 60 })).toEqual({ text: '', size: 7 })
    expect(await keysOf()).toEqual([key])
    await files.drop(key)
    await files.drop(key)
    expect([await files.read(key), await keysOf()]).toEqual([null, []])
  })

  test('an upload that is too large or breaks off leaves nothing', async () => {
    await files.keep(Readable.from([Buffer.alloc(10)]), 10).then(({ key }) => files.drop(key))
    await expect(files.keep(Readable.from([Buffer.alloc(6), Buffer.alloc(5)]), 10)).rejects.toMatchObject({
      code: 'invalid',
      details: { max_bytes: 10 },
    })
    async function* brokenStream() {
      yield Buffer.alloc(3)
      throw new Error('gone')
    }
    await expect(files.keep(Readable.from(brokenStream()), 10)).rejects.toThrow('gone')
    expect(await filesLeft()).toEqual([])
  })

  test('a key is recorded before its first byte, and as long as there are bytes', async () => {
    const added: [string, string[]][] = []
    const watched = under.at('watched', {
      ...record,
      async add(key) {
        await record.add(key)
        added.push([key, await under.left('watched')])
      },
    })
    const { key } = await watched.keep(Readable.from([Buffer.from('one')]), 10)
    expect([added, await isKnown(key)]).toEqual([[[key, []]], true])
    expect(await files.known([key, crypto.randomUUID()])).toEqual(new Set([key]))
    await watched.drop(key)
    expect(await isKnown(key)).toBe(false)
    await expect(watched.keep(Readable.from([Buffer.alloc(11)]), 10)).rejects.toMatchObject({ code: 'invalid' })
    expect(await isKnown(added[1]?.[0] as string)).toBe(false)
  })

  test('a file whose key cannot be recorded is not stored', async () => {
    const add = () => Promise.reject(new Error('no database'))
    const unrecorded = under.at('unrecorded', { ...record, add })
    const bytes = Readable.from([Buffer.from('one')])
    await expect(unrecorded.keep(bytes, 10)).rejects.toThrow('no database')
    expect([bytes.destroyed, await under.left('unrecorded')]).toEqual([true, []])
  })

  test('a quarantined file is hidden, has the time of its move, and is restored completely', async () => {
    const { key } = await files.keep(Readable.from([Buffer.from('one two')]), 100)
    const now = new Date('2027-04-05T06:07:08.009Z')
    expect([await files.quarantine(key, now), await files.quarantine(key, new Date())]).toEqual([true, false])
    expect([await keysOf(), await listFiles(files.quarantined())]).toEqual([
      [],
      [{ key, size: 7, since: now.getTime() }],
    ])
    expect([await files.bringBack(key), await files.bringBack(key)]).toEqual([true, false])
    expect([await keysOf(), await keysOf(files.quarantined())]).toEqual([[key], []])
    await files.quarantine(key, now)
    const completeText = textOf(key)
    if (!under.isAtomic) await completeText
    expect(await Promise.all([completeText, textOf(key, { start: 4, end: 6 })])).toEqual([
      { text: 'one two', size: 7 },
      { text: 'two', size: 7 },
    ])
    expect(await keysOf()).toEqual([key])
    await files.drop(key)
  })

  test('deleting from quarantine removes the file and its key; a file restored meanwhile stays', async () => {
    const [gone, back] = [
      await files.keep(Readable.from([Buffer.from('one')]), 10),
      await files.keep(Readable.from([Buffer.from('two')]), 10),
    ]
    for (const { key } of [gone, back]) await files.quarantine(key, new Date())
    await files.bringBack(back.key)
    expect(await files.deleteQuarantined(gone.key)).toBe(true)
    expect(await files.deleteQuarantined(gone.key)).toBe(false)
    expect(await files.deleteQuarantined(back.key)).toBe(false)
    expect([await isKnown(gone.key), await isKnown(back.key)]).toEqual([false, true])
    expect([await textOf(gone.key), await textOf(back.key)]).toEqual([null, { text: 'two', size: 3 }])
    await files.quarantine(back.key, new Date())
    await files.drop(back.key)
    expect([await textOf(back.key), await isKnown(back.key)]).toEqual([null, false])
  })

  test('only valid keys are looked up', async () => {
    await under.put('secret', 'x')
    await under.put('files/notes.txt', 'of somebody else')
    const key = crypto.randomUUID()
    await under.put(`files/quarantine/${key}-old`, 'of somebody else')
    for (const invalidKey of ['../secret', 'notes.txt', '', '.', `${crypto.randomUUID()}.part`, key]) {
      expect(await files.read(invalidKey), invalidKey).toBeNull()
      expect(await files.quarantine(invalidKey, new Date()), invalidKey).toBe(false)
      expect(await files.bringBack(invalidKey), invalidKey).toBe(false)
      expect(await files.deleteQuarantined(invalidKey), invalidKey).toBe(false)
      await files.drop(invalidKey)
    }
    expect([await filesLeft(), await keysOf(), await keysOf(files.quarantined())]).toEqual([['notes.txt'], [], []])
    await under.remove('secret')
    await under.remove('files/notes.txt')
    await under.remove(`files/quarantine/${key}-old`)
  })

  test('a folder that cannot be used is reported, also in the log', async () => {
    const warnings: string[] = []
    const unusable = under.unusable(record, (warning) => warnings.push(warning))
    const { write, read, reason } = under.says
    for (let attempt = 0; attempt < 2; attempt++) {
      await expect(unusable.keep(Readable.from([Buffer.from('one')]), 10)).rejects.toMatchObject({
        code: 'unavailable',
        message: write,
        retryAfter: 60,
      })
      await expect(unusable.read(crypto.randomUUID())).rejects.toMatchObject({
        code: 'unavailable',
        message: read,
        retryAfter: 60,
      })
    }
    expect(warnings.map((warning) => warning.replace(reason, '(reason'))).toEqual([
      expect.stringContaining(`Files cannot be kept: ${write} (reason`),
      expect.stringContaining(`Files cannot be read: ${read} (reason`),
    ])
  })

  test('without its mark it counts as a disk that is not mounted, and takes no uploads', async () => {
    const marked = under.at('marked', record, { mark: 'folder-id' })
    await under.put('marked/folder-id', 'id')
    const { key } = await marked.keep(Readable.from([Buffer.from('one')]), 10)
    await under.remove('marked/folder-id')
    const elsewhere = { code: 'unavailable', message: under.says.elsewhere }
    await expect(marked.keep(Readable.from([Buffer.from('two')]), 10)).rejects.toMatchObject(elsewhere)
    await expect(marked.read(crypto.randomUUID())).rejects.toMatchObject(elsewhere)
    expect(await under.left('marked')).toEqual([key])
  })
})

describe('in a folder', () => {
  let folder: string
  let files: FileStore
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'trek-files-'))
    files = filesIn(join(folder, 'files'), keysInMemory())
  })
  afterAll(() => rmSync(folder, { recursive: true, force: true }))

  test('the remains of a crash are found by their key and can be deleted', async () => {
    const key = crypto.randomUUID()
    mkdirSync(join(folder, 'files'))
    writeFileSync(join(folder, 'files', `${key}.part`), 'half')
    const keysOf = async (foundFiles: ReturnType<FileStore['keys']>) =>
      (await listFiles(foundFiles)).map((entry) => entry.key)
    expect([await files.read(key), await keysOf(files.keys())]).toEqual([null, [key]])
    await files.quarantine(key, new Date())
    expect([await files.bringBack(key), await files.read(key), await keysOf(files.quarantined())]).toEqual([
      false,
      null,
      [key],
    ])
    await files.drop(key)
    expect(readdirSync(join(folder, 'files'))).toEqual(['quarantine'])
  })

  test('the time of a move into quarantine is stored on the disk', async () => {
    const { key } = await files.keep(Readable.from([Buffer.from('one two')]), 100)
    const path = join(folder, 'files', key)
    utimesSync(path, 0, 0)
    const now = new Date('2027-04-05T06:07:08.009Z')
    await files.quarantine(key, now)
    await files.bringBack(key)
    expect([statSync(path).mtimeMs, readFileSync(path, 'utf8')]).toEqual([now.getTime(), 'one two'])
  })

  test('a missing folder is not created again', async () => {
    const marked = join(folder, 'marked')
    const store = filesIn(marked, keysInMemory(), { mark: 'folder-id' })
    const elsewhere = { code: 'unavailable', message: 'The folder of uploads is no longer where it was' }
    await expect(store.keep(Readable.from([Buffer.from('three')]), 10)).rejects.toMatchObject(elsewhere)
    await expect(store.read(crypto.randomUUID())).rejects.toMatchObject(elsewhere)
    expect(existsSync(marked)).toBe(false)
  })
})
