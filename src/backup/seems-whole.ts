import { AGE, ZSTD } from './looks.ts'

/** Reads this many bytes from here, or what there is of them. */
export type ReadAt = (start: number, length: number) => Promise<Buffer>

/** The longest beginning of an age file, with some room: one recipient or a passphrase. */
const AGE_HEADER = 1024
/** A nonce and the tag of the only chunk. */
const AGE_LEAST = 32

const HEADER = 3
const BLOCK = 128 * 1024
const CHECKSUM = 4
const HAS_CHECKSUM = 0b100

/**
 * Whether a file looks like a whole backup, by its beginning and its end. It rejects other files, empty ones, and nearly all
 * unencrypted backups that were cut off. Only `trek verify` reads all of a backup.
 */
export async function seemsWhole(size: number, read: ReadAt): Promise<boolean> {
  if (size <= ZSTD.length) return false
  const start = await read(0, AGE_HEADER)
  if (start.subarray(0, ZSTD.length).equals(ZSTD)) {
    const length = Math.min(size, HEADER + BLOCK + CHECKSUM)
    return endsWithLastBlock(start, await read(size - length, length))
  }
  if (!start.subarray(0, AGE.length).equals(AGE)) return false
  const [header] = /^[\s\S]*?\n--- [\w+/]{43}\n/.exec(start.toString('latin1')) ?? []
  return header !== undefined && size > header.length + AGE_LEAST
}

/** Whether a last block begins in the tail that reaches exactly to the end of the file (RFC 8878, 3.1.1.2). */
function endsWithLastBlock(start: Buffer, tail: Buffer): boolean {
  const hasChecksum = ((start[ZSTD.length] ?? 0) & HAS_CHECKSUM) !== 0
  for (let at = tail.length - HEADER; at >= 0; at--) {
    const block = tail.readUIntLE(at, HEADER)
    const [isLast, type, size] = [block & 1, (block >> 1) & 0b11, block >> 3]
    if (!isLast || type === RESERVED || size > BLOCK) continue
    const behind = tail.length - at - HEADER - (type === REPEATED ? 1 : size)
    if (behind === 0 || (hasChecksum && behind === CHECKSUM)) return true
  }
  return false
}

/** Types of blocks; a repeated one is stored as a single byte. */
const REPEATED = 1
const RESERVED = 3
