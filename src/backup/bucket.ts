import { PassThrough } from 'node:stream'
import { type S3Settings, s3At } from '../adapters/s3/at.ts'
import type { BackupsPlace, KeptBackup } from './backups-place.ts'
import { isNamed, newestFirst, toldBy } from './names.ts'

/** Backups in S3-compatible storage below an address like s3://bucket/backups. */
export function backupsInBucket(url: string, settings: S3Settings): BackupsPlace {
  const { client, prefix } = s3At(url, settings)
  const place = url.replace(/\/+$/, '')

  async function list(): Promise<KeptBackup[]> {
    const backups: KeptBackup[] = []
    for await (const { key, size } of client.list(prefix, { flat: true })) {
      const name = key.slice(prefix.length)
      const described = toldBy(name)
      if (described) backups.push({ name, size, ...described })
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
    open: (name) => client.get(`${prefix}${name}`),

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

    async keepNewest(count) {
      const old = (await list()).slice(count).filter(({ name }) => isNamed(name))
      for (const { name } of old) await client.remove(`${prefix}${name}`)
      return old.map(({ name }) => name)
    },

    close: () => client.close(),
  }
}
