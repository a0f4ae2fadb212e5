import { chownSync, existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, statSync, utimesSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { leaseOnFile } from '../db/leases.ts'
import { inReadingFolder } from './reading.ts'

let dataDir: string
beforeEach(() => {
  dataDir = mkdtempSync(join(tmpdir(), 'trek-reading-'))
  // Without root, no other user can own it.
  if (process.getuid?.() === 0) chownSync(dataDir, 65_534, 65_534)
})
afterEach(() => rmSync(dataDir, { recursive: true }))

const ownerOf = (path: string) => [statSync(path).uid, statSync(path).gid]

test('backups can be read while another is made, several at once, and leave nothing', async () => {
  const making = leaseOnFile(join(dataDir, 'trek'), 'backup')
  expect(await making.hold()).toBe(true)
  const namesBefore = readdirSync(dataDir)
  await inReadingFolder(dataDir, async (one) => {
    expect([ownerOf(one), statSync(one).mode & 0o777]).toEqual([ownerOf(dataDir), 0o700])
    await inReadingFolder(dataDir, async (other) => expect(other).not.toBe(one))
    expect(existsSync(one)).toBe(true)
  })
  await expect(inReadingFolder(dataDir, () => Promise.reject(new Error('It is damaged')))).rejects.toThrow('damaged')
  expect(readdirSync(dataDir)).toEqual(namesBefore)
  await making.release()
})

test('what a killed command has left is removed after a day, and a lock belongs to the owner of its folder', async () => {
  const [old, recent] = ['a', 'b'].map((digit) =>
    join(dataDir, `reading-${`${digit}`.repeat(8)}-0000-4000-8000-000000000000.part`),
  ) as [string, string]
  for (const path of [old, recent, join(dataDir, 'reading')]) mkdirSync(path)
  const longAgo = Date.now() / 1000 - 25 * 3600
  for (const path of [old, join(dataDir, 'reading')]) utimesSync(path, longAgo, longAgo)
  await inReadingFolder(dataDir, async () => {})
  expect(readdirSync(dataDir).sort()).toEqual(['reading', recent.slice(dataDir.length + 1)])
  const lease = leaseOnFile(join(dataDir, 'trek'), 'backup')
  await lease.hold()
  expect(ownerOf(join(dataDir, 'trek-backup.lock'))).toEqual(ownerOf(dataDir))
  await lease.release()
})
