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
}
