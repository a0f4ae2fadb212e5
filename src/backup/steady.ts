import { close, createWriteStream, fdatasync, open, type WriteStream, write } from 'node:fs'

/**
 * Bytes between flushes to disk. With gigabytes of pending writes, each commit of a server on the same disk would wait
 * for all of them (ext4 writes a file's data before the journal that names it).
 */
const STEP = 1024 * 1024

/** Writes a file readable only by its owner, leaving disk time for others. */
export function steadyWriteStream(path: string): WriteStream {
  let unsynced = 0
  return createWriteStream(path, {
    mode: 0o600,
    fs: {
      open,
      close,
      write(fd: number, bytes: Buffer, offset: number, length: number, position: number | null, done: Written) {
        write(fd, bytes, offset, length, position, (error, written) => {
          unsynced += written ?? 0
          if (error || unsynced < STEP) {
            done(error, written, bytes)
            return
          }
          unsynced = 0
          fdatasync(fd, (failed) => done(failed, written, bytes))
        })
      },
    },
  })
}

type Written = (error: NodeJS.ErrnoException | null, written: number, bytes: Buffer) => void
