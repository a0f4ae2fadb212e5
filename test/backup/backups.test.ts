import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  rmSync,
  statSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
} from 'node:fs'
import { basename, join } from 'node:path'
import { zstdCompressSync } from 'node:zlib'
import { describe, expect, test } from 'vitest'
import { nameAt } from '../../src/backup/names.ts'
import { fateOf } from '../../src/data-folder.ts'
import { ENGINES } from '../harness/database/databases.ts'
import { createInstance, createInstanceWithTrip, filesOf, placeOn, rowsOf } from '../harness/processes/instances.ts'
import { giveAway, takenIn } from '../harness/processes/owners.ts'
import { assistantOf, end, serve } from '../harness/processes/serving.ts'
import { trek } from '../harness/processes/trek.ts'
import { some } from '../harness/prove.ts'

const PASSPHRASE = 'correct horse battery'

test('a restore replaces a damaged file, and keeps it', async () => {
  const instance = await placeOn(ENGINES[0])
  const { serving } = await createInstanceWithTrip(instance)
  await end(serving)
  const backup = join(instance.dataDir, '..', 'backup.tar.zst')
  expect(await trek(instance.env, 'backup', backup)).toMatchObject({ code: 0 })
  const rows = await rowsOf(instance)
  const file = join(instance.dataDir, 'trek.db')
  for (const spoilt of [Buffer.alloc(50_000, 'x'), readFileSync(file).fill('x', 5000, 200_000)]) {
    writeFileSync(file, spoilt)
    expect(await trek(instance.env, 'restore', backup, '--replace')).toMatchObject({ code: 0, stderr: '' })
    expect(await rowsOf(instance)).toEqual(rows)
    const before = readdirSync(instance.dataDir).filter((name) => name.startsWith('before-'))
    const last = before.sort().at(-1) as string
    expect(readFileSync(join(instance.dataDir, last, 'trek.db')).equals(spoilt)).toBe(true)
  }
}, 60_000)

test('a restore says what is wrong with its folder', async () => {
  const { env, dataDir } = await placeOn(ENGINES[0])
  const file = join(dataDir, '..', 'no-folder')
  writeFileSync(file, '')
  const refused = await trek({ ...env, DATA_DIR: file }, 'restore', join(dataDir, 'backup.tar.zst'))
  expect(refused).toMatchObject({ code: 1, stdout: '' })
  expect(refused.stderr).toBe(`Error: ${file} is not a folder. Look at DATA_DIR, which is ${file}.\n`)
})

test('what a command of root leaves in DATA_DIR belongs to the owner of DATA_DIR, and nothing else is touched', async () => {
  const isRoot = process.getuid?.() === 0
  const instance = await placeOn(ENGINES[0])
  const { serving } = await createInstanceWithTrip(instance)
  await end(serving)
  const backup = join(instance.dataDir, '..', 'backup.tar.zst')
  expect(await trek({ ...instance.env, BACKUP_PASSPHRASE: PASSPHRASE }, 'backup', backup)).toMatchObject({ code: 0 })
  for (const name of ['trek.db', 'files', 'encryption.key'])
    rmSync(join(instance.dataDir, name), { recursive: true, force: true })
  // The disk of the uploads can be elsewhere.
  const elsewhere = join(instance.dataDir, '..', 'uploads')
  mkdirSync(elsewhere)
  symlinkSync(elsewhere, join(instance.dataDir, 'files'))
  giveAway(instance.dataDir)
  const strange = [join(instance.dataDir, 'notes'), join(instance.dataDir, 'files/notes')]
  for (const path of strange) writeFileSync(path, '')
  const own = { ...instance.env, ENCRYPTION_KEY: '', BACKUP_PASSPHRASE: PASSPHRASE }
  const restored = await trek(own, 'restore', backup, '--replace')
  expect(restored).toMatchObject({ code: 0, stderr: '' })
  expect(restored.stdout).not.toContain('chown')
  expect(Object.keys(filesOf(instance))).toHaveLength(1)
  expect(readdirSync(instance.dataDir)).toEqual(
    expect.arrayContaining(['trek.db', 'encryption.key', 'trek-backup.lock']),
  )
  const taken = takenIn(instance.dataDir)
  expect(taken.sort()).toEqual(isRoot ? strange.sort() : [])
  expect(await trek(own, 'restore', backup, '--replace')).toMatchObject({ code: 0 })
  expect(await trek(own, 'backup', `${instance.dataDir}/../`)).toMatchObject({ code: 0 })
  expect(takenIn(instance.dataDir).sort()).toEqual(taken)

  // A refused one leaves nothing either, and a folder that the command creates is its own.
  const missing = join(instance.dataDir, '..', 'none', 'data')
  expect(await trek(own, 'restore', join(missing, 'none'), '--replace')).toMatchObject({ code: 1 })
  expect(takenIn(instance.dataDir).sort()).toEqual(taken)
  const created = await trek({ ...own, DATA_DIR: missing }, 'restore', backup)
  expect(created.code).toBe(0)
  expect(created.stdout.includes(`chown -R USER ${missing}`)).toBe(isRoot)
  expect(statSync(join(missing, 'trek.db')).uid).toBe(process.getuid?.())
}, 120_000)

