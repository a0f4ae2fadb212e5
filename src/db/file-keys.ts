import type { Generated, Kysely } from 'kysely'
import type { KeyRecord } from '../core/data/files.ts'
import type { Tables } from '../core/data/tx.ts'

declare module '../core/data/tx.ts' {
  interface Tables {
    file_keys: { key: string; kept_at: string; user_id: number | null; size: Generated<number> }
  }
}

/** Further queries of the key record. */
interface KeyRecordInDatabase extends KeyRecord {
  any(): Promise<boolean>
  all(): Promise<string[]>
  written(): Promise<Map<string, number>>
  /** The number of files, and their total size. */
  totals(): Promise<{ files: number; bytes: number }>
}

/** The keys of files that this database has issued. */
export const fileKeysIn = (db: Kysely<Tables>): KeyRecordInDatabase => ({
  async add(key) {
    await db.insertInto('file_keys').values({ key, kept_at: new Date().toISOString(), user_id: null }).execute()
  },

  async wrote(key, size, user_id) {
    await db.updateTable('file_keys').set({ size, user_id }).where('key', '=', key).execute()
  },

  async known(keys) {
    if (!keys.length) return new Set()
    const rows = await db.selectFrom('file_keys').select('key').where('key', 'in', keys).execute()
    return new Set(rows.map(({ key }) => key))
  },

  async any() {
    return (await db.selectFrom('file_keys').select('key').limit(1).execute()).length > 0
  },

  async all() {
    return (await db.selectFrom('file_keys').select('key').orderBy('key').execute()).map(({ key }) => key)
  },

  /** The keys of complete uploads, with their sizes. */
  async written() {
    const rows = await db.selectFrom('file_keys').select(['key', 'size']).where('size', '>', 0).execute()
    return new Map(rows.map(({ key, size }) => [key, size]))
  },

  async totals() {
    const { files, bytes } = await db
      .selectFrom('file_keys')
      .select(({ fn }) => [fn.countAll<number>().as('files'), fn.sum<number | string | null>('size').as('bytes')])
      .executeTakeFirstOrThrow()
    // PostgreSQL returns a sum of big integers as text.
    return { files, bytes: Number(bytes ?? 0) }
  },

  async remove(key) {
    await db.deleteFrom('file_keys').where('key', '=', key).execute()
  },
})
