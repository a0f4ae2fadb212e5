import { existsSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { freeAt } from '../adapters/files.ts'
import { CannotBeDone, type Place } from './place.ts'

const UNITS = ['bytes', 'KB', 'MB', 'GB', 'TB']

/** `1.4 MB`, in decimal units, as for disks and on the page. */
export function sized(bytes: number): string {
  const power = Math.min(UNITS.length - 1, Math.floor(Math.log(Math.max(1, bytes)) / Math.log(1000)))
  return `${power ? (bytes / 1000 ** power).toFixed(1) : bytes} ${UNITS[power]}`
}

/** Throws if the disk on which a backup is being unpacked into `folder` has too little room for so many bytes. */
export async function refuseWithoutRoom(
  { dataDir }: Pick<Place, 'dataDir'>,
  folder: string,
  needed: number,
): Promise<void> {
  const free = await freeAt(folder)
  if (free >= needed) return
  const where = existsSync(dataDir) ? dataDir : tmpdir()
  throw new CannotBeDone(
    `The backup needs ${sized(needed)} in ${where}, where ${sized(free)} are free. Make room there, or set DATA_DIR to a folder on another disk.`,
  )
}
