import { randomUUID } from 'node:crypto'
import { type FileHandle, mkdir, open, opendir, rename, rm, stat } from 'node:fs/promises'
import { join } from 'node:path'
import type { Readable } from 'node:stream'
import { unavailable } from '../core/errors.ts'
import { type FileStore, FileTooLarge } from '../core/files.ts'

const KEY = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/
const PARTIAL = '.part'

/** Files in a folder beside the database, one for each key. What is still being written has another name and is no file yet. */
export function filesIn(folder: string): FileStore {
  const pathOf = (key: string) => join(folder, key)
  return {
    async keep(bytes, maxBytes) {
      await mkdir(folder, { recursive: true, mode: 0o700 })
      const key = randomUUID()
      const partial = `${pathOf(key)}${PARTIAL}`
      try {
        const size = await write(bytes, partial, maxBytes)
        await rename(partial, pathOf(key))
        await syncFolder(folder)
        return { key, size }
      } catch (error) {
        await rm(partial, { force: true })
        if ((error as NodeJS.ErrnoException).code !== 'ENOSPC') throw error
        throw unavailable('There is no room left on the server', { hint: 'Its administrator can make room.' })
      }
    },

    async read(key, part) {
      const file = KEY.test(key) && (await open(pathOf(key), 'r').catch(() => null))
      if (!file) return null
      const { size } = await file.stat()
      return { bytes: file.createReadStream(part), size }
    },

    async drop(key) {
      if (!KEY.test(key)) return
      await rm(pathOf(key), { force: true })
      await rm(`${pathOf(key)}${PARTIAL}`, { force: true })
    },

    async *keys() {
      const listing = await opendir(folder).catch(() => null)
      if (!listing) return
      for await (const { name } of listing) {
        const key = name.endsWith(PARTIAL) ? name.slice(0, -PARTIAL.length) : name
        const found = KEY.test(key) && (await stat(pathOf(name)).catch(() => null))
        if (found) yield { key, keptAt: found.mtimeMs }
      }
    },
  }
}

/** Writes all of it to the disk and says how much it was. */
async function write(bytes: Readable, path: string, maxBytes: number): Promise<number> {
  const file = await open(path, 'wx', 0o600)
  try {
    let size = 0
    for await (const chunk of bytes) {
      size += (chunk as Buffer).length
      if (size > maxBytes) throw new FileTooLarge(maxBytes)
      await writeAll(file, chunk as Buffer)
    }
    await file.sync()
    return size
  } finally {
    await file.close()
  }
}

/** One call may write less than it was given. */
async function writeAll(file: FileHandle, chunk: Buffer): Promise<void> {
  for (let done = 0; done < chunk.length; ) done += (await file.write(chunk, done)).bytesWritten
}

/** Makes sure that the name is on the disk too before a row refers to it. */
async function syncFolder(folder: string): Promise<void> {
  const opened = await open(folder, 'r')
  try {
    await opened.sync()
  } finally {
    await opened.close()
  }
}
