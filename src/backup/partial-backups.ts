import { createHash } from 'node:crypto'
import { readdir, rm, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { unlessMissing } from './missing.ts'
import { isNamedOf } from './names.ts'

/** Incomplete backups in a folder. */

const PARTIAL = '.part'
const MARK = /\.by-[0-9a-f]{12}$/
/** After this time, no process still writes an incomplete backup of another maker. */
const ABANDONED_MS = 3_600_000

export const partialName = (name: string, mark: string): string => `${name}${mark}${PARTIAL}`

/**
 * The mark of a backup in progress, to recognise its maker: servers on other machines can write into the same folder,
 * and a copy of an instance has the same ids. No other DATA_DIR has this creation time and inode.
 */
export async function markOf(dataDir: string): Promise<string> {
  const { ino, birthtimeNs } = await stat(dataDir, { bigint: true })
  // Not every filesystem records creation times.
  if (!birthtimeNs) return ''
  const hash = createHash('sha256').update(`${ino} ${birthtimeNs}`)
  return `.by-${hash.digest('hex').slice(0, 12)}`
}

/** An instance makes one backup at a time, so its other partial files were interrupted. */
export async function removeOwnParts(folder: string, mark: string): Promise<void> {
  if (!mark) return
  for (const name of await readdir(folder)) {
    if (name.endsWith(partialName('', mark))) await rm(join(folder, name), { force: true })
  }
}

/** Whether a file is an incomplete backup of this instance that nobody writes any more. */
export async function isAbandoned(instanceId: string, folder: string, name: string): Promise<boolean> {
  if (!name.endsWith(PARTIAL)) return false
  if (!isNamedOf(instanceId, name.slice(0, -PARTIAL.length).replace(MARK, ''))) return false
  const status = await unlessMissing(stat(join(folder, name)))
  return status !== null && Date.now() - status.mtimeMs > ABANDONED_MS
}
