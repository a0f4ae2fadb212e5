import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { FileStore } from '../core/files.ts'
import { filesIn } from './files.ts'

let folder: string
let files: FileStore
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'trek-files-'))
  files = filesIn(join(folder, 'files'))
})
afterAll(() => rmSync(folder, { recursive: true, force: true }))

const left = () => readdirSync(join(folder, 'files'))
const keysOf = async () => {
  const keys: string[] = []
  for await (const { key } of files.keys()) keys.push(key)
  return keys
}
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
  await files.drop(key)
  expect(left()).toEqual(['notes.txt'])
})

test('only keys are looked for', async () => {
  writeFileSync(join(folder, 'secret'), 'x')
  for (const key of ['../secret', 'notes.txt', '', '.', `${crypto.randomUUID()}.part`]) {
    expect(await files.read(key), key).toBeNull()
    await files.drop(key)
  }
  expect(readdirSync(folder)).toContain('secret')
})
