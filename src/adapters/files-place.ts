import { createHash } from 'node:crypto'
import { constants, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { mkdir, open, rename, rm, stat, unlink, utimes } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import type { Readable } from 'node:stream'
import type { Config } from '../config.ts'
import { type FOLDER_ID, filesFolder, filesIn, KEY, keysInMemory, syncFolder, unlessMissing, write } from './files.ts'
import { namesInQuarantine, quarantinedIn, quarantineName } from './files-s3.ts'
import { type S3Settings, s3At } from './s3/at.ts'
import { bodyOf } from './s3/index.ts'

/**
 * Objects and files beside the uploads: whose they are, which tells this place from every other one wherever it is moved, and
 * that not all has been moved here yet.
 */
export type Mark = 'instance-id' | typeof FOLDER_ID | 'incomplete'

export interface PlacedFile {
  readonly key: string
  readonly size: number
  /** Since when it is in quarantine, in milliseconds; null in place. */
  readonly quarantinedAt: number | null
}

export interface Bytes {
  readonly size: number
  /** SHA-256 in base64url. */
  readonly digest: string
  open(): Readable | Promise<Readable>
}

/** Where the files of an instance lie, a folder or a bucket: what a start makes sure of there, and what a move reads and writes. */
export interface FilesPlace {
  /** As people write it. */
  readonly name: string
  /** The setting that names it. */
  readonly setting: 'DATA_DIR' | 'FILES_URL'
  readMark(mark: Mark): Promise<string | null>
  /** Writes a mark where there is none; gives the one that stands there then. */
  setMark(mark: Mark, id: string): Promise<string | null>
  removeMark(mark: Mark): Promise<void>
  /** Every complete file, in place and in quarantine. */
  files(): AsyncIterable<PlacedFile>
  /** The keys of all that lies here, also of what was cut off. */
  keys(): AsyncIterable<string>
  /** The bytes under a key wherever they lie, which stay there; null when there are none. */
  find(key: string): Promise<{ bytes: Readable; size: number } | null>
  /** Null when it is not there. */
  open(file: PlacedFile): Promise<Readable | null>
  /** The SHA-256 of what lies here, in base64url; null when it is not there. */
  digestOf(file: PlacedFile): Promise<string | null>
  put(file: PlacedFile, bytes: Bytes): Promise<void>
  remove(file: PlacedFile): Promise<void>
  close(): Promise<void>
}

/** Where the configuration says that the files are. */
export const filesPlace = (config: Pick<Config, 'dataDir' | 'filesUrl'> & S3Settings): FilesPlace =>
  config.filesUrl ? bucketPlace(config.filesUrl, config) : folderPlace(config.dataDir)

export function folderPlace(dataDir: string): FilesPlace {
  const folder = filesFolder(dataDir)
  const quarantine = join(folder, 'quarantine')
  const markAt = (mark: Mark) => join(folder, mark)
  const pathOf = ({ key, quarantinedAt }: PlacedFile) => join(quarantinedAt === null ? folder : quarantine, key)
  const store = filesIn(folder, keysInMemory())

  const readMark = async (mark: Mark): Promise<string | null> => {
    try {
      // Empty while another process writes it: that is one of this instance, or it is told at its next start.
      return readFileSync(markAt(mark), 'utf8').trim() || null
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null
      throw error
    }
  }

  return {
    name: folder,
    setting: 'DATA_DIR',
    readMark,

    async setMark(mark, id) {
      const there = await readMark(mark)
      if (there !== null) return there
      mkdirSync(folder, { recursive: true, mode: 0o700 })
      writeFileSync(markAt(mark), `${id}\n`, { mode: 0o600 })
      return id
    },

    removeMark: (mark) => rm(markAt(mark), { force: true }),

    async *files() {
      for await (const { key, size } of store.keys()) {
        if (await unlessMissing(stat(join(folder, key)))) yield { key, size, quarantinedAt: null }
      }
      for await (const { key, size, since } of store.quarantined()) {
        // A moment of a file may have fractions of a millisecond.
        if (await unlessMissing(stat(join(quarantine, key)))) yield { key, size, quarantinedAt: Math.floor(since) }
      }
    },

    async *keys() {
      for await (const { key } of store.keys()) yield key
      for await (const { key } of store.quarantined()) yield key
    },

    async find(key) {
      // In this order: what is moved into quarantine between the two is found there.
      return (await fileAt(join(folder, key))) ?? (await fileAt(join(quarantine, key)))
    },

    async open(file) {
      return (await fileAt(pathOf(file)))?.bytes ?? null
    },

    async digestOf(file) {
      const there = await fileAt(pathOf(file))
      return there && digestOf(there.bytes)
    },

    async put(file, bytes) {
      const path = pathOf(file)
      const partial = `${path}.part`
      await mkdir(dirname(path), { recursive: true, mode: 0o700 })
      // What an earlier try has left.
      await rm(partial, { force: true })
      await write(await bytes.open(), partial, bytes.size)
      if (file.quarantinedAt !== null) await utimes(partial, new Date(), new Date(file.quarantinedAt))
      await rename(partial, path)
      // Only what is on the disk may be deleted where it came from.
      await syncFolder(dirname(path))
    },

    remove: async (file) => void (await unlessMissing(unlink(pathOf(file)))),
    close: async () => undefined,
  }
}

/** Null where there is no file of this name, or something else than a file. */
async function fileAt(path: string): Promise<{ bytes: Readable; size: number } | null> {
  // A pipe is not waited for.
  const opened = await unlessMissing(open(path, constants.O_RDONLY | constants.O_NONBLOCK))
  const found = await opened?.stat()
  if (opened && found?.isFile()) return { bytes: opened.createReadStream(), size: found.size }
  await opened?.close()
  return null
}

export function bucketPlace(url: string, settings: S3Settings): FilesPlace {
  const { client, prefix } = s3At(url, settings)
  const at = { client, prefix }

  const nameOf = ({ key, quarantinedAt }: PlacedFile): string =>
    quarantinedAt === null ? `${prefix}${key}` : quarantineName(prefix, key, new Date(quarantinedAt))

  /** In quarantine, what another program has copied here has no moment in its name. */
  async function nameThere(file: PlacedFile): Promise<string | null> {
    if (file.quarantinedAt === null) return nameOf(file)
    const names = await namesInQuarantine(at, file.key)
    return names.find((name) => name === nameOf(file)) ?? names.at(-1) ?? null
  }

  async function readMark(mark: Mark): Promise<string | null> {
    const found = await client.get(`${prefix}${mark}`)
    return (
      found &&
      (Buffer.concat(await found.bytes.toArray())
        .toString('utf8')
        .trim() ||
        null)
    )
  }

  async function* files(): AsyncGenerator<PlacedFile> {
    for await (const { key: name, size } of client.list(prefix, { flat: true })) {
      const key = name.slice(prefix.length)
      if (KEY.test(key)) yield { key, size, quarantinedAt: null }
    }
    for await (const { key, size, since } of quarantinedIn(at)) yield { key, size, quarantinedAt: since }
  }

  return {
    name: url,
    setting: 'FILES_URL',
    readMark,
    files,

    async setMark(mark, id) {
      await client.putNew(`${prefix}${mark}`, bodyOf(Buffer.from(`${id}\n`)))
      // Where two write at once and the storage knows no conditions, the last one stands there for both.
      return readMark(mark)
    },

    removeMark: (mark) => client.remove(`${prefix}${mark}`),

    async *keys() {
      for await (const { key } of files()) yield key
    },

    async find(key) {
      const found = await client.get(`${prefix}${key}`)
      if (found) return found
      const newest = (await namesInQuarantine(at, key)).at(-1)
      return newest === undefined ? null : client.get(newest)
    },

    async open(file) {
      const name = await nameThere(file)
      return (name && (await client.get(name))?.bytes) || null
    },

    async digestOf(file) {
      const name = await nameThere(file)
      const there = name && (await client.head(name))
      if (!name || !there) return null
      if (there.sha256) return there.sha256
      const found = await client.get(name)
      return found && digestOf(found.bytes)
    },

    put: async (file, { size, digest, open: again }) =>
      void (await client.put(nameOf(file), { size, sha256: digest, open: again })),

    async remove(file) {
      const name = await nameThere(file)
      if (name) await client.remove(name)
    },

    close: () => client.close(),
  }
}

/** SHA-256 in base64url. */
export async function digestOf(bytes: Readable): Promise<string> {
  const hash = createHash('sha256')
  for await (const chunk of bytes) hash.update(chunk as Buffer)
  return hash.digest('base64url')
}
