import { chmodSync, cpSync, mkdirSync, mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { quickPasswords } from '../test/harness/rigs/passwords.ts'
import { readConfig } from './config/index.ts'
import { keepInstanceToOwner, modesTold } from './owner-only.ts'
import { openProduct } from './product.ts'

/**
 * Everything that the product writes into DATA_DIR is accessible to its owner alone, whatever the umask and the mode of
 * the folder.
 */

let folder: string
let umask: number
beforeEach(() => {
  umask = process.umask(0)
  folder = mkdtempSync(join(tmpdir(), 'trek-modes-'))
  chmodSync(folder, 0o777)
})
afterEach(() => {
  process.umask(umask)
  rmSync(folder, { recursive: true, force: true })
})

const KEY = /[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}/

/** Every file in the folder with its mode; random names are replaced by their kind. */
const modes = () =>
  Object.fromEntries(
    ['', ...(readdirSync(folder, { recursive: true }) as string[])].map((name) => [
      name.replace(KEY, 'KEY').replace(/before-[^/]+/, 'before'),
      statSync(join(folder, name)).mode & 0o777,
    ]),
  )

async function started(newInstance = false) {
  const warnings: string[] = []
  const product = await openProduct(readConfig({ DATA_DIR: folder }), {
    onError: (error) => warnings.push(String(error)),
    passwords: quickPasswords,
    server: { warn: (warning) => warnings.push(warning), newInstance },
  })
  return { product, warnings }
}

/** Makes the product write every kind of file. */
async function filled() {
  const { product, warnings } = await started()
  const { files } = product.services
  await files.keep(Readable.from([Buffer.from('kept')]), 100)
  const { key } = await files.keep(Readable.from([Buffer.from('given up')]), 100)
  await files.quarantine(key, new Date())
  await product.database.lease('jobs').hold()
  return { product, warnings }
}

const WRITTEN = {
  '': 0o700,
  'encryption.key': 0o600,
  'trek.db': 0o600,
  'trek.db-wal': 0o600,
  'trek.db-shm': 0o600,
  'trek.db-mark': 0o600,
  'trek.db-jobs.lock': 0o600,
  'trek-instance.lock': 0o600,
  files: 0o700,
  'files/folder-id': 0o600,
  'files/instance-id': 0o600,
  'files/KEY': 0o600,
  'files/quarantine': 0o700,
  'files/quarantine/KEY': 0o600,
}

test('in a folder that existed before, all files are private', async () => {
  const { product, warnings } = await filled()
  const modesFound = modes()
  await product.close()
  // The journal of a lock comes and goes.
  for (const lock of ['trek.db-jobs.lock', 'trek-instance.lock']) delete modesFound[`${lock}-journal`]
  expect(modesFound).toEqual(WRITTEN)
  expect(warnings).toEqual([expect.stringContaining(folder)])
})

test('a start closes files that others could read, and reports that in one line', async () => {
  await (await filled()).product.close()
  const modesLeft = modes()
  for (const name of ['', ...(readdirSync(folder, { recursive: true }) as string[])]) {
    const path = join(folder, name)
    chmodSync(path, statSync(path).isDirectory() ? 0o755 : 0o644)
  }
  const { product, warnings } = await started()
  const modesFound = modes()
  await product.close()
  expect(modesFound).toMatchObject(modesLeft)
  expect(Object.values(modesFound).filter((mode) => mode & 0o077)).toEqual([])
  expect(warnings).toEqual([expect.stringMatching(/could read .* and \d+ more; that is closed to them now\.$/)])

  const restarted = await started()
  await restarted.product.close()
  expect(restarted.warnings).toEqual([])
})

test('data set aside for a new instance also becomes private', async () => {
  await (await filled()).product.close()
  for (const name of readdirSync(folder)) if (name.startsWith('trek.db')) rmSync(join(folder, name))
  chmodSync(join(folder, 'encryption.key'), 0o644)
  chmodSync(join(folder, 'files'), 0o755)
  const { product } = await started(true)
  const modesFound = modes()
  await product.close()
  expect(modesFound).toMatchObject({ before: 0o700, 'before/encryption.key': 0o600, 'before/files': 0o700 })
  expect(Object.values(modesFound).filter((mode) => mode & 0o077)).toEqual([])
})

test('files of others stay as they are, and so does the folder around them', () => {
  mkdirSync(join(folder, 'bin'), { mode: 0o755 })
  writeFileSync(join(folder, 'bin', 'tool'), '', { mode: 0o755 })
  writeFileSync(join(folder, 'trek.db'), '', { mode: 0o644 })
  cpSync(join(folder, 'trek.db'), join(folder, 'trek.db.bak'))
  expect(keepInstanceToOwner({ dataDir: folder })).toEqual({
    closed: [join(folder, 'trek.db'), join(folder, 'trek.db.bak')],
    open: [],
  })
  expect(modes()).toEqual({ '': 0o777, bin: 0o755, 'bin/tool': 0o755, 'trek.db': 0o600, 'trek.db.bak': 0o600 })
})

test('files of another owner are reported', () => {
  expect(modesTold({ closed: [], open: ['/data/trek.db'] })).toBe(
    'Others on this machine can read /data/trek.db; run chmod -R go-rwx on it as its owner.',
  )
})
