import { existsSync, mkdirSync, realpathSync } from 'node:fs'
import { basename, dirname } from 'node:path'
import { foldClosed, indexOf, logOf, sizeOf } from '../db/sqlite-copy.ts'
import { keepAside, keepToo, moveFile } from './aside.ts'

/** Replaces a SQLite file, or the one that a link leads to, in one step; by then the old one is kept in a folder. */
export function placeFile(database: string, restored: string, before: string): void {
  if (!existsSync(restored)) return
  const file = existsSync(database) ? realpathSync(database) : database
  if (sizeOf(file)) {
    try {
      foldClosed(file)
    } catch {
      // It is damaged, perhaps the reason for the restore. Keep its log with it.
    }
    keepToo(file, before, basename(database))
    for (const beside of [logOf, indexOf]) {
      if (existsSync(beside(file))) keepAside(beside(file), before)
    }
  }
  mkdirSync(dirname(file), { recursive: true, mode: 0o700 })
  moveFile(restored, file)
}
