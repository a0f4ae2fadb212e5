import { DamagedBackup, NoBackup } from './damage.ts'

/** The layers of a backup, from outside to inside. */
export type Wrapping = 'age' | 'zstd'

export const AGE = Buffer.from('age-encryption.org/v1\n')
export const ZSTD = Buffer.from([0x28, 0xb5, 0x2f, 0xfd])
const TAR_AT = 257

/** Enough bytes to recognise a file. */
export const LOOKED_AT = 512

const FOREIGN: readonly { begins: string; at?: number; looks: string; advice?: string }[] = [
  { begins: 'PK\x03\x04', looks: 'a zip file' },
  { begins: 'PK\x05\x06', looks: 'a zip file' },
  { begins: '%PDF-', looks: 'a PDF' },
  {
    begins: 'SQLite format 3\0',
    looks: 'a SQLite database',
    advice: 'Give a file that trek backup made of the instance with this database.',
  },
  {
    begins: 'ustar',
    at: TAR_AT,
    looks: 'an uncompressed tar file',
    advice: 'If it is an unpacked backup, pack it again with zstd. Otherwise give a file made by trek backup.',
  },
  { begins: '\x1f\x8b', looks: 'a file packed with gzip' },
  { begins: '\xfd7zXZ\0', looks: 'a file packed with xz' },
  { begins: '7z\xbc\xaf\x27\x1c', looks: 'a 7z file' },
  {
    begins: '-----BEGIN AGE ENCRYPTED FILE-----',
    looks: 'an age file in text form',
    advice: 'Decrypt it with age -d, and give the decrypted file.',
  },
]

/** Recognises a file by its first bytes. Throws if it is not a backup. */
export function wrappingOf(start: Buffer): Wrapping {
  if (!start.length) throw new DamagedBackup('is empty. Copy it again, or take another backup.')
  // A start shorter than the mark was cut off within it.
  const isMarked = (mark: Buffer) => start.subarray(0, mark.length).equals(mark.subarray(0, start.length))
  if (isMarked(ZSTD)) return 'zstd'
  if (isMarked(AGE)) return 'age'
  const text = start.toString('latin1')
  const format = FOREIGN.find(({ begins, at = 0 }) => text.startsWith(begins, at))
  throw new NoBackup(format?.looks ?? null, format?.advice)
}

/** Reads the first bytes until they are enough or end. Returns them, and all the bytes again. */
export async function withStart(
  source: AsyncIterable<Uint8Array>,
  isEnough: (start: Buffer) => boolean,
): Promise<{ start: Buffer; bytes: AsyncIterable<Uint8Array> }> {
  const reader = source[Symbol.asyncIterator]()
  let start = Buffer.alloc(0)
  while (!isEnough(start)) {
    const { done, value } = await reader.next()
    if (done) break
    start = Buffer.concat([start, value])
  }
  async function* all(): AsyncGenerator<Uint8Array> {
    if (start.length) yield start
    for (let next = await reader.next(); !next.done; next = await reader.next()) yield next.value
  }
  return { start, bytes: all() }
}
