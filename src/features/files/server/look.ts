import type { FileStore } from '../../../core/data/files.ts'

/** Reads some bytes of a file; returns fewer at its end. */
export type Look = (start: number, length: number) => Promise<Buffer>

export function lookInto(files: FileStore, key: string): Look {
  return async (start, length) => {
    const found = length > 0 && (await files.read(key, { start, end: start + length - 1 }))
    return found ? Buffer.concat(await found.bytes.toArray()) : Buffer.alloc(0)
  }
}
