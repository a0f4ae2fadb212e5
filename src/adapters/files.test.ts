import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, statSync, utimesSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { FileStore, KeptBytes, KeyRecord } from '../core/data/files.ts'
import { filesIn, keysInMemory } from './files.ts'

let folder: string
let record: KeyRecord
let files: FileStore
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'trek-files-'))
  record = keysInMemory()
  files = filesIn(join(folder, 'files'), record)
})
afterAll(() => rmSync(folder, { recursive: true, force: true }))

const left = () => readdirSync(join(folder, 'files'))
const listed = async (found: ReturnType<FileStore['keys']>) => {
  const all: KeptBytes[] = []
  for await (const one of found) all.push(one)
  return all
}
const keysOf = async (found = files.keys()) => (await listed(found)).map(({ key }) => key)
const known = async (key: string) => (await files.known([key])).has(key)
const textOf = async (key: string, part?: { start: number; end: number }) => {
  const found = await files.read(key, part)
  return found && { text: Buffer.concat(await found.bytes.toArray()).toString(), size: found.size }
}

test('what was kept is there whole or in part, until it is dropped', async () => {
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

test('what is too large or breaks off leaves nothing', async () => {
  await files.keep(Readable.from([Buffer.alloc(10)]), 10).then(({ key }) => files.drop(key))
  await expect(files.keep(Readable.from([Buffer.alloc(6), Buffer.alloc(5)]), 10)).rejects.toMatchObject({
    code: 'invalid',
    details: { max_bytes: 10 },
  })
  async function* broken() {
    yield Buffer.alloc(3)
    throw new Error('gone')
  }
  await expect(files.keep(Readable.from(broken()), 10)).rejects.toThrow('gone')
  expect(left()).toEqual([])
})

test('what a crash has left behind is known by its key and can be dropped', async () => {
  const key = crypto.randomUUID()
  writeFileSync(join(folder, 'files', `${key}.part`), 'half')
  writeFileSync(join(folder, 'files', 'notes.txt'), 'of somebody else')
  expect([await files.read(key), await keysOf()]).toEqual([null, [key]])
  await files.quarantine(key, new Date())
  expect([await files.bringBack(key), await files.read(key), await keysOf(files.quarantined())]).toEqual([
    false,
    null,
    [key],
  ])
  await files.drop(key)
  expect(left().filter((name) => name !== 'quarantine')).toEqual(['notes.txt'])
})

test('a key is on record before its first byte, and for as long as there are bytes', async () => {
  const added: [string, boolean][] = []
  const watched = filesIn(join(folder, 'watched'), {
    ...record,
    async add(key) {
      await record.add(key)
      added.push([key, existsSync(join(folder, 'watched'))])
    },
  })
  const { key } = await watched.keep(Readable.from([Buffer.from('one')]), 10)
  expect([added, await known(key)]).toEqual([[[key, false]], true])
  expect(await files.known([key, crypto.randomUUID()])).toEqual(new Set([key]))
  await watched.drop(key)
  expect(await known(key)).toBe(false)
  await expect(watched.keep(Readable.from([Buffer.alloc(11)]), 10)).rejects.toMatchObject({ code: 'invalid' })
  expect(await known(added[1]?.[0] as string)).toBe(false)
})

test('what cannot be put on record is not kept', async () => {
  const add = () => Promise.reject(new Error('no database'))
  const unrecorded = filesIn(join(folder, 'unrecorded'), { ...record, add })
  const bytes = Readable.from([Buffer.from('one')])
  await expect(unrecorded.keep(bytes, 10)).rejects.toThrow('no database')
  expect([bytes.destroyed, existsSync(join(folder, 'unrecorded'))]).toEqual([true, false])
})

test('what goes into quarantine is out of the way, knows since when, and comes back whole', async () => {
  const { key } = await files.keep(Readable.from([Buffer.from('one two')]), 100)
  const path = join(folder, 'files', key)
  utimesSync(path, 0, 0)
  const now = new Date('2027-04-05T06:07:08.009Z')
  expect([await files.quarantine(key, now), await files.quarantine(key, new Date())]).toEqual([true, false])
  expect([await keysOf(), await listed(files.quarantined())]).toEqual([[], [{ key, size: 7, since: now.getTime() }]])
  expect([await files.bringBack(key), await files.bringBack(key)]).toEqual([true, false])
  expect([await keysOf(), await keysOf(files.quarantined())]).toEqual([[key], []])
  await files.quarantine(key, now)
  const both = await Promise.all([textOf(key), textOf(key, { start: 4, end: 6 })])
  expect(both).toEqual([
    { text: 'one two', size: 7 },
    { text: 'two', size: 7 },
  ])
  expect(await keysOf()).toEqual([key])
  // From the disk, not from the memory of this process.
  expect(statSync(path).mtimeMs).toBe(now.getTime())
  await files.drop(key)
})

test('what is deleted from quarantine is gone with its key; what has come back meanwhile stays', async () => {
  const [gone, back] = [
    await files.keep(Readable.from([Buffer.from('one')]), 10),
    await files.keep(Readable.from([Buffer.from('two')]), 10),
  ]
  for (const { key } of [gone, back]) await files.quarantine(key, new Date())
  await files.bringBack(back.key)
  expect(await files.deleteQuarantined(gone.key)).toBe(true)
  expect(await files.deleteQuarantined(gone.key)).toBe(false)
  expect(await files.deleteQuarantined(back.key)).toBe(false)
  expect([await known(gone.key), await known(back.key)]).toEqual([false, true])
  expect([await textOf(gone.key), await textOf(back.key)]).toEqual([null, { text: 'two', size: 3 }])
  await files.quarantine(back.key, new Date())
  await files.drop(back.key)
  expect([await textOf(back.key), await known(back.key)]).toEqual([null, false])
})

test('only keys are looked for', async () => {
  writeFileSync(join(folder, 'secret'), 'x')
  for (const key of ['../secret', 'notes.txt', '', '.', `${crypto.randomUUID()}.part`]) {
    expect(await files.read(key), key).toBeNull()
    expect(await files.quarantine(key, new Date()), key).toBe(false)
    expect(await files.deleteQuarantined(key), key).toBe(false)
    await files.drop(key)
  }
  expect(readdirSync(folder)).toContain('secret')
})

test('a folder that cannot be used is told as such, and in the log', async () => {
  const told: string[] = []
  const inTheWay = join(folder, 'in-the-way')
  writeFileSync(inTheWay, '')
  const unusable = filesIn(join(inTheWay, 'files'), record, { told: (what) => told.push(what) })
  for (let at = 0; at < 2; at++) {
    await expect(unusable.keep(Readable.from([Buffer.from('one')]), 10)).rejects.toMatchObject({
      code: 'unavailable',
      message: 'The server cannot write to its folder of uploads',
      retryAfter: 60,
    })
    await expect(unusable.read(crypto.randomUUID())).rejects.toMatchObject({
      code: 'unavailable',
      message: 'The server cannot read its folder of uploads',
      retryAfter: 60,
    })
  }
  expect(told).toEqual([
    expect.stringMatching(/^Files cannot be kept: The server cannot write to its folder of uploads \(ENOTDIR/),
    expect.stringMatching(/^Files cannot be read: The server cannot read its folder of uploads \(ENOTDIR/),
  ])
})

test('a folder without its mark is another one: a disk that is not mounted takes no uploads', async () => {
  const marked = join(folder, 'marked')
  const kept = filesIn(marked, record, { mark: 'folder-id' })
  mkdirSync(marked)
  writeFileSync(join(marked, 'folder-id'), 'id')
  const { key } = await kept.keep(Readable.from([Buffer.from('one')]), 10)
  rmSync(join(marked, 'folder-id'))
  const elsewhere = { code: 'unavailable', message: 'The folder of uploads is not where it was' }
  await expect(kept.keep(Readable.from([Buffer.from('two')]), 10)).rejects.toMatchObject(elsewhere)
  await expect(kept.read(crypto.randomUUID())).rejects.toMatchObject(elsewhere)
  expect(readdirSync(marked)).toEqual([key])
  rmSync(marked, { recursive: true })
  await expect(kept.keep(Readable.from([Buffer.from('three')]), 10)).rejects.toMatchObject(elsewhere)
  await expect(kept.read(key)).rejects.toMatchObject(elsewhere)
  expect(existsSync(marked)).toBe(false)
})
