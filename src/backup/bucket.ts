import { PassThrough } from 'node:stream'
import { buffer } from 'node:stream/consumers'
import { type S3Settings, s3At } from '../adapters/s3/at.ts'
import type { BackupsPlace, KeptBackup } from './backups-place.ts'
import { newestFirst, toldBy } from './names.ts'
import { outdated } from './retention.ts'
import { seemsWhole } from './seems-whole.ts'

/** Backups in S3-compatible storage below an address like s3://bucket/backups. */
export function backupsInBucket(url: string, settings: S3Settings): BackupsPlace {
  const { client, prefix } = s3At(url, settings)
  const place = url.replace(/\/+$/, '')
  /** Backups that were found whole. Each check takes two requests, and a backup never changes. */
  const whole = new Set<string>()

  /** Whether an object is no whole backup, or cannot be read. */
  async function isDamaged(key: string, size: number): Promise<boolean> {
    const known = `${size} ${key}`
    if (whole.has(known)) return false
    const seems = seemsWhole(size, async (start, length) => {
      const found = await client.get(key, { start, end: Math.min(size, start + length) - 1 })
      return found ? buffer(found.bytes) : Buffer.alloc(0)
    })
    if (await seems.catch(() => false)) whole.add(known)
    return !whole.has(known)
  }

  async function list(): Promise<KeptBackup[]> {
    const backups: KeptBackup[] = []
    for await (const { key, size } of client.list(prefix, { flat: true })) {
      const name = key.slice(prefix.length)
      const described = toldBy(name)
      if (described) backups.push({ name, size, ...described, damaged: await isDamaged(key, size) })
    }
    return backups.sort(newestFirst)
  }

  return {
    name: place,
    pathOf: (name) => `${place}/${name}`,

    async problem() {
      try {
        await list()
        return null
      } catch (error) {
        return `${place} cannot be used: ${(error as Error).message}`
      }
    },

    list,
    has: async (name) => (await client.head(`${prefix}${name}`)) !== null,
    open: (name, part) => client.get(`${prefix}${name}`, part),

    async write(name, content, expectedBytes) {
      const through = new PassThrough()
      const [written, copied] = await Promise.allSettled([
        content(through),
        client.put(`${prefix}${name}`, through, expectedBytes),
      ])
      // A failed backup fails the storage too; after a storage error, the backup only sees a closed stream. So report
      // storage first.
      if (copied.status === 'rejected') throw copied.reason
      if (written.status === 'rejected') throw written.reason
      return copied.value.size
    },

    async keepNewest(count, made) {
      const kept = outdated(await list(), count, made)
      for (const name of kept.removed) await client.remove(`${prefix}${name}`)
      return kept
    },

    close: () => client.close(),
  }
}
