import { randomUUID } from 'node:crypto'
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { finishRestore } from './finish-restore.ts'

let dataDir: string
beforeEach(() => {
  dataDir = mkdtempSync(join(tmpdir(), 'trek-restore-'))
})
afterEach(() => rmSync(dataDir, { recursive: true }))

const place = () => ({ dataDir, database: join(dataDir, 'trek.db'), filesUrl: null, encryptionKey: null }) as never

/** Finishes a restore of one upload. */
async function restored(key: string, content: string, damaged: readonly string[]): Promise<number> {
  const staged = join(dataDir, 'restored')
  mkdirSync(join(staged, 'files'), { recursive: true })
  writeFileSync(join(staged, 'files', key), content)
  const { ino } = statSync(join(staged, 'files', key))
  const plan = { before: 'before-now', epoch: 'x', instanceId: 'y', keyFingerprint: null, damaged }
  writeFileSync(join(staged, 'plan.json'), JSON.stringify(plan))
  await finishRestore(place())
  return ino
}

const uploaded = (key: string) => join(dataDir, 'files', key)

test('uploads are moved to their folder, so that the disk needs no room for them twice', async () => {
  const key = randomUUID()
  const ino = await restored(key, 'a ticket', [])
  expect(readFileSync(uploaded(key), 'utf8')).toBe('a ticket')
  expect(statSync(uploaded(key)).ino).toBe(ino)
})

test('an upload that was damaged in the backup replaces no upload, and one that was whole replaces a damaged one', async () => {
  const key = randomUUID()
  mkdirSync(join(dataDir, 'files'))
  writeFileSync(uploaded(key), 'the whole ticket')
  await restored(key, 'the wh', [key])
  expect(readFileSync(uploaded(key), 'utf8')).toBe('the whole ticket')
  await restored(key, 'the newer ticket', [])
  expect(readFileSync(uploaded(key), 'utf8')).toBe('the newer ticket')
  expect(readFileSync(join(dataDir, 'before-now', key), 'utf8')).toBe('the whole ticket')
})

test('a restore that fails after it was decided says what to do, and is finished once that is done', async () => {
  const key = randomUUID()
  const inTheWay = join(dataDir, 'files')
  writeFileSync(inTheWay, '')
  await expect(restored(key, 'a ticket', [])).rejects.toThrow(
    /The restore is not finished: ENOTDIR.*\. Remedy that and start the server, which finishes it: the whole backup is in .*restored/,
  )
  rmSync(inTheWay)
  await finishRestore(place())
  expect(readFileSync(uploaded(key), 'utf8')).toBe('a ticket')
  expect(existsSync(join(dataDir, 'restored'))).toBe(false)
})

test('a folder named restored that is not of TREK, or the rest of a finished restore, keeps nobody from starting', async () => {
  mkdirSync(join(dataDir, 'restored'))
  expect(await finishRestore(place())).toEqual([])
})
