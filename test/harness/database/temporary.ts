import { execFileSync } from 'node:child_process'
import { chmodSync, mkdtempSync, rmSync, statfsSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

const GB = 1024 ** 3
/** The space that the databases of a run need, with a reserve, and the memory for the tests themselves. */
const ROOM = 4 * GB
const MEMORY = 8 * GB

/**
 * A folder in memory for the temporary data of a test run, or null if this machine has none that is large enough and allows
 * programs to run from it. A commit to a disk takes a millisecond, and a run makes tens of thousands.
 */
export function folderInMemory(root = '/dev/shm'): string | null {
  let folder: string | undefined
  try {
    const { bavail, bsize } = statfsSync(root)
    if (bavail * bsize < ROOM || process.availableMemory() < MEMORY) return null
    folder = mkdtempSync(join(root, 'trek-'))
    // The database server of the tests runs as another user.
    chmodSync(folder, 0o1777)
    const program = join(folder, 'program')
    writeFileSync(program, '#!/bin/sh\n', { mode: 0o700 })
    execFileSync(program)
    return folder
  } catch {
    if (folder) rmSync(folder, { recursive: true, force: true })
    return null
  }
}
