import { randomUUID } from 'node:crypto'
import type { FileStore, KeptBytes, KeyRecord } from '../core/data/files.ts'
import { troubles } from '../core/data/troubles.ts'
import type { Message } from '../core/declare/message.ts'
import { FilesUnavailable, gatheredIn, KEY, READS, WRITES } from './files.ts'
import { storage } from './messages.ts'
import { type S3Client, S3Error } from './s3/index.ts'

/** A bucket, and what the names of all that is ours in it begin with: nothing, or what ends in a slash. */
export interface InBucket {
  readonly client: S3Client
  readonly prefix: string
}

interface Surroundings {
  readonly bytesPerUser: number
  /** Uploads lie here until all of them is there, and leave so many bytes free for all else. */
  readonly folder: string
  readonly reserve: number
  /** An object that is there from the start on; without it the bucket is another one. */
  readonly mark: string | null
  /** Hears in words of storage that does not work, and when it works again. */
  told(what: string): void
}

/**
 * Files in S3-compatible storage, one object for each key, and under `quarantine/` those that wait to be deleted. Storage moves nothing:
 * it copies, then deletes. So there may be bytes in place and in quarantine at once, after something was cut off or while it is
 * read; then those in place count, and nothing is forgotten before both are gone.
 */
export function filesInBucket(
  { client, prefix }: InBucket,
  record: KeyRecord,
  { bytesPerUser, folder, reserve, mark, told }: Surroundings,
): FileStore {
  const [reading, writing] = [troubles(READS, told), troubles(WRITES, told)]
  const nameOf = (key: string) => `${prefix}${key}`

  async function refuseOther(): Promise<void> {
    if (mark !== null && !(await client.head(`${prefix}${mark}`))) throw new FilesUnavailable(storage.otherBucket())
  }

  /** Copies the bytes back into place, and gives what is then left of them in quarantine. */
  async function putBack(key: string): Promise<string[]> {
    const names = KEY.test(key) ? await namesInQuarantine({ client, prefix }, key) : []
    const newest = names.at(-1)
    return newest !== undefined && (await client.copy(newest, nameOf(key))) ? names : []
  }

  async function remove(names: readonly string[]): Promise<boolean> {
    for (const name of names) await client.remove(name)
    return names.length > 0
  }

  /** The bytes first: a key without any does no harm, bytes without their key would lie there for ever. */
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
          // Before the first byte, so that what a crash leaves behind is known to be ours.
          await record.add(key)
          return await gatheredIn(folder, bytes, { maxBytes, reserve }, async ({ size, digest, open }) => {
            await refuseOther()
            await client.put(nameOf(key), { size, sha256: digest, open })
            await record.wrote(key, size, userId ?? null)
            return { key, size, digest }
          })
        } catch (error) {
          bytes.destroy()
          // What could not be removed is swept away later; what went wrong first is what counts.
          await drop(key).catch(() => {})
          throw outageOf(error, storage.bucketNotWritten())
        }
      }),

    read: (key, part) =>
      reading(async () => {
        if (!KEY.test(key)) return null
        try {
          let found = await client.get(nameOf(key), part)
          // What is left in quarantine is removed by the sweep: there is only one at a time, so it cannot remove the last bytes.
          if (!found && (await putBack(key)).length) found = await client.get(nameOf(key), part)
          if (!found) await refuseOther()
          return found && { bytes: found.bytes, size: found.size }
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
      // What has been brought back meanwhile is referred to.
      if (!removed || (await client.head(nameOf(key)))) return false
      await record.remove(key)
      return true
    },
  }
}

/** What waits to be deleted; of a key that is there more than once, what was moved last. */
export async function* quarantinedIn({ client, prefix }: InBucket): AsyncGenerator<KeptBytes> {
  const folder = `${prefix}${QUARANTINE}`
  let last: KeptBytes | undefined
  for await (const { key: name, size, modified } of client.list(folder)) {
    const [, key = '', moment] = IN_QUARANTINE.exec(name.slice(folder.length)) ?? []
    if (!KEY.test(key)) continue
    // A list is in order, so those of one key follow one another.
    if (last && last.key !== key) yield last
    last = { key, size, since: moment ? Date.parse(moment.replace(/-(\d\d)-(\d\d\.\d+Z)$/, ':$1:$2')) : modified }
  }
  if (last) yield last
}

/** Under which names the bytes of a key lie in quarantine, the newest last. */
export async function namesInQuarantine({ client, prefix }: InBucket, key: string): Promise<string[]> {
  const names: string[] = []
  const folder = `${prefix}${QUARANTINE}`
  for await (const { key: name } of client.list(`${folder}${key}`)) {
    if (IN_QUARANTINE.exec(name.slice(folder.length))?.[1] === key) names.push(name)
  }
  return names
}

/**
 * The moment is part of the name: a list tells it, and a copy keeps it. Without one, as when another program has copied a folder
 * into the bucket, that of the object counts.
 */
export const quarantineName = (prefix: string, key: string, moment: Date): string =>
  `${prefix}${QUARANTINE}${key}/${moment.toISOString().replaceAll(':', '-')}`

const QUARANTINE = 'quarantine/'
const IN_QUARANTINE = /^([^/]+)(?:\/(\d{4}-\d\d-\d\dT\d\d-\d\d-\d\d\.\d{3}Z))?$/

const outageOf = (error: unknown, failing: Message): unknown =>
  error instanceof S3Error ? new FilesUnavailable(failing, error) : error
