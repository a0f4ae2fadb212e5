import { createHash } from 'node:crypto'
import { mkdirSync, mkdtempSync, readdirSync, rmSync, symlinkSync, utimesSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Readable, type Writable } from 'node:stream'
import { buffer } from 'node:stream/consumers'
import { pipeline } from 'node:stream/promises'
import { constants, zstdCompressSync } from 'node:zlib'
import { afterAll, beforeEach, expect, test } from 'vitest'
import { sealWith } from './encryption.ts'
import { backupsInFolder } from './folder.ts'
import { nameAt } from './names.ts'

const folder = mkdtempSync(join(tmpdir(), 'trek-folder-'))
const put = (name: string, bytes: string | Uint8Array = zstdCompressSync('')) =>
  writeFileSync(join(folder, name), bytes)

const ID = '3f0c5d2e-0000-4000-8000-000000000000'
const OTHER_ID = '7a11b0c4-0000-4000-8000-000000000000'
const named = (time: Date, encrypted: boolean) => nameAt(time, ID, encrypted)

/** The data folder of this instance. */
const dataDir = mkdtempSync(join(tmpdir(), 'trek-folder-data-'))
const inFolder = (path: string, of = dataDir) => backupsInFolder(path, of, 'set BACKUP_TO to another one')
const write = (text: string) => async (out: Writable) => {
  await pipeline(Readable.from([text]), out)
}

beforeEach(() => {
  for (const name of readdirSync(folder)) rmSync(join(folder, name), { recursive: true })
})
afterAll(() => {
  for (const path of [folder, dataDir]) rmSync(path, { recursive: true })
})

test('files with names by TREK are listed, the newest first, and read by name alone', async () => {
  const [old, newer] = [new Date('2027-04-05T03:00:00.900Z'), new Date('2027-04-06T03:00:00Z')]
  put(named(old, false), 'old')
  put(named(newer, true), 'newer')
  put('trek-notes.tar.zst')
  put(`${named(new Date('2027-04-07T03:00:00Z'), false)}.part`)
  mkdirSync(join(folder, 'trek-2027-04-08T03-00-00Z-3f0c5d2e.tar.zst'))
  expect(await inFolder(folder).list(ID)).toEqual([
    {
      name: 'trek-2027-04-06T03-00-00Z-3f0c5d2e.tar.zst.age',
      size: 5,
      made_at: '2027-04-06T03:00:00.000Z',
      encrypted: true,
      by_hand: false,
      damaged: true,
      unread: false,
    },
    {
      name: 'trek-2027-04-05T03-00-00Z-3f0c5d2e.tar.zst',
      size: 3,
      made_at: '2027-04-05T03:00:00.000Z',
      encrypted: false,
      by_hand: false,
      damaged: true,
      unread: false,
    },
  ])
  expect(await inFolder(join(folder, 'nowhere')).list(ID)).toEqual([])
  const file = await inFolder(folder).open(named(old, false))
  expect([file?.size, file && String(await buffer(file.bytes))]).toEqual([3, 'old'])
  for (const name of ['nothing', named(new Date(), false), 'trek-2027-04-08T03-00-00Z-3f0c5d2e.tar.zst']) {
    expect(await inFolder(folder).open(name)).toBeNull()
  }
})

test('the newest stay, and an interrupted file is removed once it is no longer written', async () => {
  const names = [1, 2, 3].map((day) => named(new Date(Date.UTC(2025, 3, day)), false))
  for (const name of names) put(name)
  const [cutOff, written] = names.map((name) => `${name}.part`) as [string, string]
  for (const name of [cutOff, written, 'holiday.part']) put(name)
  const longAgo = Date.now() / 1000 - 2 * 3600
  for (const name of [cutOff, 'holiday.part']) utimesSync(join(folder, name), longAgo, longAgo)
  expect(await inFolder(folder).keepNewest(ID, 2, names[2] ?? '')).toEqual({
    removed: [names[0]],
    ahead: [],
    unread: [],
  })
  expect(readdirSync(folder).sort()).toEqual(['holiday.part', names[1], written, names[2]])
  expect(await inFolder(join(folder, 'nowhere')).keepNewest(ID, 2, '')).toEqual({ removed: [], ahead: [], unread: [] })
})

test('the backup just made stays, and ones dated in the future neither count nor are removed', async () => {
  const [old, older, made, later] = [-2 * 86_400_000, -86_400_000, 0, 60_000].map((ms) =>
    named(new Date(Date.now() + ms), false),
  ) as [string, string, string, string]
  const nameAhead = 'trek-2999-01-01T00-00-00Z-3f0c5d2e.tar.zst'
  for (const name of [old, older, made, later, nameAhead]) put(name)
  expect(await inFolder(folder).keepNewest(ID, 3, made)).toEqual({ removed: [old], ahead: [nameAhead], unread: [] })
  expect(await inFolder(folder).keepNewest(ID, 1, made)).toEqual({
    removed: [later, older],
    ahead: [nameAhead],
    unread: [],
  })
  expect(readdirSync(folder).sort()).toEqual([made, nameAhead])
})

