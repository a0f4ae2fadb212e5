import { belongsTo, filled, type Migration } from '../../../../core/data/migration.ts'

export const assignments: Migration = async (db, types) => {
  await types
    .withId(db.schema.createTable('assignments'))
    .addColumn('trip_id', types.integer, belongsTo('trips'))
    .addColumn('day_id', types.integer, belongsTo('days'))
    .addColumn('place_id', types.integer, belongsTo('places'))
    .addColumn('order_index', types.integer, filled)
    .addColumn('notes', 'text')
    .addColumn('place_time', 'text')
    .addColumn('end_time', 'text')
    .addColumn('participant_ids', 'text', filled)
    .addColumn('created_at', 'text', filled)
    .execute()
  await db.schema.createIndex('assignments_by_trip').on('assignments').column('trip_id').execute()
  await db.schema.createIndex('assignments_by_day').on('assignments').columns(['day_id', 'order_index']).execute()
  await db.schema.createIndex('assignments_by_place').on('assignments').column('place_id').execute()
}
