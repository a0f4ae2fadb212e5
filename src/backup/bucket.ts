import { PassThrough } from 'node:stream'
import { buffer } from 'node:stream/consumers'
import { type S3Settings, s3At } from '../adapters/s3/at.ts'
import { S3Error } from '../adapters/s3/index.ts'
import type { BackupsPlace, KeptBackup } from './backups-place.ts'
import { isPlace } from './folder-problems.ts'
import { isNamedOf, newestFirst, toldBy } from './names.ts'
import { outdated } from './retention.ts'
import { seemsWhole } from './seems-whole.ts'

/** After this time, no process still writes an unfinished upload: a copy of the instance can be on another machine. */
const ABANDONED_MS = 86_400_000

/** Backups in S3-compatible storage below an address like s3://bucket/backups. */
export function backupsInBucket(url: string, settings: S3Settings): BackupsPlace {
  const { client, prefix } = s3At(url, settings)
  const place = url.replace(/\/+$/, '')
  /** Backups that were found whole. Each check takes two requests, and a backup never changes. */
  const whole = new Set<string>()

  async function look(key: string, size: number): Promise<Pick<KeptBackup, 'damaged' | 'unread'>> {
    const known = `${size} ${key}`
    if (whole.has(known)) return { damaged: false, unread: false }
    const seems = seemsWhole(size, async (start, length) => {
      const found = await client.get(key, { start, end: Math.min(size, start + length) - 1 })
      return found ? buffer(found.bytes) : Buffer.alloc(0)
    })
    try {
      if (await seems) whole.add(known)
      return { damaged: !whole.has(known), unread: false }
    } catch {
      return { damaged: false, unread: true }
    }
  }

  async function list(instanceId: string): Promise<KeptBackup[]> {
    const backups: KeptBackup[] = []
    for await (const { key, size } of client.list(prefix, { flat: true })) {
      const name = key.slice(prefix.length)
      const described = toldBy(instanceId, name)
      if (described) backups.push({ name, size, ...described, ...(await look(key, size)) })
    }
    return backups.sort(newestFirst)
  }

  return {
    name: place,
    pathOf: (name) => `${place}/${name}`,

    async problem() {
      try {
        await client.list(prefix, { flat: true }).next()
        return null
      } catch (error) {
        return `${place} cannot be used: ${(error as Error).message}`
      }
    },

    list,
    has: async (name) => (await client.head(`${prefix}${name}`)) !== null,
    open: (name, part) => client.get(`${prefix}${name}`, part),

    async whatElse(name) {
      const inside = name === null ? prefix : `${prefix}${name}/`
      const names: string[] = []
      for await (const { key } of client.list(inside, { flat: true })) names.push(key.slice(inside.length))
      if (name !== null && !names.length) return `${place}/${name} does not exist. Give the path of a backup.`
      return isPlace(name === null ? place : `${place}/${name}`, 'a place in storage', names)
    },

    async removeCutOff(instanceId) {
      try {
        const longAgo = Date.now() + (await client.clockAhead()) - ABANDONED_MS
        for await (const upload of client.unfinished(prefix)) {
          const isOwn = isNamedOf(instanceId, upload.key.slice(prefix.length))
          if (isOwn && upload.began < longAgo) await client.abort(upload)
        }
      } catch (error) {
        // Some storages do not list them, and some keys may not: no reason to make no backup.
        if (!(error instanceof S3Error)) throw error
      }
    },

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

    async keepNewest(instanceId, count, made) {
      const kept = outdated(await list(instanceId), count, made)
      for (const name of kept.removed) await client.remove(`${prefix}${name}`)
      return kept
    },

    close: () => client.close(),
  }
}