test('a move to a file leaves it to the owner of DATA_DIR', async () => {
  const instance = await placeOn(ENGINES[1])
  await end(await serve(instance))
  giveAway(instance.dataDir)
  expect(await trek(instance.env, 'move', '--to', 'sqlite')).toMatchObject({ code: 0, stderr: '' })
  expect(readdirSync(instance.dataDir)).toContain('trek.db')
  expect(takenIn(instance.dataDir)).toEqual([])
}, 60_000)

for (const from of ENGINES) {
  describe(`of ${from.engine}`, () => {
    for (const to of ENGINES) {
      test(`a backup made during writes is restored on ${to.engine} with every row and every file`, async () => {
        const instance = await placeOn(from)
        const { serving, assistant, tripId } = await createInstanceWithTrip(instance)
        let writing = true
        const written: string[] = []
        const writer = (async () => {
          while (writing) {
            const name = `Place ${written.length}`
            await assistant.tool('create_place', { tripId, name })
            written.push(name)
          }
        })()
        const backups = join(instance.dataDir, '..', 'backups')
        mkdirSync(backups)
        const before = written.length
        const result = await trek(instance.env, 'backup', backups)
        const after = written.length
        writing = false
        await writer
        expect(result).toMatchObject({ code: 0, stderr: '' })
        const [name = ''] = readdirSync(backups)
        expect(name).toMatch(/^trek-\d{4}-\d\d-\d\dT\d\d-\d\d-\d\dZ-[0-9a-f]{8}-by-hand\.tar\.zst$/)
        const backup = join(backups, name)
        expect(statSync(backup).mode & 0o777).toBe(0o600)
        expect(await trek(instance.env, 'verify', backup)).toMatchObject({ code: 0, stderr: '' })
        const files = filesOf(instance)
        expect(Object.keys(files)).toHaveLength(1)
        await end(serving)

        const other = await placeOn(to)
        expect(await trek(other.env, 'restore', backup)).toMatchObject({ code: 0, stderr: '' })
        expect(filesOf(other)).toEqual(files)
        const rows = await rowsOf(other)
        // It holds at least the rows from before its start, and none from after its end.
        expect(rows.places?.rows).toBeGreaterThanOrEqual(before)
        expect(rows.places?.rows).toBeLessThanOrEqual(after + 1)
        const again = await serve(other)
        expect(again.printed()).not.toMatch(/uploads|belongs/)
        const reader = await assistantOf(again)
        expect(await reader.tool('get_trip_summary', { tripId })).toContain('ticket.txt')
        // New ids follow the last one that was used.
        await reader.tool('create_place', { tripId, name: 'After the restore' })
        await end(again)
        if (to !== from) return
        // A backup of the restored instance is the same.
        const second = join(backups, 'second.tar.zst')
        const unchanged = await rowsOf(other)
        expect(await trek(other.env, 'backup', second)).toMatchObject({ code: 0 })
        const third = await placeOn(from)
        expect(await trek(third.env, 'restore', second)).toMatchObject({ code: 0 })
        expect(await rowsOf(third)).toEqual(unchanged)
      }, 120_000)
    }

    test('a backup of an empty place is refused, and writes nothing', async () => {
      const { env, dataDir } = await placeOn(from)
      const refused = async () =>
        expect(await trek(env, 'backup', `${join(dataDir, '..')}/`)).toMatchObject({
          code: 1,
          stderr: expect.stringMatching(/^Error: There is no instance/),
        })
      await refused()
      expect(existsSync(dataDir)).toBe(false)
      mkdirSync(dataDir)
      writeFileSync(join(dataDir, 'notes'), '')
      await refused()
      expect(readdirSync(dataDir)).toEqual(['notes'])
    }, 60_000)

    test('a refused restore changes nothing, and a restore keeps what it replaces', async () => {
      const instance = await placeOn(from)
      const { serving, assistant } = await createInstanceWithTrip(instance)
      const folder = join(instance.dataDir, '..')
      const backup = join(folder, 'one.tar.zst')
      expect(await trek(instance.env, 'backup', backup)).toMatchObject({ code: 0 })
      await assistant.tool('create_trip', { title: 'After the backup' })
      const refused = async (expectedError: RegExp, ...words: string[]) => {
        const result = await trek(instance.env, 'restore', ...words)
        expect(result.stderr).toMatch(expectedError)
        expect(result.code).toBe(1)
      }
      await refused(/--replace/, backup)
      await refused(/server of this instance is running/, backup, '--replace')
      await end(serving)
      const [rows, files] = [await rowsOf(instance), filesOf(instance)]
      const cut = join(folder, 'cut.tar.zst')
      writeFileSync(cut, readFileSync(backup))
      truncateSync(cut, statSync(cut).size - 10)
      await refused(/damaged: it ends too early/, cut, '--replace')
      writeFileSync(cut, 'no backup')
      await refused(/not a backup of TREK/, cut, '--replace')
      await refused(/does not exist/, join(folder, 'nowhere'), '--replace')
      expect(await rowsOf(instance)).toEqual(rows)
      expect(filesOf(instance)).toEqual(files)

      expect(await trek(instance.env, 'restore', backup, '--replace')).toMatchObject({ code: 0 })
      expect((await rowsOf(instance)).trips?.rows).toBe(1)
      const [before = ''] = readdirSync(instance.dataDir).filter((name) => name.startsWith('before-'))
      const setAside = join(instance.dataDir, before)
      for (const name of readdirSync(instance.dataDir)) expect(fateOf(name)).not.toBeNull()
      if (from.engine === 'sqlite') {
        expect(await rowsOf({ dataDir: setAside })).toEqual(rows)
      } else {
        const backupSetAside = join(setAside, 'database.tar.zst')
        expect(await trek(instance.env, 'restore', backupSetAside, '--replace')).toMatchObject({ code: 0 })
        expect(await rowsOf(instance)).toEqual(rows)
        expect(filesOf(instance)).toEqual(files)
      }
    }, 120_000)
  })
}

