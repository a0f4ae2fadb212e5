import { randomUUID } from 'node:crypto'
import type { FileStore, KeptBytes, KeyRecord } from '../core/data/files.ts'
import { troubles } from '../core/data/troubles.ts'
import type { Message } from '../core/declare/message.ts'
import { FilesUnavailable, gatheredIn, KEY, READS, WRITES } from './files.ts'
import { storage } from './messages.ts'
import { type S3Client, S3Error } from './s3/index.ts'

/** A bucket and the prefix of our keys: empty, or ending in a slash. */
export interface InBucket {
  readonly client: S3Client
  readonly prefix: string
}

interface Surroundings {
  readonly bytesPerUser: number
  /** Buffers uploads until they are complete, keeping `reserve` bytes of the disk free. */
  readonly folder: string
  readonly reserve: number
  /** An object written before any upload. If it is missing, this is another bucket. */
  readonly mark: string | null
  /** Receives messages when storage fails and when it works again. */
  warn(warning: string): void
}

/**
 * Files in S3-compatible storage: one object per key, and under `quarantine/` those that wait to be deleted. Storage
 * cannot move, only copy and delete. So a key can have bytes in both places during a read or after an interruption.
 * Those in place count, and the key is forgotten only when both are gone.
 */
export function filesInBucket(
  { client, prefix }: InBucket,
  record: KeyRecord,
  { bytesPerUser, folder, reserve, mark, warn }: Surroundings,
): FileStore {
  const [reading, writing] = [troubles(READS, warn), troubles(WRITES, warn)]
  const nameOf = (key: string) => `${prefix}${key}`

  async function refuseOther(): Promise<void> {
    if (mark !== null && !(await client.head(`${prefix}${mark}`))) throw new FilesUnavailable(storage.otherBucket())
  }

  /** Copies the bytes back into place. Returns the names left in quarantine. */
  async function putBack(key: string): Promise<string[]> {
    const names = KEY.test(key) ? await namesInQuarantine({ client, prefix }, key) : []
    const newest = names.at(-1)
    return newest !== undefined && (await client.copy(newest, nameOf(key))) ? names : []
  }

  async function remove(names: readonly string[]): Promise<boolean> {
    for (const name of names) await client.remove(name)
    return names.length > 0
  }

  /** Bytes first: a key without bytes does no harm; bytes without their key would stay for ever. */
  async function drop(key: string): Promise<void> {
    if (!KEY.test(key)) return
    await client.remove(nameOf(key))
    await remove(await namesInQuarantine({ client, prefix }, key))
    await record.remove(key)
  }

  return {
    bytesPerUser,

    keep: (bytes, maxBytes, userId) =>
      writing(async () => {
        const key = randomUUID()
        try {
          // Before the first byte, so that leftovers of a crash are known to be ours.
          await record.add(key)
          return await gatheredIn(folder, bytes, { maxBytes, reserve }, async ({ size, digest, open }) => {
            await refuseOther()
            await client.put(nameOf(key), { size, sha256: digest, open })
            await record.wrote(key, size, userId ?? null)
            return { key, size, digest }
          })
        } catch (error) {
          bytes.destroy()
          // A sweep removes the rest later. The first error counts.
          await drop(key).catch(() => {})
          throw outageOf(error, storage.bucketNotWritten())
        }
      }),

    read: (key, part) =>
      reading(async () => {
        if (!KEY.test(key)) return null
        try {
          let file = await client.get(nameOf(key), part)
          // The sweep removes the copy in quarantine. Only one sweep runs at a time, so it cannot remove the last
          // bytes.
          if (!file && (await putBack(key)).length) file = await client.get(nameOf(key), part)
          if (!file) await refuseOther()
          return file && { bytes: file.bytes, size: file.size }
        } catch (error) {
          throw outageOf(error, storage.bucketNotRead())
        }
      }),

    drop: (key) =>
      drop(key).catch((error) => {
        throw outageOf(error, storage.bucketNotWritten())
      }),

    async *keys() {
      for await (const { key: name, size, modified } of client.list(prefix, { flat: true })) {
        const key = name.slice(prefix.length)
        if (KEY.test(key)) yield { key, size, since: modified }
      }
    },

    quarantined: () => quarantinedIn({ client, prefix }),
    known: (keys) => record.known(keys),

    async quarantine(key, now) {
      if (!KEY.test(key) || !(await client.copy(nameOf(key), quarantineName(prefix, key, now)))) return false
      await client.remove(nameOf(key))
      return true
    },

    bringBack: async (key) => remove(await putBack(key)),

    async deleteQuarantined(key) {
      const removed = KEY.test(key) && (await remove(await namesInQuarantine({ client, prefix }, key)))
      // If the file is back in place, a row refers to it.
      if (!removed || (await client.head(nameOf(key)))) return false
      await record.remove(key)
      return true
    },
  }
}

/** Files that wait to be deleted. If a key occurs twice, the one moved last. */
export async function* quarantinedIn({ client, prefix }: InBucket): AsyncGenerator<KeptBytes> {
  const folder = `${prefix}${QUARANTINE}`
  let last: KeptBytes | undefined
  for await (const { key: name, size, modified } of client.list(folder)) {
    const [, key = '', moment] = IN_QUARANTINE.exec(name.slice(folder.length)) ?? []
    if (!KEY.test(key)) continue
    // Lists are sorted, so the entries of a key are adjacent.
    if (last && last.key !== key) yield last
    last = { key, size, since: moment ? Date.parse(moment.replace(/-(\d\d)-(\d\d\.\d+Z)$/, ':$1:$2')) : modified }
  }
  if (last) yield last
}

/** The names of a key's bytes in quarantine, newest last. */
export async function namesInQuarantine({ client, prefix }: InBucket, key: string): Promise<string[]> {
  const names: string[] = []
  const folder = `${prefix}${QUARANTINE}`
  for await (const { key: name } of client.list(`${folder}${key}`)) {
    if (IN_QUARANTINE.exec(name.slice(folder.length))?.[1] === key) names.push(name)
  }
  return names
}

/**
 * The time is part of the name: lists contain it and copies keep it. Without it, for example after another program
 * copied a folder into the bucket, the object's own time counts.
 */
export const quarantineName = (prefix: string, key: string, moment: Date): string =>
  `${prefix}${QUARANTINE}${key}/${moment.toISOString().replaceAll(':', '-')}`

const QUARANTINE = 'quarantine/'
const IN_QUARANTINE = /^([^/]+)(?:\/(\d{4}-\d\d-\d\dT\d\d-\d\d-\d\d\.\d{3}Z))?$/

const outageOf = (error: unknown, failing: Message): unknown =>
  error instanceof S3Error ? new FilesUnavailable(failing, error) : error
