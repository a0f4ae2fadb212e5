import { constants, existsSync, readdirSync, rmSync, statSync } from 'node:fs'
import { access, open, readdir, stat } from 'node:fs/promises'
import { join } from 'node:path'
import type { Readable } from 'node:stream'

const ENDING = '.tar.zst'
const ENCRYPTED = '.age'
const PARTIAL = '.part'
const NAMED = /^trek-(\d{4}-\d\d-\d\d)T(\d\d)-(\d\d)-(\d\d)Z\.tar\.zst(\.age)?$/

/** A backup in a folder, as its name and its size tell of it. */
export interface KeptBackup {
  readonly name: string
  /** In bytes. */
  readonly size: number
  /** ISO 8601, UTC. */
  readonly made_at: string
  readonly encrypted: boolean
}

/** What a backup is called that is made at this moment. */
export function nameAt(now: Date, encrypted: boolean): string {
  const moment = now
    .toISOString()
    .replace(/\.\d+Z$/, 'Z')
    .replaceAll(':', '-')
  return `trek-${moment}${ENDING}${encrypted ? ENCRYPTED : ''}`
}

/** What the file of a backup is called until all of it is written. */
export const partialOf = (file: string): string => `${file}${PARTIAL}`

/** The backups in a folder that were named by the clock, the newest first; none where the folder is not there. */
export async function listBackups(folder: string): Promise<KeptBackup[]> {
  const names = await unlessMissing(readdir(folder))
  const found = (names ?? []).map(async (name): Promise<KeptBackup | null> => {
    const [, day, hours, minutes, seconds, age] = NAMED.exec(name) ?? []
    const file = day === undefined ? null : await unlessMissing(stat(join(folder, name)))
    if (!file?.isFile()) return null
    return {
      name,
      size: file.size,
      made_at: `${day}T${hours}:${minutes}:${seconds}.000Z`,
      encrypted: age !== undefined,
    }
  })
  return (await Promise.all(found)).filter((one) => one !== null).sort((a, b) => (a.name < b.name ? 1 : -1))
}

/** The bytes of a backup in a folder; null where there is none of this name. */
export async function openBackup(folder: string, name: string): Promise<{ bytes: Readable; size: number } | null> {
  const file = NAMED.test(name) ? await unlessMissing(open(join(folder, name))) : null
  return file && { bytes: file.createReadStream({ highWaterMark: 1 << 18 }), size: (await file.stat()).size }
}

const unlessMissing = <T>(asked: Promise<T>): Promise<T | null> =>
  asked.catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return null
    throw error
  })

/** Why no backup can be written into a folder, as a sentence, or null. */
export async function folderProblemOf(folder: string): Promise<string | null> {
  const isFolder = await stat(folder).then(
    (found) => found.isDirectory(),
    () => false,
  )
  if (!isFolder)
    return `The folder ${folder} is not there. Make it, or mount its disk, or set BACKUP_TO to another one.`
  try {
    await access(folder, constants.R_OK | constants.W_OK | constants.X_OK)
    return null
  } catch {
    return `The folder ${folder} cannot be written to by the user that TREK runs as. Give it to that user, or set BACKUP_TO to another one.`
  }
}

/** What was cut off is removed after so long: nobody writes it any more. */
const ABANDONED_MS = 3_600_000

/** Removes all but the newest ones of a folder, with what is left of those that were cut off; gives which ones it removed. */
export function keepNewest(folder: string, count: number): string[] {
  if (!existsSync(folder)) return []
  const names = readdirSync(folder)
  const abandoned = names.filter(
    (name) =>
      name.endsWith(PARTIAL) &&
      NAMED.test(name.slice(0, -PARTIAL.length)) &&
      Date.now() - statSync(join(folder, name)).mtimeMs > ABANDONED_MS,
  )
  const old = names
    .filter((name) => NAMED.test(name))
    .sort()
    .reverse()
    .slice(count)
  for (const name of [...abandoned, ...old]) rmSync(join(folder, name), { force: true })
  return old
}
