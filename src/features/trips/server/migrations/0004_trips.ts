import { belongsTo, filled, type Migration, pointsAt } from '../../../../core/data/migration.ts'

export const trips: Migration = async (db, types) => {
  await types
    .withId(db.schema.createTable('trips'))
    .addColumn('user_id', types.integer, belongsTo('users'))
    .addColumn('title', 'text', filled)
    .addColumn('description', 'text')
    .addColumn('start_date', 'text')
    .addColumn('end_date', 'text')
    .addColumn('currency', 'text', filled)
    .addColumn('cover_image', 'text')
    .addColumn('reminder_days', types.integer, filled)
    .addColumn('is_archived', types.boolean, filled)
    .addColumn('created_at', 'text', filled)
    .execute()
  await db.schema.createIndex('trips_by_user').on('trips').column('user_id').execute()

  await types
    .withId(db.schema.createTable('trip_members'))
    .addColumn('trip_id', types.integer, belongsTo('trips'))
    .addColumn('user_id', types.integer, belongsTo('users'))
    .addColumn('role', 'text', filled)
    .addColumn('invited_by', types.integer, pointsAt('users'))
    .addColumn('added_at', 'text', filled)
    .addUniqueConstraint('trip_members_once', ['trip_id', 'user_id'])
    .execute()
  await db.schema.createIndex('trip_members_by_user').on('trip_members').column('user_id').execute()
}
