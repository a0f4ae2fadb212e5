import { execFileSync } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import {
  chmodSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gzipSync, zstdCompressSync, zstdDecompressSync } from 'node:zlib'
import { packTar } from 'modern-tar'
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import { runCli } from '../cli/index.ts'
import { readConfig } from '../config/index.ts'
import { openProduct } from '../product.ts'

const IDENTITY = 'AGE-SECRET-KEY-1TF3U80K9KWUL6RTG3HDN6QCEJPFUG38K3W9KZ8RS7KWJ6M77ZXQSJ5XP5D'
const RECIPIENT = 'age14w0d0rp54v3m8cn66umhhzfpxays4ngksarxsmk5qsq6dn7z83nq5wex4g'
const OTHER_IDENTITY = 'AGE-SECRET-KEY-184W2J3AN320MSEU8QDM77PKN8CVQ7SLNH6DCR5GK0GA2TLPH7FGSG5VHFN'
const PASSPHRASE = 'correct horse battery'

const folder = mkdtempSync(join(tmpdir(), 'trek-read-'))
const dataDir = join(folder, 'data')
const file = join(folder, 'spoilt')
const backups: Record<'plain' | 'forKey' | 'forPassphrase', Buffer> = {
  plain: Buffer.alloc(0),
  forKey: Buffer.alloc(0),
  forPassphrase: Buffer.alloc(0),
}

async function trek(env: Record<string, string>, ...words: string[]) {
  const settings = {
    DATA_DIR: dataDir,
    DATABASE_URL: '',
    BACKUP_PASSPHRASE: '',
    BACKUP_IDENTITY: '',
    BACKUP_RECIPIENT: '',
  }
  for (const [name, value] of Object.entries({ ...settings, ...env })) vi.stubEnv(name, value)
  const output = { stdout: '', stderr: '' }
  const stream = (name: 'stdout' | 'stderr') => ({ write: (text: string) => void (output[name] += text) })
  const code = await runCli(words, openProduct, { stdout: stream('stdout'), stderr: stream('stderr') })
  vi.unstubAllEnvs()
  return { code, ...output }
}

beforeAll(async () => {
  const config = readConfig({ DATA_DIR: dataDir })
  await (await openProduct(config, { onError: () => {}, server: { warn: () => {}, newInstance: false } })).close()
  const backupNamed = async (name: string, env: Record<string, string>) => {
    expect(await trek(env, 'backup', join(folder, name))).toMatchObject({ code: 0, stderr: '' })
    return readFileSync(join(folder, name))
  }
  backups.plain = await backupNamed('plain', {})
  backups.forKey = await backupNamed('for-key', { BACKUP_RECIPIENT: RECIPIENT })
  backups.forPassphrase = await backupNamed('for-passphrase', { BACKUP_PASSPHRASE: PASSPHRASE })
})
afterAll(() => rmSync(folder, { recursive: true }))

const cut = (bytes: Buffer, length: number) => bytes.subarray(0, length)
const lacking = (bytes: Buffer, length: number) => bytes.subarray(0, bytes.length - length)

/** With one bit changed. */
function flipped(bytes: Buffer, at: number): Buffer {
  const copy = Buffer.from(bytes)
  copy[at] = (copy[at] ?? 0) ^ 1
  return copy
}

async function encrypted(bytes: Buffer): Promise<Buffer> {
  const { Encrypter } = await import('age-encryption')
  const encrypter = new Encrypter()
  encrypter.addRecipient(RECIPIENT)
  return Buffer.from(await encrypter.encrypt(bytes))
}

const tarOf = async (name: string, data: string): Promise<Buffer> =>
  Buffer.from(await packTar([{ header: { name, size: data.length }, body: data }]))

const folderPacked = async (): Promise<Buffer> => {
  const tar = await packTar([
    { header: { name: './', size: 0, type: 'directory' } },
    { header: { name: './trek.db', size: 4 }, body: 'rows' },
  ])
  return zstdCompressSync(tar)
}

const WITH_KEY = { BACKUP_IDENTITY: IDENTITY }
const EARLY =
  'is damaged: it ends too early. It was cut off when it was made or copied. Copy it again, or take another backup.'
const ENDS_OR_CHANGED =
  'is damaged: it ends too early, or some of its bytes have changed. Copy it again, or take another'
