import { createHash, randomUUID } from 'node:crypto'
import { existsSync, readdirSync } from 'node:fs'
import { type FileHandle, mkdir, open, opendir, rename, stat, statfs, unlink } from 'node:fs/promises'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { type FileStore, FileTooLarge, type KeptBytes, type KeyRecord } from '../core/data/files.ts'
import { troubles } from '../core/data/troubles.ts'
import { TrekError } from '../core/declare/errors.ts'
import type { Message } from '../core/declare/message.ts'
import { storage } from './messages.ts'

export const KEY = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/
const PARTIAL = '.part'

/** The file that identifies the folder of an instance, even after a move. */
export const FOLDER_ID = 'folder-id'
const MARKS: readonly string[] = ['instance-id', FOLDER_ID, 'incomplete', 'moved-to']

/** Whether this is a valid file key. */
export const isKey = (name: string): boolean => KEY.test(name)

/** Where the files of an instance are kept. */
export const filesFolder = (dataDir: string): string => join(dataDir, 'files')

/** The key of a file name, or null. */
export function keyOf(name: string): string | null {
  const key = name.endsWith(PARTIAL) ? name.slice(0, -PARTIAL.length) : name
  return KEY.test(key) ? key : null
}

/** Whether TREK gives this name to a file in such a folder. */
export const isUploadOrMark = (name: string): boolean => keyOf(name) !== null || MARKS.includes(name)

/** The possible names of a key's file. A partial file is being written or was interrupted. */
const namesOf = (key: string): string[] => (KEY.test(key) ? [key, `${key}${PARTIAL}`] : [])

interface Limits {
  readonly bytesPerUser: number
  /** Bytes of the disk kept free, above all for the database. */
  readonly reserve: number
  /**
   * A file written before any upload. If it is missing, this is another folder, such as the mount point of an unmounted
   * disk.
   */
  readonly mark: string | null
  /** Receives messages when the disk fails and when it works again. */
  warn(warning: string): void
}

const NO_LIMITS: Limits = { bytesPerUser: Number.MAX_SAFE_INTEGER, reserve: 0, mark: null, warn: () => {} }

/**
 * Files in a folder beside the database, one per key, with a subfolder for those that wait to be deleted. Several
 * processes can use it at once: a file that another process has already moved is no error.
 */
export function filesIn(folder: string, record: KeyRecord, limits: Partial<Limits> = {}): FileStore {
  const { bytesPerUser, reserve, mark, warn } = { ...NO_LIMITS, ...limits }
  const [reading, writing] = [troubles(READS, warn), troubles(WRITES, warn)]
  const quarantine = join(folder, 'quarantine')
  const pathOf = (key: string) => join(folder, key)

  async function refuseOther(): Promise<void> {
    if (mark !== null && !(await unlessMissing(stat(join(folder, mark)))))
      throw new FilesUnavailable(storage.otherFolder())
  }

  /** Complete files only: no row refers to a partial one. */
  const bringBack = async (key: string) => KEY.test(key) && moveAll([key], quarantine, folder)

  /** Bytes first: a key without bytes does no harm; bytes without their key would stay for ever. */
  async function drop(key: string): Promise<void> {
    await removeAll(namesOf(key), folder)
    await removeAll(namesOf(key), quarantine)
    await record.remove(key)
  }

  return {
    bytesPerUser,

    keep: (bytes, maxBytes, userId) =>
      writing(async () => {
        const key = randomUUID()
        const partial = `${pathOf(key)}${PARTIAL}`
        try {
          // Before the first byte, so that leftovers of a crash are known to be ours.
          await record.add(key)
          if (mark === null) await mkdir(folder, { recursive: true, mode: 0o700 })
          else await refuseOther()
          if (reserve && (await freeAt(folder)) < reserve) throw new FilesUnavailable(storage.noRoom())
          const written = await write(bytes, partial, maxBytes)
          await rename(partial, pathOf(key))
          await syncFolder(folder)
          await record.wrote(key, written.size, userId ?? null)
          return { key, ...written }
        } catch (error) {
          bytes.destroy()
          // A sweep removes the rest later. The first error counts.
          await drop(key).catch(() => {})
          throw outageOf(error, storage.folderNotWritten())
        }
      }),

    read: (key, part) =>
      reading(async () => {
        if (!KEY.test(key)) return null
        try {
          let file = await openFile(pathOf(key))
          if (!file) {
            await bringBack(key)
            file = await openFile(pathOf(key))
          }
          if (!file) {
            await refuseOther()
            return null
          }
          const { size } = await file.stat()
          return { bytes: file.createReadStream(part), size }
        } catch (error) {
          throw outageOf(error, storage.folderNotRead())
        }
      }),

    drop,

    keys: () => filesOf(folder),
    quarantined: () => filesOf(quarantine),
    known: (keys) => record.known(keys),

    async quarantine(key, now) {
      await mkdir(quarantine, { recursive: true, mode: 0o700 })
      // Before the move: after a crash in between, the file looks new, not long quarantined.
      for (const name of namesOf(key)) await stamp(pathOf(name), now)
      return moveAll(namesOf(key), folder, quarantine)
    },

    bringBack,

    async deleteQuarantined(key) {
      // Only in quarantine: if the file is back in place, a row refers to it.
      const removed = await removeAll(namesOf(key), quarantine)
      if (removed) await record.remove(key)
      return removed
    },
  }
}

