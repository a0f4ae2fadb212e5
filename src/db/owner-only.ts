import { chmodSync, closeSync, openSync, type Stats, statSync } from 'node:fs'

/** Whether anybody else on this machine may read or list it; false where there is nothing. */
export function isOpenToOthers(path: string): boolean {
  const found = statSync(path, { throwIfNoEntry: false })
  // Elsewhere the mode says nothing.
  return process.platform !== 'win32' && found !== undefined && (found.mode & 0o077) !== 0
}

/** Takes from all others what they may do with a file or folder; whether it is closed to them now. */
export function keepToOwner(path: string): boolean {
  if (!isOpenToOthers(path)) return true
  const found = statSync(path, { throwIfNoEntry: false })
  // Only the owner of a file can change its mode.
  if (found && found.uid === process.getuid?.()) changeMode(path, found)
  // Some file systems know no modes, and do not say so.
  return !isOpenToOthers(path)
}

function changeMode(path: string, found: Stats): void {
  try {
    chmodSync(path, found.isDirectory() ? 0o700 : 0o600)
  } catch (error) {
    if (!['EPERM', 'EROFS', 'ENOTSUP', 'ENOENT'].includes((error as NodeJS.ErrnoException).code ?? '')) throw error
  }
}

/** Makes a file that nobody else reads, whatever the umask is, and closes one that is there. */
export function makeForOwner(file: string): void {
  closeSync(openSync(file, 'a', 0o600))
  keepToOwner(file)
}