test('backups made by hand and scheduled ones are counted apart', async () => {
  const days = [1, 2, 3, 4].map((day) => new Date(Date.UTC(2025, 3, day)))
  const scheduled = days.map((day) => nameAt(day, ID, false))
  const byHand = days.map((day) => nameAt(new Date(day.getTime() + 60_000), ID, true, true))
  for (const name of [...scheduled, ...byHand]) put(name)
  expect((await inFolder(folder).list(ID)).map(({ by_hand }) => by_hand).reverse()).toEqual(
    days.flatMap(() => [false, true]),
  )
  expect((await inFolder(folder).keepNewest(ID, 3, byHand[3] ?? '')).removed.toSorted()).toEqual(
    [byHand[0], scheduled[0]].toSorted(),
  )
  // The one just made stays, also if its clock was wrong.
  expect((await inFolder(folder).keepNewest(ID, 1, byHand[1] ?? '')).removed.toSorted()).toEqual(
    [byHand[2], byHand[3], scheduled[1], scheduled[2]].toSorted(),
  )
  expect(readdirSync(folder).sort()).toEqual([byHand[1], scheduled[3]].sort())
})

test('backups of another instance, and what it is still writing, are neither listed nor counted nor removed', async () => {
  const days = [1, 2, 3].map((day) => new Date(Date.UTC(2025, 3, day)))
  const [own, others] = [days.map((day) => named(day, false)), days.map((day) => nameAt(day, OTHER_ID, false))]
  const unnamed = [
    'trek-2026-13-45T99-99-99Z-3f0c5d2e.tar.zst',
    'trek-2025-02-30T00-00-00Z-3f0c5d2e.tar.zst',
    'trek-2025-04-01T00-00-00Z.tar.zst',
    'trek-2025-04-02T00-00-00Z-3f0c5d2.tar.zst',
  ]
  const cutOff = [...others, ...unnamed].map((name) => `${name}.part`)
  for (const name of [...own, ...others, ...unnamed, ...cutOff]) put(name)
  const longAgo = Date.now() / 1000 - 2 * 3600
  for (const name of cutOff) utimesSync(join(folder, name), longAgo, longAgo)
  expect((await inFolder(folder).list(ID)).map(({ name }) => name)).toEqual(own.toReversed())
  expect((await inFolder(folder).list(OTHER_ID)).map(({ name }) => name)).toEqual(others.toReversed())
  expect(await inFolder(folder).keepNewest(ID, 1, own[2] ?? '')).toEqual({
    removed: [own[1], own[0]],
    ahead: [],
    unread: [],
  })
  expect(readdirSync(folder).sort()).toEqual([own[2], ...others, ...unnamed, ...cutOff].sort())
})

test('what is no whole backup does not count, and stays: an empty file, another one, or one that was cut off', async () => {
  // Cannot be compressed, and is the same each time.
  const bytes = createHash('shake256', { outputLength: 300_000 }).digest()
  const plain = zstdCompressSync(bytes)
  const checked = zstdCompressSync(bytes, { params: { [constants.ZSTD_c_checksumFlag]: 1 } })
  const seal = sealWith({ passphrase: 'correct horse battery', recipient: null, identity: null })
  const sealed = await buffer(seal?.encrypted(Readable.from([plain])) ?? Readable.from([]))
  const cutOff = [plain, checked].flatMap((bytesOfBackup) => [
    bytesOfBackup.subarray(0, 4),
    bytesOfBackup.subarray(0, 200),
    bytesOfBackup.subarray(0, -1),
  ])
  const files: [bytes: Uint8Array, damaged: boolean][] = [
    ...[plain, checked, sealed, zstdCompressSync('')].map((one): [Uint8Array, boolean] => [one, false]),
    ...[Buffer.alloc(0), Buffer.from('no'), Buffer.alloc(5000, 'x'), ...cutOff].map((one): [Uint8Array, boolean] => [
      one,
      true,
    ]),
    // Room was made for the file, but its second half was never written.
    [Buffer.concat([plain.subarray(0, 150_000), Buffer.alloc(150_000)]), true],
    [sealed.subarray(0, 15), true],
    [sealed.subarray(0, 180), true],
  ]
  const names = files.map((_, index) => named(new Date(Date.UTC(2025, 3, 1 + index)), false))
  for (const [index, name] of names.entries()) put(name, files[index]?.[0])
  const backupList = await inFolder(folder).list(ID)
  expect(backupList.map(({ damaged }) => damaged).reverse()).toEqual(files.map(([, damaged]) => damaged))
  expect(await inFolder(folder).keepNewest(ID, 3, names[3] ?? '')).toEqual({
    removed: [names[0]],
    ahead: [],
    unread: [],
  })
  expect(readdirSync(folder).sort()).toEqual(names.slice(1))
})

