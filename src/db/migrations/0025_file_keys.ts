import { filled, type Migration } from '../../core/data/migration.ts'

const COVER = /^\/api\/covers\/([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})\.[a-z]+$/
const ROWS_PER_INSERT = 500

/**
 * Every key that this database has handed out for a file, beginning with those that rows refer to today. What else lies in
 * the folder may be another database's, and is left alone from now on.
 */
export const fileKeys: Migration = async (db) => {
  // On SQLite a migration is no transaction: one that broke off begins anew.
  await db.schema
    .createTable('file_keys')
    .ifNotExists()
    .addColumn('key', 'text', (column) => column.primaryKey().notNull())
    .addColumn('kept_at', 'text', filled)
    .execute()

  const files = await db.selectFrom('trip_files').select(['key', 'created_at']).execute()
  const trips = await db
    .selectFrom('trips')
    .select(['cover_image', 'created_at'])
    .where('cover_image', 'is not', null)
    .execute()
  const keptAt = new Map<string, string>(files.map(({ key, created_at }) => [key, created_at]))
  for (const { cover_image, created_at } of trips) {
    const key = COVER.exec(cover_image)?.[1]
    if (key) keptAt.set(key, created_at)
  }
  const rows = [...keptAt].map(([key, kept_at]) => ({ key, kept_at }))
  for (let start = 0; start < rows.length; start += ROWS_PER_INSERT) {
    await db
      .insertInto('file_keys')
      .values(rows.slice(start, start + ROWS_PER_INSERT))
      .onConflict((conflict) => conflict.column('key').doNothing())
      .execute()
  }
}