/** The keys with bytes in a folder of files, including quarantine. Synchronous, for the start. */
export function* keysIn(folder: string): Generator<string> {
  for (const path of [folder, join(folder, 'quarantine')]) {
    if (!existsSync(path)) continue
    for (const name of readdirSync(path)) {
      const key = keyOf(name)
      if (key) yield key
    }
  }
}

/** A record for use without a database. */
export function keysInMemory(): KeyRecord {
  const handedOut = new Set<string>()
  return {
    async add(key) {
      handedOut.add(key)
    },
    async wrote() {},
    known: async (keys) => new Set(keys.filter((key) => handedOut.has(key))),
    async remove(key) {
      handedOut.delete(key)
    },
  }
}

/** The storage of uploads is full or failing. */
export class FilesUnavailable extends TrekError {
  constructor(message: Message, cause?: unknown) {
    super('unavailable', message, { retryAfter: 60, cause })
  }
}

const isUnavailable = (error: unknown) => error instanceof FilesUnavailable
/** Log messages for read and write failures. */
export const READS = { is: isUnavailable, fails: 'Files cannot be read', works: 'Files can be read again.' }
export const WRITES = { is: isUnavailable, fails: 'Files cannot be kept', works: 'Files can be kept again.' }

/** Errors of a full disk or an exhausted quota (errno(3)). */
const FULL = ['ENOSPC', 'EDQUOT']
/** Errors of a failing or read-only disk, and of a process out of file descriptors. */
const FAILING = ['EIO', 'EROFS', 'EFBIG', 'EACCES', 'EPERM', 'ENXIO', 'ESTALE', 'ENOTDIR', 'EMFILE', 'ENFILE']

function outageOf(error: unknown, failing: Message): unknown {
  const { code = '' } = error as NodeJS.ErrnoException
  if (FULL.includes(code)) return new FilesUnavailable(storage.noRoom(), error)
  return FAILING.includes(code) ? new FilesUnavailable(failing, error) : error
}

export async function freeAt(folder: string): Promise<number> {
  const { bavail, bsize } = await statfs(folder)
  return bavail * bsize
}

async function* filesOf(folder: string): AsyncGenerator<KeptBytes> {
  const listing = await unlessMissing(opendir(folder))
  if (!listing) return
  for await (const { name } of listing) {
    const key = keyOf(name)
    const stats = key && (await unlessMissing(stat(join(folder, name))))
    if (stats) yield { key, size: stats.size, since: stats.mtimeMs }
  }
}

