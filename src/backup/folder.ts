import { createHash } from 'node:crypto'
import { constants, existsSync, renameSync } from 'node:fs'
import { access, open, readdir, readlink, rm, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { syncFolder } from '../adapters/files.ts'
import { FILE_ERRORS } from '../file-errors.ts'
import type { BackupsPlace, KeptBackup } from './backups-place.ts'
import { isNamed, newestFirst, toldBy } from './names.ts'
import { CannotBeDone } from './place.ts'
import { steadyWriteStream } from './steady.ts'

const PARTIAL = '.part'
/** After this time, no process still writes an incomplete backup of another maker. */
const ABANDONED_MS = 3_600_000
const NO_ROOM = ['ENOSPC', 'EDQUOT', 'EFBIG']

/** Backups of the instance in `dataDir`, in a folder. `instead` tells people how to choose another folder. */
export function backupsInFolder(folder: string, dataDir: string, instead = 'give another one'): BackupsPlace {
  const pathOf = (name: string) => join(folder, name)

  async function problem(): Promise<string | null> {
    const path = folder.replace(/(?<=.)\/+$/, '')
    const stats = await statOf(path)
    if (!stats) {
      const leads = await leadsNowhere(path)
      return leads
        ? `${leads} Mount its disk, create that target, or ${instead}.`
        : `The folder ${folder} does not exist. Create it, mount its disk, or ${instead}.`
    }
    if (!stats.isDirectory())
      return `${path} is a file, but backups need a folder. Create one with another name, or ${instead}.`
    try {
      await access(folder, constants.R_OK | constants.W_OK | constants.X_OK)
      return null
    } catch {
      return `The folder ${folder} cannot be written to by the user that TREK runs as. Make that user its owner, or ${instead}.`
    }
  }

  /** Why a backup could not be written. */
  async function inWords(error: NodeJS.ErrnoException, name: string): Promise<Error> {
    const says = (await whyNotWritten(error, name)) ?? (await problem())
    return says ? new CannotBeDone(says, { cause: error }) : error
  }

  async function whyNotWritten({ code = '', syscall }: NodeJS.ErrnoException, name: string): Promise<string | null> {
    if (NO_ROOM.includes(code))
      return `The disk of ${folder} has no room for the backup. Make room there, or keep fewer backups.`
    if (code === 'ENAMETOOLONG') return `The name ${name} is too long for a file. Give a shorter one.`
    if (!syscall || (await problem())) return null
    return code === 'ENOENT'
      ? `The folder ${folder} accepts no new file, or the new file was removed from it. Check the folder, or ${instead}.`
      : `${pathOf(name)} cannot be written: it ${FILE_ERRORS[code] ?? `is refused by the system (${code})`}. Check its disk, or ${instead}.`
  }

  return {
    name: folder,
    pathOf,
    problem,

    async list() {
      const names = (await unlessMissing(readdir(folder))) ?? []
      const backups = names.map(async (name): Promise<KeptBackup | null> => {
        const described = toldBy(name)
        const file = described && (await unlessMissing(stat(pathOf(name))))
        return described && file?.isFile() ? { name, size: file.size, ...described } : null
      })
      return (await Promise.all(backups)).filter((one) => one !== null).sort(newestFirst)
    },

    async has(name) {
      const leads = await leadsNowhere(pathOf(name))
      // A file written through the link would be in an unexpected place.
      if (leads) throw new CannotBeDone(`${leads} Mount its disk, create that target, or give another name.`)
      return existsSync(pathOf(name))
    },

    async open(name) {
      const path = pathOf(name)
      const file = await unlessMissing(open(path)).catch((error) => {
        throw notOpened(path, error)
      })
      const stats = await file?.stat()
      if (file && stats?.isFile()) return { bytes: file.createReadStream({ highWaterMark: 1 << 18 }), size: stats.size }
      await file?.close()
      return null
    },

    async write(name, content) {
      const mark = await markOf(dataDir)
      const partial = pathOf(`${name}${mark}${PARTIAL}`)
      try {
        await removeOwnParts(mark)
        await content(steadyWriteStream(partial))
        await syncFolder(partial)
        renameSync(partial, pathOf(name))
        await syncFolder(folder)
        return (await stat(pathOf(name))).size
      } catch (error) {
        // The first error counts.
        await rm(partial, { force: true }).catch(() => {})
        throw await inWords(error as NodeJS.ErrnoException, name)
      }
    },

    async keepNewest(count) {
      const names = (await unlessMissing(readdir(folder))) ?? []
      for (const name of names) if (await isAbandoned(name)) await rm(pathOf(name), { force: true })
      const old = names.filter(isNamed).sort().reverse().slice(count)
      for (const name of old) await rm(pathOf(name), { force: true })
      return old
    },

    close: async () => {},
  }

  /** An instance makes one backup at a time, so its other partial files were interrupted. */
  async function removeOwnParts(mark: string): Promise<void> {
    if (!mark) return
    for (const name of await readdir(folder)) {
      if (name.endsWith(`${mark}${PARTIAL}`)) await rm(pathOf(name), { force: true })
    }
  }

  async function isAbandoned(name: string): Promise<boolean> {
    if (!name.endsWith(PARTIAL) || !isNamed(name.slice(0, -PARTIAL.length).replace(MARK, ''))) return false
    const stats = await unlessMissing(stat(pathOf(name)))
    return stats !== null && Date.now() - stats.mtimeMs > ABANDONED_MS
  }
}

const MARK = /\.by-[0-9a-f]{12}$/

/**
 * The mark of a backup in progress, to recognise its maker: servers on other machines can write into the same folder,
 * and a copy of an instance has the same ids. No other DATA_DIR has this creation time and inode.
 */
async function markOf(dataDir: string): Promise<string> {
  const { ino, birthtimeNs } = await stat(dataDir, { bigint: true })
  // Not every filesystem records creation times.
  if (!birthtimeNs) return ''
  const hash = createHash('sha256').update(`${ino} ${birthtimeNs}`)
  return `.by-${hash.digest('hex').slice(0, 12)}`
}

/** Describes the target of a dangling link; null for anything else. */
async function leadsNowhere(path: string): Promise<string | null> {
  const to = await readlink(path).catch(() => null)
  if (to === null) return null
  const why = await stat(path).then(
    () => null,
    ({ code }: NodeJS.ErrnoException) => (code === 'ELOOP' ? 'which links back to it' : 'which does not exist'),
  )
  return why && `${path} is a link to ${to}, ${why}.`
}

const statOf = (path: string) => stat(path).catch(() => null)

function notOpened(path: string, error: NodeJS.ErrnoException): Error {
  const { code = '' } = error
  const says = FILE_ERRORS[code]
  return says
    ? new CannotBeDone(`${path} cannot be read: it ${says}. Give the path of a backup.`, { cause: error })
    : error
}

const unlessMissing = <T>(answer: Promise<T>): Promise<T | null> =>
  answer.catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return null
    throw error
  })
