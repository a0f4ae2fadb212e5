import { execFileSync } from 'node:child_process'
import { mkdirSync, readdirSync, renameSync, rmSync, symlinkSync, truncateSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { ENGINES } from '../harness/database/databases.ts'
import { createInstanceWithTrip, filesOf, placeOn, rowsOf } from '../harness/processes/instances.ts'
import { end } from '../harness/processes/serving.ts'
import { trek } from '../harness/processes/trek.ts'
import { some } from '../harness/prove.ts'

/** A backup that lacks uploads reports them, and replaces no complete backup. */

describe.each(some(ENGINES))('on $engine', (engine) => {
  test('every command reports a missing, truncated or irregular file, and removes no older backup because of it', async () => {
    const instance = await placeOn(engine)
    const { serving } = await createInstanceWithTrip(instance)
    await end(serving)
    const files = filesOf(instance)
    const [key = ''] = Object.keys(files)
    const upload = join(instance.dataDir, 'files', key)
    const backups = join(instance.dataDir, '..', 'backups')
    mkdirSync(backups)
    expect(await trek(instance.env, 'backup', backups)).toMatchObject({ code: 0 })
    const [backup = ''] = readdirSync(backups)

    // Neither does a backup that leaves uploads out on purpose.
    const rows = await trek(instance.env, 'backup', backups, '--without-files', '--keep', '1')
    expect(rows).toMatchObject({ code: 0, stdout: expect.stringMatching(/No older backup was removed/) })
    expect(readdirSync(backups)).toContain(backup)

    truncateSync(upload, 3)
    const cut = join(backups, 'cut.tar.zst')
    const warning = {
      code: 1,
      stdout: expect.stringMatching(new RegExp(`Missing or damaged[^:]*: 1 uploaded file \\(${key}\\)`)),
    }
    expect(await trek(instance.env, 'backup', cut)).toMatchObject(warning)
    const verified = await trek(instance.env, 'verify', cut)
    expect(verified).toMatchObject(warning)
    expect(verified.stdout).not.toMatch(/is whole/)
    expect(await trek(instance.env, 'rehearse', cut)).toMatchObject(warning)
    expect(await trek(instance.env, 'doctor')).toMatchObject({
      code: 1,
      stdout: expect.stringMatching(new RegExp(`FAILED +uploads.*${key}`)),
    })
    rmSync(upload)
    execFileSync('mkfifo', [upload])
    const kept1 = await trek(instance.env, 'backup', backups, '--keep', '1')
    expect(kept1).toMatchObject({ code: 1, stdout: expect.stringMatching(/No older backup was removed/) })
    expect(readdirSync(backups)).toContain(backup)

    expect(await trek(instance.env, 'restore', join(backups, backup), '--replace')).toMatchObject({
      code: 0,
      stderr: '',
    })
    expect(filesOf(instance)).toEqual(files)
  }, 60_000)

  test('an unreadable file is named, and treated like a missing one', async () => {
    const instance = await placeOn(engine)
    const { serving } = await createInstanceWithTrip(instance)
    await end(serving)
    const [key = ''] = Object.keys(filesOf(instance))
    const upload = join(instance.dataDir, 'files', key)
    const backups = join(instance.dataDir, '..', 'backups')
    mkdirSync(backups)
    rmSync(upload)
    // A link to itself cannot be opened, whoever runs the command.
    symlinkSync(key, upload)
    const result = await trek(instance.env, 'backup', backups, '--keep', '1')
    expect(result).toMatchObject({
      code: 1,
      stdout: expect.stringContaining(`Cannot be read: ${upload}, which is a link that leads to itself.`),
    })
    expect(result.stdout).toMatch(/No older backup was removed/)
    // It fails only after it was opened.
    rmSync(upload)
    symlinkSync('/proc/self/mem', upload)
    const laterResult = await trek(instance.env, 'backup', backups, '--json')
    expect(laterResult.code).toBe(1)
    expect(JSON.parse(laterResult.stdout).backup).toMatchObject({
      files: 0,
      incomplete: [key],
      unreadable: [expect.stringMatching(new RegExp(`^${upload}, which `))],
    })
    expect(readdirSync(backups)).toHaveLength(2)
  }, 60_000)

  test('the wrong folder of uploads stops a backup, unless the backup is to contain no uploads', async () => {
    const instance = await placeOn(engine)
    const { serving } = await createInstanceWithTrip(instance)
    await end(serving)
    const folder = join(instance.dataDir, 'files')
    renameSync(folder, `${folder}-away`)
    const backup = join(instance.dataDir, '..', 'backup.tar.zst')
    const refused = { code: 1, stderr: expect.stringMatching(/not in .*files\. Is its disk mounted.*--without-files/) }
    expect(await trek(instance.env, 'backup', backup)).toMatchObject(refused)
    mkdirSync(folder)
    expect(await trek(instance.env, 'backup', backup)).toMatchObject(refused)

    expect(await trek(instance.env, 'backup', backup, '--without-files')).toMatchObject({ code: 0, stderr: '' })
    const without = expect.stringMatching(/without uploaded files\. Its rows refer to 1/)
    expect(await trek(instance.env, 'verify', backup)).toMatchObject({ code: 0, stdout: without })
    const other = await placeOn(engine)
    expect(await trek(other.env, 'restore', backup)).toMatchObject({
      code: 1,
      stdout: expect.stringMatching(/Missing or damaged, although rows refer to them: 1 uploaded file/),
    })
    expect(await rowsOf(other)).toEqual(await rowsOf(instance))
    // With the uploads in place, the rows alone are enough.
    rmSync(folder, { recursive: true })
    renameSync(`${folder}-away`, folder)
    expect(await trek(instance.env, 'restore', backup, '--replace')).toMatchObject({ code: 0, stderr: '' })
  }, 60_000)
})
