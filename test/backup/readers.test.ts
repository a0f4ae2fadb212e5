import { mkdirSync, readdirSync, rmdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { leaseOnFile } from '../../src/db/leases.ts'
import { ENGINES } from '../harness/database/databases.ts'
import { createInstance, placeOn } from '../harness/processes/instances.ts'
import { trek } from '../harness/processes/trek.ts'

test('a backup is read while another one is made', async () => {
  const instance = await placeOn(ENGINES[0])
  await createInstance(instance)
  const backup = join(instance.dataDir, '..', 'backup.tar.zst')
  expect(await trek(instance.env, 'backup', backup)).toMatchObject({ code: 0 })
  const making = leaseOnFile(join(instance.dataDir, 'trek'), 'backup')
  expect(await making.hold()).toBe(true)
  const namesBefore = readdirSync(instance.dataDir)
  for (const command of ['verify', 'rehearse']) {
    expect(await trek(instance.env, command, backup)).toMatchObject({ code: 0, stderr: '' })
  }
  expect(readdirSync(instance.dataDir)).toEqual(namesBefore)
  await making.release()
}, 60_000)

test('a damaged database, and a lock that cannot be used, are explained', async () => {
  const instance = await placeOn(ENGINES[0])
  await createInstance(instance)
  const file = join(instance.dataDir, 'trek.db')
  const backup = join(instance.dataDir, '..', 'backup.tar.zst')
  const lock = join(instance.dataDir, 'trek-backup.lock')
  mkdirSync(lock)
  expect(await trek(instance.env, 'backup', backup)).toMatchObject({
    code: 1,
    stderr: `Error: ${lock} is a folder, where a file is expected. Look at DATA_DIR, which is ${instance.dataDir}.\n`,
  })
  rmdirSync(lock)
  writeFileSync(file, Buffer.alloc(50_000, 'x'))

  expect(await trek(instance.env, 'backup', backup)).toMatchObject({
    code: 1,
    stderr: expect.stringMatching(/^Error: .*trek\.db is (not a SQLite database|damaged)/),
  })
}, 60_000)
