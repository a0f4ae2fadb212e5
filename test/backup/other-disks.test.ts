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
  const instance = await placeOn(sqlite)
  const { serving } = await createInstanceWithTrip(instance)
  await end(serving)
  const backup = `${instance.dataDir}.tar.zst`
  expect(await trek(instance.env, 'backup', backup)).toMatchObject({ code: 0 })
  const [key = ''] = Object.keys(filesOf(instance))
  return {
    instance,
    backup,
    key,
    files: join(instance.dataDir, 'files'),
    rows: await rowsOf(instance),
    uploads: filesOf(instance),
  }
}

/** Puts the uploads of another instance there. */
function makeForeign(folder: string): void {
  writeFileSync(join(folder, 'instance-id'), 'another\n')
  writeFileSync(join(folder, OTHER), 'an upload of another instance')
}

test('a folder of uploads that is a link to another disk stays a link, and keeps what is replaced', async () => {
  const { instance, backup, key, files, rows, uploads } = await withBackup()
  const uploadsElsewhere = join(folderElsewhere(), 'uploads')
  expect(spawnSync('cp', ['-a', files, uploadsElsewhere]).status).toBe(0)
  rmSync(files, { recursive: true })
  symlinkSync(uploadsElsewhere, files)
  writeFileSync(join(files, key), 'damaged')

  const damaged = await trek(instance.env, 'restore', backup, '--replace')
  expect(damaged).toMatchObject({
    code: 0,
    stderr: '',
    stdout: expect.stringMatching(/kept in .* and .*files\/before-/),
  })
  expect(filesOf(instance)).toEqual(uploads)
  const [before = ''] = readdirSync(uploadsElsewhere).filter((name) => name.startsWith('before-'))
  expect(readFileSync(join(uploadsElsewhere, before, key), 'utf8')).toBe('damaged')
  rmSync(join(uploadsElsewhere, before), { recursive: true })

  makeForeign(uploadsElsewhere)
  expect(await trek(instance.env, 'restore', backup, '--replace')).toMatchObject({ code: 0, stderr: '' })
  expect(filesOf({ dataDir: instance.dataDir })).toEqual(uploads)
  const [after = ''] = readdirSync(uploadsElsewhere).filter((name) => name.startsWith('before-'))
  expect(readdirSync(join(uploadsElsewhere, after))).toEqual(expect.arrayContaining([OTHER, 'instance-id', key]))
  expect(await rowsOf(instance)).toEqual(rows)
  expect(await trek(instance.env, 'addon', 'list')).toMatchObject({ code: 0, stderr: '' })

  rmSync(uploadsElsewhere, { recursive: true })
  const missing = await trek(instance.env, 'restore', backup, '--replace')
  expect(missing).toMatchObject({
    code: 1,
    stderr: expect.stringMatching(/files is a link to .*, which does not exist\. Mount/),
  })
  expect(readdirSync(instance.dataDir)).not.toContain('restored')
}, 120_000)

test.runIf(hasDisks())(
  'a folder of uploads that is a mounted disk is restored, and keeps what is replaced',
  async () => {
    const { instance, backup, key, files, uploads } = await withBackup()
    const diskFolder = `${instance.dataDir}-disk`
    renameSync(files, diskFolder)
    mkdirSync(files)
    mkdirSync(join(diskFolder, 'lost+found'))
    makeForeign(diskFolder)
    const mount = 'mount --bind "$0" "$1" && shift && exec "$@"'
    const command = [process.execPath, SERVER, 'restore', backup, '--replace']
    const result = spawnSync('unshare', ['-rm', 'sh', '-c', mount, diskFolder, files, ...command], {
      env: { ...process.env, ...instance.env },
      encoding: 'utf8',
    })
    expect(result).toMatchObject({ status: 0, stderr: '' })
    expect(readFileSync(join(diskFolder, key), 'base64')).toBe(uploads[key])
    const [before = ''] = readdirSync(diskFolder).filter((name) => name.startsWith('before-'))
    expect(readdirSync(diskFolder).sort()).toEqual([key, before, 'instance-id', 'lost+found'].sort())
    expect(readdirSync(join(diskFolder, before))).toEqual(expect.arrayContaining([OTHER, 'instance-id', key]))
  },
  120_000,
)

test('a database that is a link, also to another disk, stays one, and its replaced rows are kept', async () => {
  const { instance, backup, rows } = await withBackup()
  const file = join(instance.dataDir, 'trek.db')
  mkdirSync(join(instance.dataDir, '..', 'disk'))
  const moveFolder = (from: string, to: string) => expect(spawnSync('mv', [from, to]).status).toBe(0)
  for (const target of [join('..', 'disk', 'rows.db'), join(folderElsewhere(), 'rows.db')]) {
    moveFolder(file, resolve(instance.dataDir, target))
    symlinkSync(target, file)
    expect(await trek(instance.env, 'restore', backup, '--replace')).toMatchObject({ code: 0, stderr: '' })
    expect(readlinkSync(file)).toBe(target)
    expect(await rowsOf(instance)).toEqual(rows)
    const [before = ''] = readdirSync(instance.dataDir).filter((name) => name.startsWith('before-'))
    const setAside = join(instance.dataDir, before)
    expect(lstatSync(join(setAside, 'trek.db')).isFile()).toBe(true)
    expect(await rowsOf({ dataDir: setAside })).toEqual(rows)
    rmSync(setAside, { recursive: true })
    rmSync(file)
    moveFolder(resolve(instance.dataDir, target), file)
  }
}, 120_000)
