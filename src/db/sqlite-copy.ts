import { randomUUID } from 'node:crypto'
import { closeSync, existsSync, fsyncSync, openSync, readFileSync, statSync, writeSync } from 'node:fs'
import { setTimeout as pause } from 'node:timers/promises'
import Sqlite from 'better-sqlite3'
import type { CopyMark } from './epoch.ts'

const markOf = (file: string): string => `${file}-mark`
export const logOf = (file: string): string => `${file}-wal`
export const indexOf = (file: string): string => `${file}-shm`

/** What lies beside a SQLite database and belongs to it. */
export const sqliteFilesOf = (file: string): string[] => [logOf(file), markOf(file)]

export const sizeOf = (path: string): number => statSync(path, { throwIfNoEntry: false })?.size ?? 0

/**
 * A file beside the database with a random word in it, written anew at each start and stop and with each fold. The database keeps
 * the word, and which file that was and when it was last changed (inode and ctime, which nobody can set). A database that is
 * put back finds another word; a folder that is put back has other files.
 */
export function sqliteCopyMark(file: string): CopyMark {
  const path = markOf(file)
  const read = (): string => {
    const found = statSync(path, { bigint: true, throwIfNoEntry: false })
    return found ? `${wordIn(path)}:${found.ino}:${found.ctimeNs}` : 'none'
  }
  return {
    read: async () => read(),
    async renew() {
      const opened = openSync(path, 'w', 0o600)
      try {
        writeSync(opened, `${randomUUID()}\n`)
        fsyncSync(opened)
      } finally {
        closeSync(opened)
      }
      return read()
    },
  }
}

const wordIn = (path: string): string => readFileSync(path, 'utf8').trim()

const TRIES = 5
const PAUSE_MS = 100

/**
 * Refuses to open a database that was put back while the write-ahead log of the one before it still lies there: SQLite would
 * play the log into it, and so destroy it. Reads only.
 */
export function refuseForeignLog(file: string): void {
  if (!sizeOf(file) || !sizeOf(logOf(file)) || !existsSync(markOf(file))) return
  for (let tried = 1; ; tried++) {
    const kept = keptMark(file)
    if (kept === null || kept.split(':')[0] === wordIn(markOf(file))) return
    if (tried === TRIES) break
    // A server that runs may be about to write the second of the two.
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, PAUSE_MS)
  }
  throw new Error(
    `${file} was put back, but ${logOf(file)} belongs to the database that was there before it. Move ${logOf(file)} and ` +
      `${file}-shm away, and start again.`,
  )
}

/** Whether another database was copied over this one while it is open; the log of this one must be empty or just begun. */
export async function isOverwritten(file: string): Promise<boolean> {
  for (let tried = 1; ; tried++) {
    if (!keepsAnotherMark(file)) return false
    if (tried === TRIES) return true
    // Another server may be about to write the second of the two.
    await pause(PAUSE_MS)
  }
}

function keepsAnotherMark(file: string): boolean {
  try {
    return keptMark(file)?.split(':')[0] !== wordIn(markOf(file))
  } catch (error) {
    return error instanceof Sqlite.SqliteError && /^SQLITE_(CORRUPT|NOTADB)/.test(error.code)
  }
}

/** The mark that the database keeps, its log included; null where it keeps none. */
function keptMark(file: string): string | null {
  // A connection of its own has read nothing before, and takes every page from where it is now.
  const db = new Sqlite(file, { readonly: true, timeout: 0 })
  try {
    const has = db.prepare(`select 1 from sqlite_schema where name = 'instance'`).pluck().get()
    return has ? (db.prepare('select copy from instance').pluck().get() as string | null) : null
  } finally {
    db.close()
  }
}