test('an interrupted file of an instance is removed with its next backup; one of another instance may still be written, and stays', async () => {
  const other = mkdtempSync(join(tmpdir(), 'trek-folder-data-'))
  const cutOff = async (name: string, of: string) => {
    await inFolder(folder, of).removeCutOff(ID)
    const writeBegun = Promise.withResolvers<void>()
    // Like a killed process: no later step runs.
    void inFolder(folder, of).write(
      name,
      async (out) => {
        out.write('some', () => writeBegun.resolve())
        await new Promise(() => {})
      },
      4,
    )
    await writeBegun.promise
  }
  const [first, second] = [1, 2].map((day) => named(new Date(Date.UTC(2025, 3, day)), false)) as [string, string]
  await cutOff(first, dataDir)
  await cutOff('by-hand', dataDir)
  await cutOff(first, other)
  expect(readdirSync(folder)).toEqual([expect.stringMatching(/^by-hand\./), expect.stringMatching(/^trek-/)])
  await inFolder(folder).removeCutOff(ID)
  expect(await inFolder(folder).write(second, write('whole'), 5)).toBe(5)
  const namesLeft = readdirSync(folder).filter((name) => name !== second)
  expect(namesLeft).toEqual([expect.stringMatching(/^trek-2025-04-01T.*\.tar\.zst\.by-[0-9a-f]{12}\.part$/)])
  const longAgo = Date.now() / 1000 - 2 * 3600
  utimesSync(join(folder, namesLeft[0] ?? ''), longAgo, longAgo)
  await inFolder(folder).keepNewest(ID, 2, second)
  expect(readdirSync(folder)).toEqual([second])
  rmSync(other, { recursive: true })
})

test('a place that is no folder, or accepts no file, is reported', async () => {
  put('file')
  symlinkSync('/nowhere/at/all', join(folder, 'unmounted'))
  symlinkSync('circle', join(folder, 'circle'))
  symlinkSync(folder, join(folder, 'link'))
  expect(await inFolder(folder).problem()).toBeNull()
  expect(await inFolder(join(folder, 'link')).problem()).toBeNull()
  for (const slash of ['', '/']) {
    const problem = (name: string) => inFolder(join(folder, name) + slash).problem()
    expect(await problem('nowhere')).toMatch(
      /does not exist\. Create it, mount its disk, or set BACKUP_TO to another one/,
    )
    expect(await problem('file')).toMatch(/\/file is a file, but backups need a folder/)
    expect(await problem('unmounted')).toMatch(
      /\/unmounted is a link to \/nowhere\/at\/all, which does not exist\. Mount/,
    )
    expect(await problem('circle')).toMatch(/\/circle is a link to circle, which links back to it/)
  }
  const by = backupsInFolder(join(folder, 'nowhere'), dataDir)
  expect(await by.problem()).toMatch(/or give another one\.$/)
  await expect(inFolder('/proc').write('some', write('text'), 4)).rejects.toThrow(
    /The folder \/proc accepts no new file/,
  )
  const longName = 'x'.repeat(300)
  await expect(inFolder(folder).write(longName, write('text'), 4)).rejects.toThrow(
    /is too long for a file\. Give a shorter/,
  )
  await expect(inFolder(folder).open(longName)).rejects.toThrow(/cannot be read: it has a name that is too long/)
  await expect(inFolder(join(folder, 'file')).open('x')).rejects.toThrow(/cannot be read: it is not a folder, or lies/)
})

test('an error of something else than the backup does not blame its folder', async () => {
  const upload = '/data/files/3f0c5d2e-0000-4000-8000-000000000000'
  const failing = (error: object) =>
    inFolder(folder).write('some', () => Promise.reject(Object.assign(new Error('EIO: i/o error, read'), error)), 4)
  await expect(failing({ code: 'EIO', syscall: 'read', path: upload })).rejects.toThrow(/^EIO/)
  await expect(failing({ code: 'ENOSPC', syscall: 'write', path: upload })).rejects.toThrow(/^EIO/)
  await expect(failing({ code: 'EIO', syscall: 'write' })).rejects.toThrow(/some cannot be written: it lies on a disk/)
})

test('a backup that cannot be read is not called damaged: it does not count, stays, and is named', async () => {
  const [old, unread, made] = [1, 2, 3].map((day) => named(new Date(Date.UTC(2025, 3, day)), false)) as [
    string,
    string,
    string,
  ]
  for (const name of [old, made]) put(name)
  // A link to itself, which nobody can read.
  symlinkSync(unread, join(folder, unread))
  const backupList = await inFolder(folder).list(ID)
  expect(backupList.map(({ name, damaged, unread }) => [name, damaged, unread])).toEqual([
    [made, false, false],
    [unread, false, true],
    [old, false, false],
  ])
  expect(await inFolder(folder).keepNewest(ID, 1, made)).toEqual({ removed: [old], ahead: [], unread: [unread] })
  expect(readdirSync(folder).sort()).toEqual([unread, made])
})

test('a broken link is no place for a backup, and stays', async () => {
  symlinkSync('/nowhere/at/all', join(folder, 'unmounted'))
  symlinkSync('circle', join(folder, 'circle'))
  await expect(inFolder(folder).has('unmounted')).rejects.toThrow(
    /is a link to \/nowhere\/at\/all, which does not exist/,
  )
  await expect(inFolder(folder).has('circle')).rejects.toThrow(/is a link to circle, which links back to it/)
  expect(await inFolder(folder).has('nothing')).toBe(false)
})