/** Moves the files of these names. Returns whether any existed. */
async function moveAll(names: readonly string[], from: string, to: string): Promise<boolean> {
  let moved = false
  for (const name of names) {
    if (await done(rename(join(from, name), join(to, name)))) moved = true
  }
  if (moved) {
    await syncFolder(to)
    await syncFolder(from)
  }
  return moved
}

async function removeAll(names: readonly string[], folder: string): Promise<boolean> {
  let removed = false
  for (const name of names) if (await done(unlink(join(folder, name)))) removed = true
  return removed
}

/** Sets a file's time and flushes it to disk before a decision depends on it. */
async function stamp(path: string, at: Date): Promise<void> {
  const file = await openFile(path)
  if (!file) return
  try {
    await file.utimes(at, at)
    await file.sync()
  } finally {
    await file.close()
  }
}

const openFile = (path: string): Promise<FileHandle | null> => unlessMissing(open(path, 'r'))

const done = async (work: Promise<void>): Promise<boolean> => (await unlessMissing(work.then(() => true))) ?? false

/** Null if there is no such file: another process may have been first. */
export async function unlessMissing<T>(work: Promise<T>): Promise<T | null> {
  try {
    return await work
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null
    throw error
  }
}

/**
 * Buffers a stream in a folder until it is complete. The file has no name, so nothing remains of it in any case; it can
 * be read until `use` ends.
 */
export async function gatheredIn<T>(
  folder: string,
  bytes: Readable,
  { maxBytes, reserve }: { maxBytes: number; reserve: number },
  use: (all: { size: number; digest: string; open(): Readable }) => Promise<T>,
): Promise<T> {
  let file: FileHandle | undefined
  try {
    if (reserve && (await freeAt(folder)) < reserve) throw new FilesUnavailable(storage.noRoom())
    const path = join(folder, `upload-${randomUUID()}`)
    file = await open(path, 'wx+', 0o600)
    await unlink(path)
    const all = await fill(file, bytes, maxBytes)
    const opened = file
    return await use({ ...all, open: () => Readable.from(chunksOf(opened), { objectMode: false }) })
  } catch (error) {
    throw outageOf(error, storage.diskNotWritten())
  } finally {
    await file?.close()
  }
}

const CHUNK_BYTES = 64 * 1024

/** From the beginning, on every call. */
async function* chunksOf(file: FileHandle): AsyncGenerator<Buffer> {
  for (let position = 0; ; ) {
    const { bytesRead, buffer } = await file.read({ buffer: Buffer.allocUnsafe(CHUNK_BYTES), position })
    if (!bytesRead) return
    position += bytesRead
    yield buffer.subarray(0, bytesRead)
  }
}

/** Writes everything to disk. Returns size and digest. */
export async function write(
  bytes: Readable,
  path: string,
  maxBytes: number,
): Promise<{ size: number; digest: string }> {
  const file = await open(path, 'wx', 0o600)
  try {
    const written = await fill(file, bytes, maxBytes)
    await file.sync()
    return written
  } finally {
    await file.close()
  }
}

async function fill(file: FileHandle, bytes: Readable, maxBytes: number): Promise<{ size: number; digest: string }> {
  let size = 0
  const hash = createHash('sha256')
  for await (const chunk of bytes) {
    size += (chunk as Buffer).length
    if (size > maxBytes) throw new FileTooLarge(maxBytes)
    hash.update(chunk as Buffer)
    await writeAll(file, chunk as Buffer)
  }
  return { size, digest: hash.digest('base64url') }
}

/** One call can write less than it was given. */
async function writeAll(file: FileHandle, chunk: Buffer): Promise<void> {
  for (let done = 0; done < chunk.length; ) done += (await file.write(chunk, done)).bytesWritten
}

/** Flushes the entries of a folder to disk. */
export async function syncFolder(folder: string): Promise<void> {
  const opened = await open(folder, 'r')
  try {
    await opened.sync()
  } finally {
    await opened.close()
  }
}