test('two instances can share a folder: each keeps, counts and shows only its own backups', async () => {
  const [one, other] = [await placeOn(ENGINES[0]), await placeOn(ENGINES[0])]
  for (const instance of [one, other]) await createInstance(instance)
  const folder = join(one.dataDir, '..', 'backups')
  mkdirSync(folder)
  const createBackup = async ({ env }: typeof one) => {
    const { code, stdout } = await trek(env, 'backup', folder, '--keep', '1', '--json')
    expect(code).toBe(0)
    const { backup, removed } = JSON.parse(stdout)
    return { name: basename(backup.file), removed }
  }
  const [first, strange] = [await createBackup(one), await createBackup(other)]
  expect([first.removed, strange.removed]).toEqual([[], []])
  const second = await createBackup(one)
  expect(second.removed).toEqual([first.name])
  expect(readdirSync(folder).sort()).toEqual([strange.name, second.name].sort())
  const newest = async ({ env }: typeof one) => {
    const { stdout } = await trek({ ...env, BACKUP_TO: folder, PORT: '1' }, 'doctor', '--json')
    return JSON.parse(stdout).checks.find(({ check }: { check: string }) => check === 'backups').says
  }
  expect([await newest(one), await newest(other)]).toEqual([join(folder, second.name), join(folder, strange.name)])

  // A restored instance is the same one, and continues its backups.
  const restored = await placeOn(ENGINES[0])
  expect(await trek(restored.env, 'restore', join(folder, second.name))).toMatchObject({ code: 0 })
  expect(await newest(restored)).toBe(join(folder, second.name))
  expect((await createBackup(restored)).removed).toEqual([second.name])
}, 120_000)

