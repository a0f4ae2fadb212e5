import { randomBytes } from 'node:crypto'
import { PassThrough, Readable, Writable } from 'node:stream'
import { buffer } from 'node:stream/consumers'
import { zstdCompressSync } from 'node:zlib'
import { describe, expect, test } from 'vitest'
import { type Part, readArchive, writeArchive } from './archive.ts'
import { DamagedBackup, NoBackup, UnknownSeal } from './damage.ts'
import { type Keys, sealWith } from './encryption.ts'

const NONE: Keys = { passphrase: null, recipient: null, identity: null }
const CONTENT: Record<string, Buffer> = {
  'manifest.json': Buffer.from('{"format":1}'),
  'files/empty': Buffer.alloc(0),
  'files/large': randomBytes(3_000_000),
}

async function* parts(content: Record<string, Buffer>): AsyncGenerator<Part> {
  for (const [name, bytes] of Object.entries(content)) yield { name, size: bytes.length, bytes: Readable.from([bytes]) }
}

async function archiveBytes(keys = NONE, content = CONTENT): Promise<Buffer> {
  const out = new PassThrough()
  const [bytes] = await Promise.all([buffer(out), writeArchive(parts(content), out, sealWith(keys))])
  return bytes
}

function readBack(bytes: Buffer, keys = NONE): Promise<Record<string, Buffer>> {
  // In pieces, as over a network.
  const pieces = Array.from({ length: Math.ceil(bytes.length / 7777) }, (_, at) =>
    bytes.subarray(at * 7777, (at + 1) * 7777),
  )
  return readPieces(pieces, keys)
}

async function readPieces(pieces: Buffer[], keys = NONE): Promise<Record<string, Buffer>> {
  const bodies: Record<string, Buffer> = {}
  for await (const { name, size, bytes: body } of readArchive(Readable.from(pieces), sealWith(keys))) {
    bodies[name] = await buffer(body)
    expect(bodies[name].length).toBe(size)
  }
  return bodies
}

test('a written archive can be read', async () => {
  expect(await readBack(await archiveBytes())).toEqual(CONTENT)
})

test('an archive that is cut off anywhere is damaged, and so is one with a changed byte', async () => {
  const archive = await archiveBytes()
  const lengths = [0.001, 0.3, 0.7, 0.99, 0.9999].map((share) => Math.floor(archive.length * share))
  for (const length of [...lengths, ...[1, 2, 5, 8, 10, 20].map((missing) => archive.length - missing)]) {
    await expect(readBack(archive.subarray(0, length)).then(() => length)).rejects.toThrow(/it ends too early/)
  }
  await expect(readBack(Buffer.alloc(0))).rejects.toThrow(/is empty/)
  for (const share of [0.1, 0.5, 0.9]) {
    const changed = Buffer.from(archive)
    const at = Math.floor(archive.length * share)
    changed[at] = (changed[at] ?? 0) ^ 1
    await expect(readBack(changed)).rejects.toThrow(DamagedBackup)
  }
})

test('a file that is no backup is reported as such', async () => {
  const diary = Buffer.from('Dear diary, today we went to Kyoto and saw the golden temple.')
  for (const foreignFile of [diary, zstdCompressSync(diary), zstdCompressSync(Buffer.alloc(2000, 'x'))]) {
    await expect(readBack(foreignFile)).rejects.toThrow(NoBackup)
  }
})

test('data after the end of an archive is refused, wherever it begins', async () => {
  const archive = await archiveBytes()
  expect(await readPieces([archive.subarray(0, -4), archive.subarray(-4)])).toEqual(CONTENT)
  for (const more of [
    archive,
    Buffer.from('and so on'),
    zstdCompressSync(Buffer.alloc(100_000, 'x')),
    Buffer.alloc(20_000),
  ]) {
    await expect(readBack(Buffer.concat([archive, more]))).rejects.toThrow(/there is more data after its end/)
    await expect(readPieces([archive, more])).rejects.toThrow(/there is more data after its end/)
  }
})

test('a failed write reports its first cause, not the closed streams that follow', async () => {
  const fullDisk = new Writable({ write: (_chunk, _encoding, done) => done(new Error('No room.')) })
  await expect(writeArchive(parts(CONTENT), fullDisk, null)).rejects.toThrow('No room.')
  const seal = sealWith({ ...NONE, recipient: 'age1foo' })
  await expect(writeArchive(parts(CONTENT), new PassThrough(), seal)).rejects.toThrow(/^invalid/)
})

test('a failing source leaves no archive that looks complete', async () => {
  async function* failing(): AsyncGenerator<Part> {
    yield* parts(CONTENT)
    const bytes = new Readable({ read: () => bytes.destroy(new Error('the disk has failed')) })
    yield { name: 'files/gone', size: 10, bytes }
  }
  const out = new PassThrough()
  const reading = buffer(out).catch((error: Error) => error)
  await expect(writeArchive(failing(), out, null)).rejects.toThrow('the disk has failed')
  expect(await reading).toBeInstanceOf(Error)
})

describe('encrypted', () => {
  test('with a passphrase, only that passphrase opens it', async () => {
    const bytes = await archiveBytes({ ...NONE, passphrase: 'correct horse' })
    expect(bytes.subarray(0, 21).toString()).toBe('age-encryption.org/v1')
    expect(bytes.includes(Buffer.from('manifest.json'))).toBe(false)
    expect(await readBack(bytes, { ...NONE, passphrase: 'correct horse' })).toEqual(CONTENT)
    await expect(readBack(bytes, { ...NONE, passphrase: 'battery staple' })).rejects.toThrow(UnknownSeal)
    await expect(readBack(bytes)).rejects.toThrow(/encrypted/)
  })

  test('for a recipient, only the identity of the recipient opens it', async () => {
    const { generateX25519Identity, identityToRecipient } = await import('age-encryption')
    const identity = await generateX25519Identity()
    const recipient = await identityToRecipient(identity)
    const bytes = await archiveBytes({ ...NONE, recipient })
    expect(await readBack(bytes, { ...NONE, identity })).toEqual(CONTENT)
    await expect(readBack(bytes, { ...NONE, identity: await generateX25519Identity() })).rejects.toThrow(UnknownSeal)
    await expect(readBack(bytes, { ...NONE, recipient })).rejects.toThrow(UnknownSeal)
  })

  test('and cut off, it is damaged', async () => {
    const keys = { ...NONE, passphrase: 'correct horse' }
    const bytes = await archiveBytes(keys)
    await expect(readBack(bytes.subarray(0, bytes.length - 100_000), keys)).rejects.toThrow(DamagedBackup)
  })
})
