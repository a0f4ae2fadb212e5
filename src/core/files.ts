import type { Readable } from 'node:stream'
import { TrekError } from './errors.ts'
import { hook } from './feature.ts'
import type { ReadTx } from './tx.ts'

/** Where the bytes of files are kept. What they are called, and who may have them, is a row's affair. */
export interface FileStore {
  /** Keeps what the stream brings under a new key; fails with `FileTooLarge` when there is more of it than `maxBytes`. */
  keep(bytes: Readable, maxBytes: number): Promise<{ key: string; size: number }>
  /** The bytes under a key with how many there are in all, or null when there are none; of a part, both ends are included. */
  read(key: string, part?: { start: number; end: number }): Promise<{ bytes: Readable; size: number } | null>
  /** Forgets the bytes under a key, and what came of an upload that was cut off; one that is unknown is no error. */
  drop(key: string): Promise<void>
  /** Every key with the moment of its last byte, in milliseconds: also of what was cut off. */
  keys(): AsyncIterable<{ key: string; keptAt: number }>
}

/** More bytes came than are taken. */
export class FileTooLarge extends TrekError {
  constructor(maxBytes: number) {
    super('invalid', `The file is too large: at most ${Math.floor(maxBytes / 1024 / 1024)} MB are taken`, {
      hint: 'Send a smaller file.',
      details: { max_bytes: maxBytes },
    })
  }
}

/**
 * Which of these keys do you refer to? Whoever keeps a key in a row must answer: bytes that nobody refers to are dropped
 * when they are older than an hour.
 */
export const filesInUse = hook<{ keys: readonly string[] }, readonly string[], ReadTx>('files_in_use')
