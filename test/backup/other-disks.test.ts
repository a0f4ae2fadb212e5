import { spawnSync } from 'node:child_process'
import {
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { afterEach, expect, test } from 'vitest'
import { SERVER } from '../../bench/processes.ts'
import { ENGINES } from '../harness/database/databases.ts'
import { createInstanceWithTrip, filesOf, placeOn, rowsOf } from '../harness/processes/instances.ts'
import { end } from '../harness/processes/serving.ts'
import { trek } from '../harness/processes/trek.ts'
import { hasDisks } from '../harness/storage/disk.ts'

/** Restores where parts of DATA_DIR are on another disk. */

const [sqlite] = ENGINES
const OTHER = '0b9e4d4e-7c1b-4d3c-8f64-0a3b52f0f001'

const folders: string[] = []
afterEach(() => {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true })
})

const deviceOf = (folder: string) => statSync(folder, { throwIfNoEntry: false })?.dev

/** A folder on another disk than the temporary files, if the system has one. */
const elsewhere = ['/dev/shm', '/var/tmp', '/tmp'].find((folder) => {
  const device = deviceOf(folder)
  return device !== undefined && device !== deviceOf(tmpdir())
})

function folderElsewhere(): string {
  const folder = mkdtempSync(join(elsewhere as string, 'trek-'))
  folders.push(folder)
  return folder
}

async function withBackup() {
  const kept = await placeOn(sqlite)
  const { serving } = await createInstanceWithTrip(kept)
  await end(serving)
  const backup = `${kept.dataDir}.tar.zst`
  expect(await trek(kept.env, 'backup', backup)).toMatchObject({ code: 0 })
  const [key = ''] = Object.keys(filesOf(kept))
  return { kept, backup, key, files: join(kept.dataDir, 'files'), rows: await rowsOf(kept), uploads: filesOf(kept) }
}

/** Puts the uploads of another instance there. */
function makeForeign(folder: string): void {
  writeFileSync(join(folder, 'instance-id'), 'another\n')
  writeFileSync(join(folder, OTHER), 'an upload of another instance')
}

test('a folder of uploads that is a link to another disk stays a link, and keeps what is replaced', async () => {
  const { kept, backup, key, files, rows, uploads } = await withBackup()
  const there = join(folderElsewhere(), 'uploads')
  expect(spawnSync('cp', ['-a', files, there]).status).toBe(0)
  rmSync(files, { recursive: true })
  symlinkSync(there, files)
  writeFileSync(join(files, key), 'damaged')

  const damaged = await trek(kept.env, 'restore', backup, '--replace')
  expect(damaged).toMatchObject({
    code: 0,
    stderr: '',
    stdout: expect.stringMatching(/kept in .* and .*files\/before-/),
  })
  expect(filesOf(kept)).toEqual(uploads)
  const [before = ''] = readdirSync(there).filter((name) => name.startsWith('before-'))
  expect(readFileSync(join(there, before, key), 'utf8')).toBe('damaged')
  rmSync(join(there, before), { recursive: true })

  makeForeign(there)
  expect(await trek(kept.env, 'restore', backup, '--replace')).toMatchObject({ code: 0, stderr: '' })
  expect(filesOf({ dataDir: kept.dataDir })).toEqual(uploads)
  const [after = ''] = readdirSync(there).filter((name) => name.startsWith('before-'))
  expect(readdirSync(join(there, after))).toEqual(expect.arrayContaining([OTHER, 'instance-id', key]))
  expect(await rowsOf(kept)).toEqual(rows)
  expect(await trek(kept.env, 'addon', 'list')).toMatchObject({ code: 0, stderr: '' })

  rmSync(there, { recursive: true })
  const missing = await trek(kept.env, 'restore', backup, '--replace')
  expect(missing).toMatchObject({
    code: 1,
    stderr: expect.stringMatching(/files is a link to .*, which does not exist\. Mount/),
  })
  expect(readdirSync(kept.dataDir)).not.toContain('restored')
}, 120_000)

test.runIf(hasDisks())(
  'a folder of uploads that is a mounted disk is restored, and keeps what is replaced',
  async () => {
    const { kept, backup, key, files, uploads } = await withBackup()
    const there = `${kept.dataDir}-disk`
    renameSync(files, there)
    mkdirSync(files)
    mkdirSync(join(there, 'lost+found'))
    makeForeign(there)
    const mount = 'mount --bind "$0" "$1" && shift && exec "$@"'
    const command = [process.execPath, SERVER, 'restore', backup, '--replace']
    const told = spawnSync('unshare', ['-rm', 'sh', '-c', mount, there, files, ...command], {
      env: { ...process.env, ...kept.env },
      encoding: 'utf8',
    })
    expect(told).toMatchObject({ status: 0, stderr: '' })
    expect(readFileSync(join(there, key), 'base64')).toBe(uploads[key])
    const [before = ''] = readdirSync(there).filter((name) => name.startsWith('before-'))
    expect(readdirSync(there).sort()).toEqual([key, before, 'instance-id', 'lost+found'].sort())
    expect(readdirSync(join(there, before))).toEqual(expect.arrayContaining([OTHER, 'instance-id', key]))
  },
  120_000,
)

test('a database that is a link, also to another disk, stays one, and its replaced rows are kept', async () => {
  const { kept, backup, rows } = await withBackup()
  const file = join(kept.dataDir, 'trek.db')
  mkdirSync(join(kept.dataDir, '..', 'disk'))
  const moved = (from: string, to: string) => expect(spawnSync('mv', [from, to]).status).toBe(0)
  for (const there of [join('..', 'disk', 'rows.db'), join(folderElsewhere(), 'rows.db')]) {
    moved(file, resolve(kept.dataDir, there))
    symlinkSync(there, file)
    expect(await trek(kept.env, 'restore', backup, '--replace')).toMatchObject({ code: 0, stderr: '' })
    expect(readlinkSync(file)).toBe(there)
    expect(await rowsOf(kept)).toEqual(rows)
    const [before = ''] = readdirSync(kept.dataDir).filter((name) => name.startsWith('before-'))
    const aside = join(kept.dataDir, before)
    expect(lstatSync(join(aside, 'trek.db')).isFile()).toBe(true)
    expect(await rowsOf({ dataDir: aside })).toEqual(rows)
    rmSync(aside, { recursive: true })
    rmSync(file)
    moved(resolve(kept.dataDir, there), file)
  }
}, 120_000)
