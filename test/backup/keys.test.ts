import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { ENGINES } from '../harness/database/databases.ts'
import { placeOn } from '../harness/processes/instances.ts'
import { end, serve } from '../harness/processes/serving.ts'
import { trek } from '../harness/processes/trek.ts'

/** A restore must not lose an encryption key: there may be no other copy. */

/** An instance with a key in its folder, after its first start. */
async function withOwnKey() {
  const instance = await placeOn(ENGINES[0])
  const env = { ...instance.env, ENCRYPTION_KEY: '', BACKUP_PASSPHRASE: '' }
  await end(await serve({ ...instance, env }))
  const key = () => readFileSync(join(instance.dataDir, 'encryption.key'), 'utf8')
  return { instance, env, key }
}

test('a restore of a backup of another instance keeps the old key with the data it replaces', async () => {
  const [one, other] = [await withOwnKey(), await withOwnKey()]
  const [key, backup] = [other.key(), join(one.instance.dataDir, '..', 'backup.tar.zst')]
  expect(await trek(one.env, 'backup', backup)).toMatchObject({ code: 0 })
  const restored = await trek(other.env, 'restore', backup, '--replace')
  expect(restored).toMatchObject({
    code: 0,
    stdout: expect.stringMatching(/it is not here\. Set ENCRYPTION_KEY to it/),
  })
  const [before = ''] = readdirSync(other.instance.dataDir).filter((name) => name.startsWith('before-'))
  expect(readFileSync(join(other.instance.dataDir, before, 'encryption.key'), 'utf8')).toBe(key)
  expect(existsSync(join(other.instance.dataDir, 'encryption.key'))).toBe(false)

  // A backup of the instance itself leaves the key in place.
  const own = join(one.instance.dataDir, '..', 'own')
  mkdirSync(own)
  expect(await trek(one.env, 'backup', own)).toMatchObject({ code: 0 })
  const [name = ''] = readdirSync(own)
  const ownKey = one.key()
  expect(await trek(one.env, 'restore', join(own, name), '--replace')).toMatchObject({ code: 0 })
  expect(one.key()).toBe(ownKey)
}, 60_000)

test('a restore writes the key of the backup even if ENCRYPTION_KEY differs, and reports the difference', async () => {
  const one = await withOwnKey()
  const sealed = { ...one.env, BACKUP_PASSPHRASE: 'correct horse battery' }
  const backup = join(one.instance.dataDir, '..', 'backup.tar.zst.age')
  expect(await trek(sealed, 'backup', backup)).toMatchObject({ code: 0 })
  const fresh = await placeOn(ENGINES[0])
  const wrong = { ...sealed, ...fresh.env, ENCRYPTION_KEY: 'ab'.repeat(32) }
  expect(await trek(wrong, 'restore', backup)).toMatchObject({
    code: 0,
    stdout: expect.stringMatching(/ENCRYPTION_KEY is a different one\. The right one is in .*encryption\.key: remove/),
  })
  expect(readFileSync(join(fresh.dataDir, 'encryption.key'), 'utf8')).toBe(one.key())
  await end(await serve({ ...fresh, env: { ENCRYPTION_KEY: '' } }))

  // If ENCRYPTION_KEY is already right, the key is not written a second time.
  const given = await placeOn(ENGINES[0])
  const right = { ...sealed, ...given.env, ENCRYPTION_KEY: one.key().trim() }
  expect(await trek(right, 'restore', backup)).toMatchObject({ code: 0 })
  expect(existsSync(join(given.dataDir, 'encryption.key'))).toBe(false)
}, 60_000)

test('an encrypted backup without the key of its database says so, and contains no other key', async () => {
  const { instance, env } = await withOwnKey()
  const sealed = { ...env, BACKUP_PASSPHRASE: 'correct horse battery' }
  const to = (name: string) => join(instance.dataDir, '..', `${name}.tar.zst.age`)
  const failsWith = (reason: RegExp) => ({
    code: 0,
    stdout: expect.stringMatching(
      new RegExp(`The backup is encrypted, but does not contain the encryption key: ${reason.source}`),
    ),
  })
  writeFileSync(join(instance.dataDir, 'encryption.key'), `${'ab'.repeat(32)}\n`)
  const other = await trek(sealed, 'backup', to('other'))
  expect(other).toMatchObject(failsWith(/the one in .*encryption\.key does not belong to this database/))
  expect(other.stdout).not.toContain('not encrypted')
  rmSync(join(instance.dataDir, 'encryption.key'))
  expect(await trek(sealed, 'backup', to('none'))).toMatchObject(
    failsWith(/ENCRYPTION_KEY is not set, and there is no .*encryption\.key/),
  )
  const document = await trek(sealed, 'backup', to('document'), '--json')
  expect(JSON.parse(document.stdout)).toMatchObject({ backup: { encrypted: true, manifest: { has_key: false } } })

  const fresh = await placeOn(ENGINES[0])
  expect(await trek({ ...sealed, ...fresh.env, ENCRYPTION_KEY: '' }, 'restore', to('other'))).toMatchObject({ code: 0 })
  expect(existsSync(join(fresh.dataDir, 'encryption.key'))).toBe(false)
}, 60_000)

test('only a key that belongs to the database is shown', async () => {
  const { instance, env, key } = await withOwnKey()
  const file = join(instance.dataDir, 'encryption.key')
  const own = key()
  const show = (more: Record<string, string> = {}) => trek({ ...env, ...more }, 'encryption-key', 'show')
  const refused = (expectedError: RegExp) => ({ code: 1, stdout: '', stderr: expect.stringMatching(expectedError) })
  expect(await show()).toMatchObject({ code: 0, stdout: own })
  expect(await show({ ENCRYPTION_KEY: 'ab'.repeat(32) })).toMatchObject(
    refused(/This database belongs to the encryption key with the fingerprint .*, and the one in ENCRYPTION_KEY has/),
  )
  rmSync(file)
  expect(await show()).toMatchObject(
    refused(/This database belongs to .*, and ENCRYPTION_KEY is not set, and there is no /),
  )
  mkdirSync(file)
  expect(await show()).toMatchObject(
    refused(/encryption\.key is a folder, where a file is expected\. Look at DATA_DIR/),
  )
  rmSync(file, { recursive: true })
  writeFileSync(file, own)
  // With a damaged database, the key is needed for the restore.
  writeFileSync(join(instance.dataDir, 'trek.db'), 'x'.repeat(5000))
  expect(await show()).toMatchObject({ code: 0, stdout: own, stderr: expect.stringMatching(/could not be compared/) })
}, 60_000)
