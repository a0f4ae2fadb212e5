import { createHash } from 'node:crypto'
import { constants, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { mkdir, open, rename, rm, stat, unlink, utimes } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import type { Readable } from 'node:stream'
import type { Config } from '../config/index.ts'
import { type FOLDER_ID, filesFolder, filesIn, KEY, keysInMemory, syncFolder, unlessMissing, write } from './files.ts'
import { namesInQuarantine, quarantinedIn, quarantineName } from './files-s3.ts'
import { type S3Settings, s3At } from './s3/at.ts'
import { bodyOf } from './s3/index.ts'

/**
 * Marks beside the uploads: the owning instance, the identity of this place (kept when it moves), an unfinished move to
 * here, and where the uploads were moved from here: the identity of that place and its name.
 */
export type Marker = 'instance-id' | typeof FOLDER_ID | 'incomplete' | 'moved-to'

export interface PlacedFile {
  readonly key: string
  readonly size: number
  /** Milliseconds; null if not in quarantine. */
  readonly quarantinedAt: number | null
}

export interface Bytes {
  readonly size: number
  /** SHA-256 in base64url. */
  readonly digest: string
  open(): Readable | Promise<Readable>
}

/** Where an instance keeps its files: a folder or a bucket. A start checks it; a move reads and writes it. */
export interface FilesPlace {
  /** As shown to people. */
  readonly name: string
  /** The setting that defines it. */
  readonly setting: 'DATA_DIR' | 'FILES_URL'
  readMark(mark: Marker): Promise<string | null>
  /** Writes a mark if there is none. Returns the mark that is then there. */
  setMark(mark: Marker, id: string): Promise<string | null>
  removeMark(mark: Marker): Promise<void>
  /** Every complete file, in place and in quarantine. */
  files(): AsyncIterable<PlacedFile>
  /** All keys, including those of incomplete files. */
  keys(): AsyncIterable<string>
  /** The bytes under a key, in place or in quarantine; does not move them. Null if there are none. */
  find(key: string): Promise<{ bytes: Readable; size: number } | null>
  /** Null if missing. */
  open(file: PlacedFile): Promise<Readable | null>
  /** SHA-256 in base64url; null if missing. */
  digestOf(file: PlacedFile): Promise<string | null>
  put(file: PlacedFile, bytes: Bytes): Promise<void>
  remove(file: PlacedFile): Promise<void>
  close(): Promise<void>
}

/** The configured place of the files. */
export const filesPlace = (config: Pick<Config, 'dataDir' | 'filesUrl'> & S3Settings): FilesPlace =>
  config.filesUrl ? bucketPlace(config.filesUrl, config) : folderPlace(config.dataDir)

export function folderPlace(dataDir: string): FilesPlace {
  const folder = filesFolder(dataDir)
  const quarantine = join(folder, 'quarantine')
  const markAt = (mark: Marker) => join(folder, mark)
  const pathOf = ({ key, quarantinedAt }: PlacedFile) => join(quarantinedAt === null ? folder : quarantine, key)
  const store = filesIn(folder, keysInMemory())

  const readMark = async (mark: Marker): Promise<string | null> => {
    try {
      // Empty while another process writes it. If that process belongs to another instance, the next start finds out.
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
      const currentMark = await readMark(mark)
      if (currentMark !== null) return currentMark
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
        // File times can have fractions of a millisecond.
        if (await unlessMissing(stat(join(quarantine, key)))) yield { key, size, quarantinedAt: Math.floor(since) }
      }
    },

    async *keys() {
      for await (const { key } of store.keys()) yield key
      for await (const { key } of store.quarantined()) yield key
    },

    async find(key) {
      // This order finds a file that is moved into quarantine in between.
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
      // Left by an earlier attempt.
      await rm(partial, { force: true })
      await write(await bytes.open(), partial, bytes.size)
      if (file.quarantinedAt !== null) await utimes(partial, new Date(), new Date(file.quarantinedAt))
      await rename(partial, path)
      // The source may be deleted only once the file is on disk.
      await syncFolder(dirname(path))
    },

    remove: async (file) => void (await unlessMissing(unlink(pathOf(file)))),
    close: async () => undefined,
  }
}

/** Null if there is no regular file of this name. */
async function fileAt(path: string): Promise<{ bytes: Readable; size: number } | null> {
  // Does not block on a pipe.
  const opened = await unlessMissing(open(path, constants.O_RDONLY | constants.O_NONBLOCK))
  const stats = await opened?.stat()
  if (opened && stats?.isFile()) return { bytes: opened.createReadStream(), size: stats.size }
  await opened?.close()
  return null
}

export function bucketPlace(url: string, settings: S3Settings): FilesPlace {
  const { client, prefix } = s3At(url, settings)
  const at = { client, prefix }

  const nameOf = ({ key, quarantinedAt }: PlacedFile): string =>
    quarantinedAt === null ? `${prefix}${key}` : quarantineName(prefix, key, new Date(quarantinedAt))

  /** In quarantine, the name of a file that another program copied has no time in it. */
  async function nameThere(file: PlacedFile): Promise<string | null> {
    if (file.quarantinedAt === null) return nameOf(file)
    const names = await namesInQuarantine(at, file.key)
    return names.find((name) => name === nameOf(file)) ?? names.at(-1) ?? null
  }

  async function readMark(mark: Marker): Promise<string | null> {
    const stored = await client.get(`${prefix}${mark}`)
    return (
      stored &&
      (Buffer.concat(await stored.bytes.toArray())
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
      // If two write at once to storage without conditional writes, both read the last mark.
      return readMark(mark)
    },

    removeMark: (mark) => client.remove(`${prefix}${mark}`),

    async *keys() {
      for await (const { key } of files()) yield key
    },

    async find(key) {
      const file = await client.get(`${prefix}${key}`)
      if (file) return file
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
      const stored = await client.get(name)
      return stored && digestOf(stored.bytes)
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
