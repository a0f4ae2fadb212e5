import { sql } from 'kysely'
import { alongside, type Migration } from '../../core/data/migration.ts'

/** A way to the trips that were deleted and can still be restored. */
export const deletedTrips: Migration = alongside(async (db) => {
  await db.schema
    .createIndex('changes_of_deleted_trips')
    .on('changes')
    // With the entity, which is always the same, SQLite prefers it to the index by row.
    .columns(['entity', 'at'])
    .where(sql.ref('entity'), '=', sql.lit('trip'))
    .where(sql.ref('action'), '=', sql.lit('remove'))
    .where(sql.ref('before'), 'is not', null)
    .execute()
})
