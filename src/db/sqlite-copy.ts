import { closeSync, fsyncSync, openSync, statSync, writeSync } from 'node:fs'
import type { CopyMark } from './epoch.ts'

const markOf = (file: string): string => `${file}-mark`

/** What lies beside a SQLite database and belongs to it. */
export const sqliteFilesOf = (file: string): string[] => [`${file}-wal`, markOf(file)]

/**
 * A file beside the database, written anew at each start and stop. The database keeps which file that is and when it was last
 * changed (inode and ctime, which nobody can set): a database that is put back finds another file than the one it keeps, and a
 * folder that is put back has other files.
 */
export function sqliteCopyMark(file: string): CopyMark {
  const path = markOf(file)
  const read = (): string => {
    const found = statSync(path, { bigint: true, throwIfNoEntry: false })
    return found ? `${found.ino}:${found.ctimeNs}` : 'none'
  }
  return {
    read: async () => read(),
    async renew() {
      const opened = openSync(path, 'w', 0o600)
      try {
        writeSync(
          opened,
          'Written at each start and stop of TREK. It shows whether the database beside it was put back.\n',
        )
        fsyncSync(opened)
      } finally {
        closeSync(opened)
      }
      return read()
    },
  }
}
