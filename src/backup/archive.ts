import { createHash } from 'node:crypto'
import { pipeline as piped, Readable, type Writable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import type { ReadableStream as WebStream } from 'node:stream/web'
import { createZstdCompress, createZstdDecompress } from 'node:zlib'
import { createTarDecoder, createTarPacker } from 'modern-tar'
import { isEncrypted, type Seal, UnknownSeal } from './encryption.ts'

/**
 * A backup is a tar file (POSIX.1-2001, pax) packed with Zstandard (RFC 8878), and encrypted with age if that is wanted. Its last
 * entry has the length and the SHA-256 of all others: an archive without it was cut off.
 */
export interface Part {
  readonly name: string
  /** In bytes. */
  readonly size: number
  readonly bytes: AsyncIterable<Uint8Array>
}

const CHECKSUMS = 'checksums.json'

type Checksums = Record<string, { size: number; sha256: string }>

/** The archive is incomplete, or TREK did not write it. */
export class DamagedBackup extends Error {
  override readonly name = 'DamagedBackup'
}

/** A part that is all there. */
export function textPart(name: string, text: string): Part {
  const bytes = Buffer.from(text)
  return { name, size: bytes.length, bytes: Readable.from([bytes]) }
}

/** Writes an archive as its parts come; `out` is ended. */
export async function writeArchive(parts: AsyncIterable<Part>, out: Writable, seal: Seal | null): Promise<void> {
  const { readable, controller } = createTarPacker()
  const source = Readable.fromWeb(readable as WebStream)
  const sink = seal
    ? pipeline(source, createZstdCompress(), seal.encrypted, out)
    : pipeline(source, createZstdCompress(), out)
  const [packed, written] = await Promise.allSettled([pack(parts, controller), sink])
  // What was wrong with a part is the reason for what is wrong with the stream.
  if (packed.status === 'rejected') throw packed.reason
  if (written.status === 'rejected') throw written.reason
}

async function pack(
  parts: AsyncIterable<Part>,
  controller: ReturnType<typeof createTarPacker>['controller'],
): Promise<void> {
  const checksums: Checksums = {}
  async function add({ name, size, bytes }: Part): Promise<void> {
    const hash = createHash('sha256')
    const body = controller.add({ name, size, mode: 0o600 }).getWriter()
    for await (const chunk of bytes) {
      hash.update(chunk)
      // The packer takes no Buffer.
      await body.write(new Uint8Array(chunk.buffer as ArrayBuffer, chunk.byteOffset, chunk.byteLength))
    }
    await body.close()
    checksums[name] = { size, sha256: hash.digest('hex') }
  }
  try {
    for await (const part of parts) await add(part)
    await add(textPart(CHECKSUMS, JSON.stringify(checksums)))
    controller.finalize()
  } catch (error) {
    controller.error(error)
    throw error
  }
}

/**
 * The parts of an archive, each to be read to its end before the next one. Fails with `DamagedBackup` at the latest after the last
 * part: nothing that was read counts before.
 */
export async function* readArchive(source: Readable, seal: Seal | null): AsyncGenerator<Part> {
  const seen: Checksums = {}
  let expected: Checksums | null = null
  try {
    for await (const { header, body } of entriesOf(await opened(source, seal))) {
      const { name, size } = header
      if (name === CHECKSUMS) {
        expected = JSON.parse(await textOf(body)) as Checksums
        continue
      }
      const hash = createHash('sha256')
      let read = 0
      yield {
        name,
        size,
        bytes: each(body, (chunk) => {
          hash.update(chunk)
          read += chunk.length
        }),
      }
      seen[name] = { size: read, sha256: hash.digest('hex') }
    }
  } catch (error) {
    throw asDamage(error)
  } finally {
    source.destroy()
  }
  compare(seen, expected)
}

interface Entry {
  readonly header: { readonly name: string; readonly size: number }
  readonly body: AsyncIterable<Uint8Array>
}

const entriesOf = (plain: Readable): AsyncIterable<Entry> =>
  Readable.toWeb(plain).pipeThrough(createTarDecoder({ strict: true }) as never) as AsyncIterable<Entry>

/** The tar file in a backup. */
async function opened(source: Readable, seal: Seal | null): Promise<Readable> {
  const { encrypted, bytes } = await isEncrypted(source)
  if (encrypted && !seal)
    throw new UnknownSeal('This backup is encrypted, and neither a passphrase nor a key was given.')
  const packed = encrypted && seal ? Readable.from(seal.decrypted(bytes)) : Readable.from(bytes)
  const plain = createZstdDecompress()
  piped(packed, plain, () => {})
  return plain
}

async function* each(body: AsyncIterable<Uint8Array>, seen: (chunk: Uint8Array) => void): AsyncGenerator<Uint8Array> {
  try {
    for await (const chunk of body) {
      seen(chunk)
      yield chunk
    }
  } catch (error) {
    throw asDamage(error)
  }
}

/** All of a part that is a text. */
export async function textOf(bytes: AsyncIterable<Uint8Array>): Promise<string> {
  const chunks: Uint8Array[] = []
  for await (const chunk of bytes) chunks.push(chunk)
  return Buffer.concat(chunks).toString()
}

function compare(seen: Checksums, expected: Checksums | null): void {
  if (!expected) throw new DamagedBackup('The backup is not whole: its end is missing.')
  for (const [name, { size, sha256 }] of Object.entries(expected)) {
    const found = seen[name]
    if (!found) throw new DamagedBackup(`The backup is damaged: ${name} is missing.`)
    if (found.size !== size || found.sha256 !== sha256)
      throw new DamagedBackup(`The backup is damaged: ${name} has changed.`)
  }
  for (const name of Object.keys(seen)) {
    if (!expected[name]) throw new DamagedBackup(`The backup is damaged: nothing is known of ${name}.`)
  }
}

/** What the system says of a file or a line is no damage of what came over it. */
function asDamage(error: unknown): unknown {
  const { code = '', syscall } = error as NodeJS.ErrnoException
  if (error instanceof DamagedBackup || error instanceof UnknownSeal || syscall || code.startsWith('UND_')) return error
  return new DamagedBackup(`This is no backup of TREK, or it is damaged: ${(error as Error).message}`, { cause: error })
}
