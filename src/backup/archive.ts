import { createHash } from 'node:crypto'
import { pipeline as piped, Readable, Transform, type Writable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import type { ReadableStream as WebStream } from 'node:stream/web'
import { createZstdCompress, createZstdDecompress } from 'node:zlib'
import { createTarDecoder, createTarPacker } from 'modern-tar'
import { changed, cutOff, damaged, followed, NoBackup, UnreadableBackup } from './damage.ts'
import { type Seal, WITHOUT_KEYS } from './encryption.ts'
import { LOOKED_AT, withStart, wrappingOf } from './looks.ts'

/**
 * A backup is a tar file (POSIX.1-2001, pax) compressed with Zstandard (RFC 8878) and optionally encrypted with age.
 * Its last entry contains the length and SHA-256 of all others: an archive without it is incomplete.
 */
export interface Part {
  readonly name: string
  /** In bytes. */
  readonly size: number
  readonly bytes: AsyncIterable<Uint8Array>
}

const CHECKSUMS = 'checksums.json'

type Checksums = Record<string, { size: number; sha256: string }>

/** A part held in memory. */
export function textPart(name: string, text: string): Part {
  const bytes = Buffer.from(text)
  return { name, size: bytes.length, bytes: Readable.from([bytes]) }
}

/** Writes an archive while its parts arrive. Ends `out`. */
export async function writeArchive(parts: AsyncIterable<Part>, out: Writable, seal: Seal | null): Promise<void> {
  const { readable, controller } = createTarPacker()
  const source = Readable.fromWeb(readable as WebStream)
  const sink = seal
    ? pipeline(source, createZstdCompress(), seal.encrypted, out)
    : pipeline(source, createZstdCompress(), out)
  const [packed, written] = await Promise.allSettled([pack(parts, controller), sink])
  // A failed part fails the stream too; after a failed stream, the packer only sees that it is closed.
  if (written.status === 'rejected') throw written.reason
  if (packed.status === 'rejected') throw packed.reason
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
      // The packer does not accept a Buffer.
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
 * The parts of an archive; read each to its end before the next. Throws `UnreadableBackup` after the last part at the
 * latest: trust nothing before that.
 */
export async function* readArchive(source: Readable, seal: Seal | null): AsyncGenerator<Part> {
  const seen: Checksums = {}
  let expected: Checksums | null = null
  let entries = 0
  let opened: Opened | undefined
  const asDamage = (error: unknown) => damageOf(error, { opened, isTar: entries > 0 })
  try {
    opened = await open(source, seal ?? WITHOUT_KEYS)
    for await (const { header, body } of entriesOf(opened.plain)) {
      entries++
      const { name, size } = header
      opened.expect(size)
      if (name === CHECKSUMS) {
        expected = checksumsIn(await textOf(body))
        continue
      }
      const hash = createHash('sha256')
      let read = 0
      yield {
        name,
        size,
        bytes: each(body, asDamage, (chunk) => {
          hash.update(chunk)
          read += chunk.length
        }),
      }
      seen[name] = { size: read, sha256: hash.digest('hex') }
    }
    compare(seen, expected)
    opened.refuseOtherEnd()
  } catch (error) {
    throw asDamage(error)
  } finally {
    source.destroy()
  }
}

interface Entry {
  readonly header: { readonly name: string; readonly size: number }
  readonly body: AsyncIterable<Uint8Array>
}

const entriesOf = (plain: Readable): AsyncIterable<Entry> =>
  Readable.toWeb(plain).pipeThrough(createTarDecoder({ strict: true }) as never) as AsyncIterable<Entry>

/** The tar file in a backup. */
interface Opened {
  readonly plain: Readable
  /** The first error. */
  failure(): unknown
  /** Adds the size of an entry. */
  expect(size: number): void
  /** Throws if there is more than expected, or if the last bytes are missing. */
  refuseOtherEnd(): void
}

const BLOCK = 512
/** Entries of this size have a second header of up to three blocks. */
const LARGE = 8 * 1024 ** 3
/** Other programs pad a tar file to a multiple of this. */
const FILLED_UP = 10_240

async function open(source: Readable, seal: Seal): Promise<Opened> {
  let packed = await withStart(source, hasLook)
  if (wrappingOf(packed.start) === 'age') {
    packed = await withStart(seal.decrypted(packed.bytes), hasLook)
    if (wrappingOf(packed.start) === 'age') throw new NoBackup('something that was encrypted twice')
  }
  let bytesIn = 0
  let unpacked = 0
  let expected = 2 * BLOCK
  let failure: unknown
  const unpack = createZstdDecompress()
  const plain = new Transform({
    transform(chunk: Buffer, _encoding, done) {
      unpacked += chunk.length
      done(null, chunk)
    },
  })
  let last: Uint8Array = new Uint8Array()
  const count = (chunk: Uint8Array) => {
    bytesIn += chunk.length
    last = chunk
  }
  piped(Readable.from(each(oneFrame(packed.bytes), asItIs, count)), unpack, plain, () => {})
  plain.on('error', (error) => {
    failure ??= error
  })
  return {
    plain,
    failure: () => failure,
    expect(size) {
      expected += BLOCK + Math.ceil(size / BLOCK) * BLOCK + (size < LARGE ? 0 : 3 * BLOCK)
    },
    refuseOtherEnd() {
      const behind = bytesIn - unpack.bytesWritten
      if (behind > 0 && behind <= last.length && isBeginning(last.subarray(last.length - behind))) throw cutOff()
      // Data after the compressed bytes is not unpacked, except a second archive that begins exactly at a chunk
      // boundary.
      if (behind > 0 || unpacked > expected + FILLED_UP) throw followed()
    },
  }
}

/** Node ends some compressed output with an empty frame, and reads no frame after the first. */
const EMPTY_FRAME = Buffer.from([0x28, 0xb5, 0x2f, 0xfd, 0x20, 0, 1, 0, 0])

const isBeginning = (bytes: Uint8Array): boolean => EMPTY_FRAME.subarray(0, bytes.length).equals(bytes)

async function* oneFrame(packed: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  let last = Buffer.alloc(0)
  for await (const chunk of packed) {
    const all = Buffer.concat([last, chunk])
    const end = Math.max(0, all.length - EMPTY_FRAME.length)
    if (end) yield all.subarray(0, end)
    last = all.subarray(end)
  }
  if (!last.equals(EMPTY_FRAME)) yield last
}

const asItIs = (error: unknown): unknown => error

const hasLook = (start: Buffer): boolean => start.length >= LOOKED_AT

async function* each(
  body: AsyncIterable<Uint8Array>,
  inWords: (error: unknown) => unknown,
  seen: (chunk: Uint8Array) => void,
): AsyncGenerator<Uint8Array> {
  try {
    for await (const chunk of body) {
      seen(chunk)
      yield chunk
    }
  } catch (error) {
    throw inWords(error)
  }
}

/** The full text of a part. */
export async function textOf(bytes: AsyncIterable<Uint8Array>): Promise<string> {
  const chunks: Uint8Array[] = []
  for await (const chunk of bytes) chunks.push(chunk)
  return Buffer.concat(chunks).toString()
}

function checksumsIn(text: string): Checksums {
  try {
    return JSON.parse(text) as Checksums
  } catch (error) {
    throw changed(error)
  }
}

function compare(seen: Checksums, expected: Checksums | null): void {
  if (!expected) throw cutOff()
  for (const [name, { size, sha256 }] of Object.entries(expected)) {
    const actual = seen[name]
    if (!actual) throw damaged(`${name} is missing`)
    if (actual.size !== size || actual.sha256 !== sha256) throw damaged(`${name} has changed`)
  }
  for (const name of Object.keys(seen)) {
    if (!expected[name]) throw damaged(`it contains ${name}, which its list of contents lacks`)
  }
}

/** An error of a file or connection is no damage of the data. */
function damageOf(error: unknown, { opened, isTar }: { opened: Opened | undefined; isTar: boolean }): unknown {
  const failure = opened?.failure()
  const reason = failure ?? error
  if (reason instanceof UnreadableBackup) return reason
  const { code = '' } = reason as NodeJS.ErrnoException
  if (code === 'Z_BUF_ERROR') return cutOff(reason)
  // The first archive began correctly.
  if (code === 'ZSTD_error_prefix_unknown') return followed(reason)
  if (code.startsWith('ZSTD_')) return changed(reason)
  if (failure || !opened) return reason
  return isTar
    ? changed(reason)
    : new NoBackup('something else that was packed with Zstandard, or damaged at its beginning')
}
