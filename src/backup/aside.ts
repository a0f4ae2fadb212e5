import {
  closeSync,
  copyFileSync,
  existsSync,
  fsyncSync,
  linkSync,
  mkdirSync,
  openSync,
  renameSync,
  rmSync,
} from 'node:fs'
import { basename, dirname, join } from 'node:path'

/** Moves of files that work across disks, and that can be repeated after an interruption. */

/** Whether the system refuses to rename something because it is on another disk, or is itself where a disk is mounted. */
const isOtherDisk = (error: unknown): boolean =>
  ['EXDEV', 'EBUSY'].includes((error as NodeJS.ErrnoException).code ?? '')

/** Renames within a disk, which needs no room. Returns whether it could. */
export function renamed(from: string, to: string): boolean {
  mkdirSync(dirname(to), { recursive: true, mode: 0o700 })
  try {
    renameSync(from, to)
    return true
  } catch (error) {
    if (isOtherDisk(error)) return false
    throw error
  }
}

/** Copies a file; the copy is whole as soon as it has its name. */
function copyWhole(from: string, to: string): void {
  const partial = `${to}.part`
  copyFileSync(from, partial)
  flush(partial)
  renameSync(partial, to)
  flush(dirname(to))
}

function flush(path: string): void {
  const opened = openSync(path, 'r')
  try {
    fsyncSync(opened)
  } finally {
    closeSync(opened)
  }
}

/** Moves a file in place of another one, in one step. */
export function moveFile(from: string, to: string): void {
  if (renamed(from, to)) return
  copyWhole(from, to)
  rmSync(from)
}

/** Moves a file into a folder. */
export const keepAside = (path: string, folder: string): void => moveFile(path, join(folder, basename(path)))

/** Gives a file a second name in a folder, or copies it there, so that it can be replaced in one step. */
export function keepToo(path: string, folder: string, name: string): void {
  const kept = join(folder, name)
  if (existsSync(kept)) return
  try {
    linkSync(path, kept)
  } catch {
    // Another disk, or one without second names.
    copyWhole(path, kept)
  }
}
