import { chmodSync, chownSync, closeSync, openSync, type Stats, statSync } from 'node:fs'
import { dirname } from 'node:path'

/** Whether other users of this machine can read or list it; false if it does not exist. */
export function isOpenToOthers(path: string): boolean {
  const stats = statSync(path, { throwIfNoEntry: false })
  // On Windows the mode means nothing.
  return process.platform !== 'win32' && stats !== undefined && (stats.mode & 0o077) !== 0
}

/** Removes all access of others to a file or folder. Returns whether it is closed to them now. */
export function keepToOwner(path: string): boolean {
  if (!isOpenToOthers(path)) return true
  const stats = statSync(path, { throwIfNoEntry: false })
  // Only the owner can change the mode of a file.
  if (stats && stats.uid === process.getuid?.()) changeMode(path, stats)
  // Some file systems have no modes, and report no error.
  return !isOpenToOthers(path)
}

/** Errors of file systems and containers that do not let their owner or mode be changed. */
const UNCHANGED: readonly string[] = ['EPERM', 'EROFS', 'ENOTSUP', 'ENOENT']

function changeMode(path: string, stats: Stats): void {
  try {
    chmodSync(path, stats.isDirectory() ? 0o700 : 0o600)
  } catch (error) {
    if (!UNCHANGED.includes((error as NodeJS.ErrnoException).code ?? '')) throw error
  }
}

/** Creates a file that only its owner can read, whatever the umask is, or restricts an existing one. */
export function makeForOwner(file: string): void {
  closeSync(openSync(file, 'a', 0o600))
  giveToOwner(file)
  keepToOwner(file)
}

/** Gives what root has just made to the owner of the folder it is in, who could not use it otherwise. */
export function giveToOwner(path: string): void {
  if (process.geteuid?.() !== 0) return
  const { uid, gid } = statSync(dirname(path))
  if (uid === 0 || statSync(path).uid !== 0) return
  try {
    chownSync(path, uid, gid)
  } catch (error) {
    if (!UNCHANGED.includes((error as NodeJS.ErrnoException).code ?? '')) throw error
  }
}
