import { randomUUID } from 'node:crypto'
import { closeSync, existsSync, fsyncSync, openSync, readFileSync, statSync, writeSync } from 'node:fs'
import { setTimeout as pause } from 'node:timers/promises'
import Sqlite from 'better-sqlite3'
import type { CopyMark } from './epoch.ts'

const markOf = (file: string): string => `${file}-mark`
export const logOf = (file: string): string => `${file}-wal`
export const indexOf = (file: string): string => `${file}-shm`

/** The other files of a SQLite database. */
export const sqliteFilesOf = (file: string): string[] => [logOf(file), markOf(file)]

export const sizeOf = (path: string): number => statSync(path, { throwIfNoEntry: false })?.size ?? 0

/**
 * A file beside the database with a random word, rewritten at each start and stop and with each fold. The database
 * stores the word, the inode of the file and its ctime, which nobody can set. A restored database finds another word; a
 * restored folder has other files.
 */
export function sqliteCopyMark(file: string): CopyMark {
  const path = markOf(file)
  /** The last word written here, and the one before it. */
  let last: { word: string; before: string | null } | null = null
  const read = (): string => {
    const stats = statSync(path, { bigint: true, throwIfNoEntry: false })
    return stats ? `${wordIn(path)}:${stats.ino}:${stats.ctimeNs}` : 'none'
  }
  return {
    read: async () => read(),
    async renew() {
      last = { word: randomUUID(), before: existsSync(path) ? wordIn(path) : null }
      writeWord(path, last.word)
      return read()
    },
    putBack() {
      try {
        if (last?.before && wordIn(path) === last.word) writeWord(path, last.before)
      } catch {
        // The next start then takes the database for another copy: clients reload.
      }
    },
  }
}

/** In place, which works on a full disk. */
function writeWord(path: string, word: string): void {
  const opened = openSync(path, existsSync(path) ? 'r+' : 'w', 0o600)
  try {
    writeSync(opened, `${word}\n`, 0)
    fsyncSync(opened)
  } finally {
    closeSync(opened)
  }
}

const wordIn = (path: string): string => readFileSync(path, 'utf8').trim()

const TRIES = 5
const PAUSE_MS = 100

/**
 * Refuses to open a restored database beside the write-ahead log of the previous one: SQLite would apply the log and so
 * destroy the database. Reads only.
 */
export function refuseForeignLog(file: string): void {
  if (!sizeOf(file) || !sizeOf(logOf(file)) || !existsSync(markOf(file))) return
  for (let tried = 1; ; tried++) {
    const mark = keptMark(file)
    if (mark === null || wordOf(mark) === wordIn(markOf(file))) return
    if (tried === TRIES) break
    // A running server may be about to write the second of the two.
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, PAUSE_MS)
  }
  throw new Error(
    `${file} was restored, but ${logOf(file)} belongs to the database that it replaced. Move ${logOf(file)} and ` +
      `${file}-shm away, and start again.`,
  )
}

/** The word in a stored mark. */
export const wordOf = (mark: string | null): string | null => mark?.split(':')[0] ?? null

/**
 * The word stored in the database, if it is `expected` or the word in the file beside it, which another server may just
 * have written. Null if it is neither: another database was copied over this open one.
 */
export async function wordNow(file: string, expected: string | null): Promise<string | null> {
  for (let tried = 1; ; tried++) {
    const word = wordOf(keptMark(file))
    if (word === expected || word === wordIn(markOf(file))) return word
    if (tried === TRIES) return null
    // A running server may be about to write the second of the two.
    await pause(PAUSE_MS)
  }
}

/** The mark stored in the database, its log included; null if there is none. */
export function keptMark(file: string): string | null {
  // A connection of its own has no cached pages and reads the current ones.
  const db = new Sqlite(file, { readonly: true, timeout: 0 })
  try {
    const has = db.prepare(`select 1 from sqlite_schema where name = 'instance'`).pluck().get()
    return has ? (db.prepare('select copy from instance').pluck().get() as string | null) : null
  } finally {
    db.close()
  }
}

/**
 * Writes a consistent copy to an empty file, while servers keep writing. The online backup of SQLite would restart with
 * each commit of another process.
 */
export function vacuumInto(file: string, copy: string): void {
  const db = new Sqlite(file, { readonly: true, timeout: 60_000 })
  try {
    db.prepare('vacuum into ?').run(copy)
  } finally {
    db.close()
  }
}

/** Folds the write-ahead log into a database that nobody has open; fails if it cannot be opened. */
export function foldClosed(file: string): void {
  const db = new Sqlite(file, { timeout: 0 })
  try {
    db.pragma('wal_checkpoint(TRUNCATE)')
  } finally {
    db.close()
  }
}

/** The integrity errors of a file: of its pages, and of its foreign keys. Empty if there are none. */
export function problemsIn(file: string): string[] {
  const db = new Sqlite(file, { readonly: true })
  try {
    const pages = db.pragma('integrity_check') as { integrity_check: string }[]
    const rows = db.pragma('foreign_key_check') as { table: string; rowid: number; parent: string }[]
    return [
      ...pages.map(({ integrity_check }) => integrity_check).filter((says) => says !== 'ok'),
      ...rows.map(
        ({ table, rowid, parent }) => `row ${rowid} of ${table} refers to a row of ${parent} that is not there`,
      ),
    ]
  } finally {
    db.close()
  }
}