// Names, keys and folders do not depend on the engine.
for (const from of some(ENGINES)) {
  describe(`on ${from.engine}`, () => {
    test('the newest backups in a folder stay, and so do all other files', async () => {
      const instance = await placeOn(from)
      const id = await createInstance(instance)
      const folder = join(instance.dataDir, '..', 'backups')
      mkdirSync(folder)
      const old = [
        nameAt(new Date('2026-01-01T00:00:00Z'), id, false),
        nameAt(new Date('2026-01-02T00:00:00Z'), id, true),
      ]
      for (const name of [...old, 'photos.zip', 'trek-notes.tar.zst'])
        writeFileSync(join(folder, name), zstdCompressSync(''))
      const result = await trek(instance.env, 'backup', folder, '--keep', '2', '--json')
      expect(JSON.parse(result.stdout)).toMatchObject({ removed: [old[0]] })
      expect(readdirSync(folder)).toEqual(expect.arrayContaining(['photos.zip', 'trek-notes.tar.zst', old[1]]))
      expect(readdirSync(folder)).toHaveLength(4)
      expect(await trek(instance.env, 'backup', folder, '--keep', 'none')).toMatchObject({ code: 2 })
      const ahead = nameAt(new Date('2999-01-01T00:00:00Z'), id, false)
      writeFileSync(join(folder, ahead), zstdCompressSync(''))
      const one = await trek(instance.env, 'backup', folder, '--keep', '1')
      expect(one).toMatchObject({ code: 0, stdout: expect.stringMatching(`${ahead} is dated in the future`) })
      const backupName = basename(one.stdout.slice(0, one.stdout.indexOf(': ')))
      expect(readdirSync(folder).sort()).toEqual(['photos.zip', backupName, ahead, 'trek-notes.tar.zst'].sort())

      // A backup inside DATA_DIR is made, with a hint.
      const hint = /is in DATA_DIR, and is lost with it\. .* best on another disk/
      for (const to of ['files', 'files/', 'by-hand']) {
        if (to !== 'by-hand') mkdirSync(join(instance.dataDir, to), { recursive: true })
        const inside = await trek(instance.env, 'backup', join(instance.dataDir, to))
        expect(inside).toMatchObject({ code: 0, stdout: expect.stringMatching(hint) })
      }
      symlinkSync(instance.dataDir, join(folder, 'to-data'))
      const linked = await trek(instance.env, 'backup', join(folder, 'to-data'))
      expect(linked).toMatchObject({ code: 0, stdout: expect.stringMatching(hint) })
      expect(one.stdout).not.toMatch(/DATA_DIR/)

      // A path that cannot hold a backup stays as it is.
      const link = join(folder, 'link')
      symlinkSync('/nowhere/at/all', link)
      const refused = async (to: string, expectedError: RegExp) =>
        expect(await trek(instance.env, 'backup', to)).toMatchObject({
          code: 1,
          stderr: expect.stringMatching(expectedError),
        })
      await refused(link, /link is a link to \/nowhere\/at\/all, which does not exist\. Mount/)
      expect(readlinkSync(link)).toBe('/nowhere/at/all')
      await refused(join(folder, 'photos.zip/'), /photos\.zip is a file, but backups need a folder/)
      await refused(join(folder, 'x'.repeat(300)), /is too long for a file\. Give a shorter one/)
    }, 60_000)

    test('an encrypted backup contains the key, and an unencrypted one reports that it does not', async () => {
      const instance = await placeOn(from)
      const own = { ...instance.env, ENCRYPTION_KEY: '' }
      const serving = await serve({ ...instance, env: { ENCRYPTION_KEY: '' } })
      await end(serving)
      const folder = join(instance.dataDir, '..')
      const plain = await trek(own, 'backup', join(folder, 'plain.tar.zst'))
      expect(plain.stdout).toMatch(/does not contain the encryption key.*trek encryption-key show/s)
      const sealed = await trek({ ...own, BACKUP_PASSPHRASE: PASSPHRASE }, 'backup', join(folder, 'sealed'))
      expect(sealed).toMatchObject({ code: 0, stderr: '' })
      const shown = (await trek(own, 'encryption-key', 'show')).stdout.trim()
      expect(shown).toMatch(/^[0-9a-f]{64}$/)
      expect(readFileSync(join(folder, 'sealed')).includes(Buffer.from(shown))).toBe(false)

      const without = await placeOn(from)
      const withoutKey = { ...without.env, ENCRYPTION_KEY: '' }
      expect((await trek(withoutKey, 'restore', join(folder, 'plain.tar.zst'))).stdout).toMatch(/--new-key/)
      expect(existsSync(join(without.dataDir, 'encryption.key'))).toBe(false)
      const whole = await placeOn(from)
      const withKey = { ...whole.env, ENCRYPTION_KEY: '', BACKUP_PASSPHRASE: PASSPHRASE }
      expect((await trek(withKey, 'restore', join(folder, 'sealed'))).stdout).not.toMatch(/--new-key/)
      expect(readFileSync(join(whole.dataDir, 'encryption.key'), 'utf8').trim()).toBe(shown)
      await end(await serve({ ...whole, env: { ENCRYPTION_KEY: '' } }))
    }, 120_000)
  })
}
