import { belongsTo, filled, type Migration } from '../../../../core/data/migration.ts'

export const days: Migration = async (db, types) => {
  await types
    .withId(db.schema.createTable('days'))
    .addColumn('trip_id', types.integer, belongsTo('trips'))
    // Not unique: days swap their numbers one row after the other. That numbers have no gaps and no twins is tested.
    .addColumn('day_number', types.integer, filled)
    .addColumn('date', 'text')
    .addColumn('title', 'text')
    .addColumn('notes', 'text')
    .execute()
  await db.schema.createIndex('days_by_trip').on('days').columns(['trip_id', 'day_number']).execute()
}
