import { sql } from 'kysely'
import type { Migration } from '../../core/data/migration.ts'

/** Indexes for what would otherwise read or sort all rows of a trip, or those of every trip. */
export const readBy: Migration = async (db) => {
  // A page of places, the newest first.
  await db.schema.dropIndex('places_by_trip').ifExists().execute()
  await db.schema.createIndex('places_by_trip').on('places').columns(['trip_id', 'created_at', 'id']).execute()
  // What starts and what is due on a day, which is looked for every hour.
  await db.schema.createIndex('trips_by_start').on('trips').column('start_date').execute()
  await db.schema.createIndex('todos_by_due_date').on('todos').column('due_date').execute()
  // What an account leaves behind when it goes.
  await db.schema.createIndex('trip_members_by_inviter').on('trip_members').column('invited_by').execute()
  await db.schema.createIndex('place_tags_by_user').on('place_tags').column('user_id').execute()
  await db.schema
    .createIndex('collab_messages_with_reactions')
    .on('collab_messages')
    .column('id')
    .where(sql.ref('reactions'), '<>', sql.lit('[]'))
    .execute()
  // Grants that were never used, which are looked for every hour.
  await db.schema.createIndex('oauth_grants_by_kind').on('oauth_grants').columns(['kind', 'created_at']).execute()
}
