import { belongsTo, filled, type Migration, pointsAt } from '../../../../core/data/migration.ts'

export const accommodations: Migration = async (db, types) => {
  await types
    .withId(db.schema.createTable('accommodations'))
    .addColumn('trip_id', types.integer, belongsTo('trips'))
    // Null once its place was deleted: one still sleeps there.
    .addColumn('place_id', types.integer, pointsAt('places'))
    .addColumn('start_day_id', types.integer, belongsTo('days'))
    .addColumn('end_day_id', types.integer, belongsTo('days'))
    .addColumn('check_in', 'text')
    .addColumn('check_in_end', 'text')
    .addColumn('check_out', 'text')
    .addColumn('confirmation', 'text')
    .addColumn('notes', 'text')
    .addColumn('created_at', 'text', filled)
    .execute()
  await db.schema.createIndex('accommodations_by_trip').on('accommodations').column('trip_id').execute()
  await db.schema.createIndex('accommodations_by_place').on('accommodations').column('place_id').execute()
  await db.schema.createIndex('accommodations_by_start').on('accommodations').column('start_day_id').execute()
  await db.schema.createIndex('accommodations_by_end').on('accommodations').column('end_day_id').execute()
}
