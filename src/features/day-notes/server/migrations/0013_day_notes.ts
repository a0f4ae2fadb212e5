import { sql } from 'kysely'
import { belongsTo, filled, type Migration } from '../../../../core/data/migration.ts'

/** Notes between the stops of a day. What was written about a day before becomes its first note. */
export const dayNotes: Migration = async (db, types) => {
  await types
    .withId(db.schema.createTable('day_notes'))
    .addColumn('trip_id', types.integer, belongsTo('trips'))
    .addColumn('day_id', types.integer, belongsTo('days'))
    .addColumn('text', 'text', filled)
    .addColumn('time', 'text')
    .addColumn('icon', 'text', filled)
    .addColumn('position', types.integer, filled)
    .addColumn('before_bookings', types.boolean, filled)
    .addColumn('sort_order', types.integer, filled)
    .addColumn('created_at', 'text', filled)
    .execute()
  await db.schema.createIndex('day_notes_by_trip').on('day_notes').column('trip_id').execute()
  await db.schema.createIndex('day_notes_by_day').on('day_notes').columns(['day_id', 'sort_order']).execute()

  await db
    .insertInto('day_notes')
    .columns(['trip_id', 'day_id', 'text', 'icon', 'position', 'before_bookings', 'sort_order', 'created_at'])
    .expression((from) =>
      from
        .selectFrom('days')
        .innerJoin('trips', 'trips.id', 'days.trip_id')
        .select(['days.trip_id', 'days.id', 'days.notes'])
        .select(({ val, lit, cast }) => [
          val('📝').as('icon'),
          cast<number>(lit(0), 'integer').as('position'),
          sql<boolean>`false`.as('before_bookings'),
          cast<number>(lit(0), 'integer').as('sort_order'),
        ])
        .select('trips.created_at')
        .where('days.notes', 'is not', null),
    )
    .execute()
  await db.schema.alterTable('days').dropColumn('notes').execute()
}
