import { mkdirSync, mkdtempSync, readdirSync, rmSync, utimesSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { buffer } from 'node:stream/consumers'
import { afterAll, beforeEach, expect, test } from 'vitest'
import { backupsInFolder } from './folder.ts'
import { nameAt } from './names.ts'

const folder = mkdtempSync(join(tmpdir(), 'trek-folder-'))
const put = (name: string, text = '') => writeFileSync(join(folder, name), text)

beforeEach(() => {
  for (const name of readdirSync(folder)) rmSync(join(folder, name), { recursive: true })
})
afterAll(() => rmSync(folder, { recursive: true }))

test('what TREK has named is listed, the newest first, and read by its name alone', async () => {
  const [old, newer] = [new Date('2027-04-05T03:00:00.900Z'), new Date('2027-04-06T03:00:00Z')]
  put(nameAt(old, false), 'old')
  put(nameAt(newer, true), 'newer')
  put('trek-notes.tar.zst')
  put(`${nameAt(new Date('2027-04-07T03:00:00Z'), false)}.part`)
  mkdirSync(join(folder, 'trek-2027-04-08T03-00-00Z.tar.zst'))
  expect(await backupsInFolder(folder).list()).toEqual([
    { name: 'trek-2027-04-06T03-00-00Z.tar.zst.age', size: 5, made_at: '2027-04-06T03:00:00.000Z', encrypted: true },
    { name: 'trek-2027-04-05T03-00-00Z.tar.zst', size: 3, made_at: '2027-04-05T03:00:00.000Z', encrypted: false },
  ])
  expect(await backupsInFolder(join(folder, 'nowhere')).list()).toEqual([])
  const found = await backupsInFolder(folder).open(nameAt(old, false))
  expect([found?.size, found && String(await buffer(found.bytes))]).toEqual([3, 'old'])
  for (const name of ['nothing', nameAt(new Date(), false), 'trek-2027-04-08T03-00-00Z.tar.zst']) {
    expect(await backupsInFolder(folder).open(name)).toBeNull()
  }
})

test('the newest stay, and what was cut off goes when nobody writes it any more', async () => {
  const names = [1, 2, 3].map((day) => nameAt(new Date(Date.UTC(2027, 3, day)), false))
  for (const name of names) put(name)
  const [cutOff, written] = names.map((name) => `${name}.part`) as [string, string]
  for (const name of [cutOff, written, 'holiday.part']) put(name)
  const longAgo = Date.now() / 1000 - 2 * 3600
  for (const name of [cutOff, 'holiday.part']) utimesSync(join(folder, name), longAgo, longAgo)
  expect(await backupsInFolder(folder).keepNewest(2)).toEqual([names[0]])
  expect(readdirSync(folder).sort()).toEqual(['holiday.part', names[1], written, names[2]])
  expect(await backupsInFolder(join(folder, 'nowhere')).keepNewest(2)).toEqual([])
})

test('a folder that is not there, or is none, is told', async () => {
  put('file')
  expect(await backupsInFolder(folder).problem()).toBeNull()
  for (const name of ['nowhere', 'file']) {
    expect(await backupsInFolder(join(folder, name)).problem()).toMatch(/is not there\. Make it, or mount its disk/)
  }
})