const MORE = 'is damaged: there is more data after its end. Copy it again, or take another'
const GIVE = 'Give a file made by trek backup.'

type Case = readonly [what: string, bytes: () => Buffer | Promise<Buffer>, says: string, env?: Record<string, string>]
const CASES: readonly Case[] = [
  ['an empty file', () => Buffer.alloc(0), 'is empty. Copy it again, or take another backup.'],
  ['three bytes of one', () => cut(backups.plain, 3), EARLY],
  ['100 bytes of one', () => cut(backups.plain, 100), EARLY],
  ['the first half of one', () => cut(backups.plain, backups.plain.length >> 1), EARLY],
  ['all but the last 300 bytes', () => lacking(backups.plain, 300), EARLY],
  ['all but the last byte', () => lacking(backups.plain, 1), EARLY],
  ['one with a changed byte', () => flipped(backups.plain, backups.plain.length >> 1), 'is damaged: '],
  ['one with a changed byte at its end', () => flipped(backups.plain, backups.plain.length - 60), 'is damaged: '],
  ['two backups in one file', () => Buffer.concat([backups.plain, backups.plain]), MORE],
  ['one with a text behind it', () => Buffer.concat([backups.plain, Buffer.from('the end\n')]), MORE],
  ['a zip file', () => Buffer.from('PK\x03\x04 and so on'), `is not a backup of TREK, but a zip file. ${GIVE}`],
  ['a PDF', () => Buffer.from('%PDF-1.7 and so on'), `is not a backup of TREK, but a PDF. ${GIVE}`],
  ['something packed with gzip', () => gzipSync('x'), `but a file packed with gzip. ${GIVE}`],
  ['a text', () => Buffer.from('Dear diary'), `is not a backup of TREK. ${GIVE}`],
  [
    'the database',
    () => readFileSync(join(dataDir, 'trek.db')),
    'is not a backup of TREK, but a SQLite database. Give a',
  ],
  ['one that was unpacked', () => zstdDecompressSync(backups.plain), 'but an uncompressed tar file. If it is an'],
  ['a folder, packed', folderPacked, 'but another tar file packed with Zstandard (it begins with ./)'],
  ['something else packed', () => zstdCompressSync('Dear diary'), 'but something else that was packed with Zstandard'],
  ['one with only its first part', async () => zstdCompressSync(await tarOf('manifest.json', '{}')), 'is damaged: '],
  ['50 bytes of an encrypted one', () => cut(backups.forKey, 50), EARLY, WITH_KEY],
  ['only the header of an encrypted one', () => cut(backups.forKey, 205), ENDS_OR_CHANGED, WITH_KEY],
  [
    'the first half of an encrypted one',
    () => cut(backups.forKey, backups.forKey.length >> 1),
    ENDS_OR_CHANGED,
    WITH_KEY,
  ],
  ['an encrypted one without its end', () => lacking(backups.forKey, 300), ENDS_OR_CHANGED, WITH_KEY],
  [
    'an encrypted one with more behind it',
    () => Buffer.concat([backups.forKey, backups.forKey]),
    'is damaged: ',
    WITH_KEY,
  ],
  ['an encrypted one with changed bytes', () => flipped(backups.forKey, 9000), 'some of its bytes ', WITH_KEY],
  [
    'an encrypted one with a changed header',
    () => flipped(backups.forKey, 24),
    'is damaged: some of its bytes',
    WITH_KEY,
  ],
  ['an encrypted zip file', () => encrypted(Buffer.from('PK\x03\x04 and so on')), 'TREK, but a zip file', WITH_KEY],
  ['an encrypted part of one', () => encrypted(lacking(backups.plain, 300)), EARLY, WITH_KEY],
  ['an encrypted one, encrypted', () => encrypted(backups.forKey), 'something that was encrypted twice', WITH_KEY],
  ['one for a key, without it', () => backups.forKey, 'is encrypted for a public key. Set BACKUP_IDENTITY'],
  [
    'one for a key, with a passphrase',
    () => backups.forKey,
    'is encrypted for a public key. Set BACKUP_IDENTITY to its secret key',
    { BACKUP_PASSPHRASE: PASSPHRASE },
  ],
  [
    'one for another key',
    () => backups.forKey,
    'cannot be opened with BACKUP_IDENTITY. Set it',
    { BACKUP_IDENTITY: OTHER_IDENTITY },
  ],
  [
    'one with a passphrase, without it',
    () => backups.forPassphrase,
    'with a passphrase. Set BACKUP_PASSPHRASE to that passphrase',
  ],
  [
    'one with a passphrase, with a key',
    () => backups.forPassphrase,
    'with a passphrase. Set BACKUP_PASSPHRASE',
    WITH_KEY,
  ],
  [
    'one with another passphrase',
    () => backups.forPassphrase,
    'cannot be opened with BACKUP_PASSPHRASE. Set it to the passphrase of',
    { BACKUP_PASSPHRASE: 'battery staple horse' },
  ],
]

