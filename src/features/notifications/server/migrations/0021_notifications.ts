import { belongsTo, filled, type Migration, pointsAt } from '../../../../core/data/migration.ts'

export const notifications: Migration = async (db, types) => {
  await types
    .withId(db.schema.createTable('notifications'))
    .addColumn('recipient_id', types.integer, belongsTo('users'))
    .addColumn('trip_id', types.integer, belongsTo('trips'))
    .addColumn('event', 'text', filled)
    .addColumn('actor_id', types.integer, pointsAt('users'))
    .addColumn('about', 'text', filled)
    .addColumn('date', 'text')
    .addColumn('count', types.integer, filled)
    .addColumn('is_read', types.boolean, filled)
    .addColumn('dismissed', types.boolean, filled)
    // Null for what may come any number of times.
    .addColumn('once_key', 'text')
    .addColumn('created_at', 'text', filled)
    .addUniqueConstraint('notifications_once', ['recipient_id', 'once_key'])
    .execute()
  await db.schema
    .createIndex('notifications_by_recipient')
    .on('notifications')
    .columns(['recipient_id', 'created_at'])
    .execute()
  await db.schema.createIndex('notifications_by_trip').on('notifications').column('trip_id').execute()
  await db.schema.createIndex('notifications_by_actor').on('notifications').column('actor_id').execute()
  await db.schema.createIndex('notifications_by_moment').on('notifications').column('created_at').execute()

  await types
    .withId(db.schema.createTable('notification_preferences'))
    .addColumn('user_id', types.integer, belongsTo('users'))
    .addColumn('event', 'text', filled)
    .addColumn('in_app', types.boolean, filled)
    .addUniqueConstraint('notification_preferences_once', ['user_id', 'event'])
    .execute()
}
