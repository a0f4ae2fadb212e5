import { belongsTo, filled, type Migration, pointsAt } from '../../../../core/data/migration.ts'

export const files: Migration = async (db, types) => {
  await types
    .withId(db.schema.createTable('trip_files'))
    .addColumn('trip_id', types.integer, belongsTo('trips'))
    .addColumn('name', 'text', filled)
    .addColumn('size', types.integer, filled)
    .addColumn('type', 'text', filled)
    .addColumn('kind', 'text', filled)
    .addColumn('description', 'text')
    .addColumn('place_ids', 'text', filled)
    .addColumn('reservation_ids', 'text', filled)
    .addColumn('starred', types.boolean, filled)
    // Null when the account is gone: the file stays with the trip.
    .addColumn('uploaded_by', types.integer, pointsAt('users'))
    .addColumn('created_at', 'text', filled)
    .addColumn('deleted_at', 'text')
    .addColumn('key', 'text', filled)
    .execute()
  await db.schema.createIndex('trip_files_by_trip').on('trip_files').column('trip_id').execute()
  await db.schema.createIndex('trip_files_by_uploader').on('trip_files').column('uploaded_by').execute()
  await db.schema.createIndex('trip_files_by_key').on('trip_files').column('key').execute()
  // A cover is found by its address.
  await db.schema.createIndex('trips_by_cover').on('trips').column('cover_image').execute()
}
