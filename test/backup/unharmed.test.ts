import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { ENGINES } from '../harness/database/databases.ts'
import { createInstanceWithTrip, placeOn } from '../harness/processes/instances.ts'
import { end } from '../harness/processes/serving.ts'
import { launchTrek, trek } from '../harness/processes/trek.ts'
import { until } from '../harness/until.ts'

/** What a command of backups must leave alone. */

const [sqlite] = ENGINES
const RELEASE = join(import.meta.dirname, '../fixtures/releases/0.1.0.tar.zst')

test('a folder named work in DATA_DIR stays, with a backup kept there', async () => {
  const instance = await placeOn(sqlite)
  const folder = join(instance.dataDir, 'work')
  mkdirSync(folder, { recursive: true })
  writeFileSync(join(folder, 'report.txt'), 'years of work')
  for (const word of ['verify', 'rehearse']) expect(await trek(instance.env, word, RELEASE)).toMatchObject({ code: 0 })
  expect(readdirSync(instance.dataDir)).not.toContain('trek.db')
  const { serving } = await createInstanceWithTrip(instance)
  await end(serving)
  const backup = join(folder, 'x.zst')
  expect(await trek(instance.env, 'backup', backup)).toMatchObject({ code: 0, stderr: '' })
  expect(await trek(instance.env, 'verify', backup)).toMatchObject({ code: 0, stderr: '' })
  expect(await trek(instance.env, 'restore', backup, '--replace')).toMatchObject({ code: 0, stderr: '' })
  expect(readFileSync(join(folder, 'report.txt'), 'utf8')).toBe('years of work')
  expect(existsSync(backup)).toBe(true)
}, 60_000)

test('the working folder of a killed command is removed by the next one, and no backup is written into it or read from it', async () => {
  const instance = await placeOn(sqlite)
  const { serving } = await createInstanceWithTrip(instance)
  await end(serving)
  const leftover = join(instance.dataDir, 'work-6f1f3c0e-3c7b-4c1e-9d0a-1b2c3d4e5f60.part')
  mkdirSync(leftover)
  writeFileSync(join(leftover, 'x.zst'), readFileSync(RELEASE))
  const expectedError = /is in a working folder of TREK, which the next backup or restore deletes\. /
  for (const words of [
    ['backup', join(leftover, 'y.zst')],
    ['backup', leftover],
    ['verify', join(leftover, 'x.zst')],
  ])
    expect(await trek(instance.env, ...words)).toMatchObject({ code: 1, stderr: expect.stringMatching(expectedError) })
  expect(readdirSync(leftover)).toEqual(['x.zst'])
  expect(await trek(instance.env, 'backup', `${instance.dataDir}.tar.zst`)).toMatchObject({ code: 0 })
  expect(readdirSync(instance.dataDir).filter((name) => name.startsWith('work'))).toEqual([])
}, 60_000)

test.each(['SIGINT', 'SIGTERM'] as const)(
  'an interrupted verify without DATA_DIR leaves nothing of the backup (%s)',
  async (signal) => {
    const instance = await placeOn(sqlite)
    const folder = join(instance.dataDir, '..', 'tmp')
    mkdirSync(folder)
    const hasRows = () => readdirSync(folder, { recursive: true }).some((name) => `${name}`.endsWith('database.sqlite'))
    for (let isInterrupted = false; !isInterrupted; ) {
      const { child, ended } = launchTrek({ ...instance.env, TMPDIR: folder }, 'verify', RELEASE)
      await until(() => hasRows() || child.exitCode !== null)
      child.kill(signal)
      // It can have ended by itself meanwhile.
      isInterrupted = (await ended).code === null
      expect(readdirSync(folder)).toEqual([])
    }
  },
  60_000,
)
