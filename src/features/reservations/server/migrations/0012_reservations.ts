import { belongsTo, filled, type Migration, pointsAt } from '../../../../core/data/migration.ts'

/** What points at one of these, for the foreign keys: rows that are pointed at are only removed once nothing does. */
const POINTERS = ['day_id', 'end_day_id', 'place_id', 'assignment_id'] as const

export const reservations: Migration = async (db, types) => {
  await types
    .withId(db.schema.createTable('reservations'))
    .addColumn('trip_id', types.integer, belongsTo('trips'))
    .addColumn('type', 'text', filled)
    .addColumn('title', 'text', filled)
    .addColumn('status', 'text', filled)
    .addColumn('day_id', types.integer, pointsAt('days'))
    .addColumn('end_day_id', types.integer, pointsAt('days'))
    .addColumn('place_id', types.integer, pointsAt('places'))
    .addColumn('assignment_id', types.integer, pointsAt('assignments'))
    // A stay has one booking at most.
    .addColumn('accommodation_id', types.integer, (column) => pointsAt('accommodations')(column).unique())
    .addColumn('reservation_time', 'text')
    .addColumn('reservation_end_time', 'text')
    .addColumn('location', 'text')
    .addColumn('confirmation_number', 'text')
    .addColumn('notes', 'text')
    .addColumn('url', 'text')
    .addColumn('metadata', 'text', filled)
    .addColumn('endpoints', 'text', filled)
    .addColumn('needs_review', types.boolean, filled)
    .addColumn('day_plan_position', types.integer)
    .addColumn('day_positions', 'text', filled)
    .addColumn('created_at', 'text', filled)
    .execute()
  await db.schema.createIndex('reservations_by_trip').on('reservations').column('trip_id').execute()
  for (const column of POINTERS) {
    await db.schema
      .createIndex(`reservations_by_${column.replace(/_id$/, '')}`)
      .on('reservations')
      .column(column)
      .execute()
  }
}