const JARGON =
  /\b(frame|descriptor|corruption|tag|HMAC|Z_\w+|ZSTD_\w+|stream|stanza|checksum|undefined|null|Zod|JSON)\b/i

/** The contents of an instance, without files that exist only while a command runs. */
const heldFiles = () =>
  Object.fromEntries(
    readdirSync(dataDir)
      .filter((name) => !name.endsWith('.lock') && !name.startsWith('trek.db-'))
      .map((name) => [name, name === 'trek.db' ? readFileSync(join(dataDir, name), 'base64') : '']),
  )

for (const [description, bytes, expectedText, env = {}] of CASES) {
  test(`a file that is no complete backup is refused with the reason, and nothing is changed: ${description}`, async () => {
    writeFileSync(file, await bytes())
    const before = heldFiles()
    const verified = await trek(env, 'verify', file)
    expect(verified).toMatchObject({ code: 1, stdout: '' })
    expect(verified.stderr).toContain(expectedText)
    expect(verified.stderr).toMatch(/^Error: \S*\/spoilt (is|cannot) .*\.\n$/)
    expect(verified.stderr).not.toMatch(JARGON)
    expect(verified.stderr).not.toMatch(/\bE[A-Z]{4,}\b/)
    expect(await trek(env, 'restore', file, '--replace')).toEqual(verified)
    expect(heldFiles()).toEqual(before)
  })
}

const INSTEAD = 'Give the path of a backup.'
const FULL = 'full/trek-2027-04-06T03-00-00Z-3f0c5d2e.tar.zst.age'
const NO_FILES: readonly (readonly [what: string, name: string, says: string])[] = [
  ['nothing', 'nowhere', `does not exist. ${INSTEAD}`],
  ['a folder', 'empty', `is a folder, and contains no backup with a name that TREK generates. ${INSTEAD}`],
  [
    'a folder with a slash',
    'empty/',
    `is a folder, and contains no backup with a name that TREK generates. ${INSTEAD}`,
  ],
  ['a folder of backups', 'full', `is a folder. Give a backup in it, such as ${join(folder, FULL)}.`],
  ['a link to a folder', 'to-full', `is a folder. Give a backup in it, such as ${join(folder, `to-${FULL}`)}.`],
  [
    'a dangling link',
    'dangling',
    `is a link to /nowhere/at/all, which does not exist. Mount its disk, or give the path of a backup.`,
  ],
  [
    'a link to itself',
    'circle',
    `is a link to circle, which links back to it. Mount its disk, or give the path of a backup.`,
  ],
  ['a pipe', 'pipe', `is neither a file nor a folder. ${INSTEAD}`],
  [
    'a file below a file',
    'plain/below',
    `cannot be read: it is not a folder, or lies in something that is none. ${INSTEAD}`,
  ],
]

