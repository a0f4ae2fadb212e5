import { constants, createWriteStream, existsSync, renameSync, rmSync } from 'node:fs'
import { access, open, readdir, rm, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { syncFolder } from '../adapters/files.ts'
import type { BackupsPlace, KeptBackup } from './backups-place.ts'
import { isNamed, newestFirst, toldBy } from './names.ts'
import { CannotBeDone } from './place.ts'

const PARTIAL = '.part'
/** An incomplete backup is removed after this time: no process writes to it any more. */
const ABANDONED_MS = 3_600_000
const NO_ROOM = ['ENOSPC', 'EDQUOT', 'EFBIG']

/** Backups in a folder. */
export function backupsInFolder(folder: string): BackupsPlace {
  const pathOf = (name: string) => join(folder, name)

  async function problem(): Promise<string | null> {
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

  /** What is wrong with the folder, where that is why it could not be written. */
  async function inWords(error: NodeJS.ErrnoException): Promise<Error> {
    const says = NO_ROOM.includes(error.code ?? '')
      ? `There is no room left for the backup on the disk of ${folder}. Make room there, or keep fewer backups.`
      : await problem()
    return says ? new CannotBeDone(says, { cause: error }) : error
  }

  return {
    name: folder,
    pathOf,
    problem,

    async list() {
      const names = (await unlessMissing(readdir(folder))) ?? []
      const found = names.map(async (name): Promise<KeptBackup | null> => {
        const told = toldBy(name)
        const file = told && (await unlessMissing(stat(pathOf(name))))
        return told && file?.isFile() ? { name, size: file.size, ...told } : null
      })
      return (await Promise.all(found)).filter((one) => one !== null).sort(newestFirst)
    },

    has: async (name) => existsSync(pathOf(name)),

    async open(name) {
      const file = await unlessMissing(open(pathOf(name)))
      const found = await file?.stat()
      if (file && found?.isFile()) return { bytes: file.createReadStream({ highWaterMark: 1 << 18 }), size: found.size }
      await file?.close()
      return null
    },

    async write(name, content) {
      const partial = pathOf(`${name}${PARTIAL}`)
      try {
        await content(createWriteStream(partial, { mode: 0o600 }))
        await syncFolder(partial)
        renameSync(partial, pathOf(name))
        await syncFolder(folder)
        return (await stat(pathOf(name))).size
      } catch (error) {
        rmSync(partial, { force: true })
        throw await inWords(error as NodeJS.ErrnoException)
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

  async function isAbandoned(name: string): Promise<boolean> {
    if (!name.endsWith(PARTIAL) || !isNamed(name.slice(0, -PARTIAL.length))) return false
    const found = await unlessMissing(stat(pathOf(name)))
    return found !== null && Date.now() - found.mtimeMs > ABANDONED_MS
  }
}

const unlessMissing = <T>(asked: Promise<T>): Promise<T | null> =>
  asked.catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return null
    throw error
  })
