import { constants, existsSync, renameSync } from 'node:fs'
import { open, readdir, rm, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { syncFolder } from '../adapters/files.ts'
import type { BackupsPlace, KeptBackup } from './backups-place.ts'
import { folderProblem, leadsNowhere, notOpened, notWritten, whatElseAt } from './folder-problems.ts'
import { unlessMissing } from './missing.ts'
import { newestFirst, toldBy } from './names.ts'
import { isAbandoned, markOf, partialName, removeOwnParts } from './partial-backups.ts'
import { CannotBeDone } from './place.ts'
import { outdated } from './retention.ts'
import { seemsWhole } from './seems-whole.ts'
import { steadyWriteStream } from './steady.ts'

/** Backups of the instance in `dataDir`, in a folder. `instead` tells people how to choose another folder. */
export function backupsInFolder(folder: string, dataDir: string, instead = 'give another one'): BackupsPlace {
  const pathOf = (name: string) => join(folder, name)

  async function list(instanceId: string): Promise<KeptBackup[]> {
    const names = (await unlessMissing(readdir(folder))) ?? []
    const backups = names.map(async (name): Promise<KeptBackup | null> => {
      const described = toldBy(instanceId, name)
      if (!described) return null
      try {
        const status = await unlessMissing(stat(pathOf(name)))
        if (!status?.isFile()) return null
        const { size } = status
        return { name, size, ...described, damaged: await isDamaged(pathOf(name), size), unread: false }
      } catch {
        return { name, size: 0, ...described, damaged: false, unread: true }
      }
    })
    return (await Promise.all(backups)).filter((one) => one !== null).sort(newestFirst)
  }

  return {
    name: folder,
    pathOf,
    problem: () => folderProblem({ path: folder, instead }),

    list,

    async has(name) {
      const leads = await leadsNowhere(pathOf(name))
      // A file written through the link would be in an unexpected place.
      if (leads) throw new CannotBeDone(`${leads} Mount its disk, create that target, or give another name.`)
      return existsSync(pathOf(name))
    },

    async open(name, part) {
      const path = pathOf(name)
      // Does not block on a pipe.
      const file = await unlessMissing(open(path, constants.O_RDONLY | constants.O_NONBLOCK)).catch(async (error) => {
        throw await notOpened(path, error)
      })
      const status = await file?.stat()
      if (file && status?.isFile()) {
        const bytes = file.createReadStream({ highWaterMark: 1 << 18, ...part })
        return { bytes, size: status.size, modified: status.mtimeMs }
      }
      await file?.close()
      return null
    },

    whatElse: (name) => whatElseAt(name === null ? folder : pathOf(name)),

    removeCutOff: async () => removeOwnParts(folder, await markOf(dataDir)),

    async write(name, content) {
      const partial = pathOf(partialName(name, await markOf(dataDir)))
      try {
        await content(steadyWriteStream(partial))
        await syncFolder(partial)
        renameSync(partial, pathOf(name))
        await syncFolder(folder)
        return (await stat(pathOf(name))).size
      } catch (error) {
        // The first error counts.
        await rm(partial, { force: true }).catch(() => {})
        throw await notWritten({ path: folder, instead }, name, error as NodeJS.ErrnoException)
      }
    },

    async keepNewest(instanceId, count, made) {
      const names = (await unlessMissing(readdir(folder))) ?? []
      for (const name of names) {
        if (await isAbandoned(instanceId, folder, name)) await rm(pathOf(name), { force: true })
      }
      const kept = outdated(await list(instanceId), count, made)
      for (const name of kept.removed) await rm(pathOf(name), { force: true })
      return kept
    },

    close: async () => {},
  }
}

/** Whether a file is no whole backup. */
async function isDamaged(path: string, size: number): Promise<boolean> {
  const file = await open(path)
  try {
    return !(await seemsWhole(size, async (start, length) => {
      const { buffer, bytesRead } = await file.read(Buffer.alloc(length), 0, length, start)
      return buffer.subarray(0, bytesRead)
    }))
  } finally {
    await file.close()
  }
}