describe('what is no file is called what it is, with what to give instead', () => {
  beforeAll(() => {
    for (const name of ['empty', 'full']) mkdirSync(join(folder, name))
    const olderName = 'full/trek-2027-04-05T03-00-00Z-7a11b0c4.tar.zst'
    for (const name of [FULL, olderName, 'full/zebra']) writeFileSync(join(folder, name), '')
    symlinkSync('/nowhere/at/all', join(folder, 'dangling'))
    symlinkSync('circle', join(folder, 'circle'))
    symlinkSync('full', join(folder, 'to-full'))
    execFileSync('mkfifo', [join(folder, 'pipe')])
  })

  test.each(NO_FILES)('%s', async (_what, name, expectedText) => {
    const before = heldFiles()
    const path = `${folder}/${name}`
    for (const words of [['verify'], ['rehearse'], ['restore', '--replace']]) {
      expect(await trek({}, ...words, path)).toEqual({
        code: 1,
        stdout: '',
        stderr: `Error: ${path} ${expectedText}\n`,
      })
    }
    expect(heldFiles()).toEqual(before)
  })

  test('a file that may not be read', async () => {
    const path = join(folder, 'closed')
    writeFileSync(path, backups.plain, { mode: 0 })
    // Root may read everything: the same is asked as somebody else.
    const asNobody = process.getuid?.() === 0
    if (asNobody) chmodSync(folder, 0o755)
    if (asNobody) process.seteuid?.(65_534)
    try {
      const verified = await trek({ DATA_DIR: join(folder, 'none') }, 'verify', path)
      expect(verified).toEqual({
        code: 1,
        stdout: '',
        stderr: `Error: ${path} may not be read by the user that runs this command. Give that user the right to read it and to pass the folders above it, or run the command as its owner.\n`,
      })
    } finally {
      if (asNobody) process.seteuid?.(0)
    }
  })
})

/** More than any disk has. */
const HUGE = 10 ** 15

/** A backup with this size in its manifest, up to the beginning of a database of that size. */
async function beginning(size: { manifest?: number; database: number }): Promise<Buffer> {
  writeFileSync(file, backups.plain)
  const { manifest } = JSON.parse((await trek({}, 'verify', file, '--json')).stdout)
  expect(manifest.unpacked_bytes).toBeGreaterThan(100_000)
  const text = JSON.stringify({ ...manifest, unpacked_bytes: size.manifest })
  const end = Buffer.alloc(1024)
  const [first, header] = [await tarOf('manifest.json', text), tarHeader('database.sqlite', size.database)]
  // More than is read ahead, where the end would be noticed first.
  const bytes = randomBytes(Math.min(size.database, 4_000_000))
  return zstdCompressSync(Buffer.concat([first.subarray(0, -end.length), header, bytes]))
}

/** A header with a size that needs more than eleven octal digits (GNU tar). */
function tarHeader(name: string, size: number): Buffer {
  const header = Buffer.alloc(512)
  header.write(name)
  header.write('0000600\0', 100)
  header[124] = 0x80
  header.writeBigUInt64BE(BigInt(size), 128)
  header.write('        0', 148)
  header.write('ustar\x0000', 257)
  const sum = header.reduce((total, byte) => total + byte, 0)
  header.write(`${sum.toString(8).padStart(6, '0')}\0 `, 148)
  return header
}

test('too little room is reported before anything is written: how much is needed, and how much is free', async () => {
  const expectedText = new RegExp(
    `^Error: The backup needs 1000\\.0 TB in ${dataDir}, where \\S+ [MGT]B are free\\. Make room there`,
  )
  const before = heldFiles()
  const refused = async (...words: string[]) =>
    expect(await trek({}, ...words)).toMatchObject({ code: 1, stderr: expect.stringMatching(expectedText) })
  writeFileSync(file, await beginning({ manifest: HUGE, database: 15 }))
  await refused('restore', file, '--replace')
  // To verify a backup, only its database is unpacked.
  expect((await trek({}, 'verify', file)).stderr).toContain('spoilt is damaged: ')
  for (const manifest of [undefined, 1000]) {
    writeFileSync(file, await beginning({ ...(manifest && { manifest }), database: HUGE }))
    await refused('restore', file, '--replace')
    await refused('verify', file)
    await refused('rehearse', file)
  }
  expect(heldFiles()).toEqual(before)
})

test('a complete backup is verified, and programs get the reason for a refusal', async () => {
  for (const [name, env] of [
    ['plain', {}],
    ['for-key', WITH_KEY],
    ['for-passphrase', { BACKUP_PASSPHRASE: PASSPHRASE, ...WITH_KEY }],
  ] as const) {
    expect(await trek(env, 'verify', join(folder, name))).toMatchObject({ code: 0, stderr: '' })
  }
  writeFileSync(file, cut(backups.plain, 100))
  const outcome = await trek({}, 'verify', file, '--json')
  expect(JSON.parse(outcome.stdout)).toEqual({ error: { code: 'failed', message: `${file} ${EARLY}` } })
})
