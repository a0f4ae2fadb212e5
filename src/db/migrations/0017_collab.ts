import { belongsTo, filled, pointsAt } from '../columns.ts'
import type { Migration } from '../migration.ts'

export const collab: Migration = async (db, types) => {
  await types
    .withId(db.schema.createTable('collab_notes'))
    .addColumn('trip_id', types.integer, belongsTo('trips'))
    .addColumn('author_id', types.integer, pointsAt('users'))
    .addColumn('title', 'text', filled)
    .addColumn('content', 'text')
    .addColumn('category', 'text', filled)
    .addColumn('color', 'text', filled)
    .addColumn('pinned', types.boolean, filled)
    .addColumn('website', 'text')
    .addColumn('created_at', 'text', filled)
    .addColumn('updated_at', 'text', filled)
    .execute()
  await db.schema.createIndex('collab_notes_by_trip').on('collab_notes').column('trip_id').execute()
  await db.schema.createIndex('collab_notes_by_author').on('collab_notes').column('author_id').execute()
  await types
    .withId(db.schema.createTable('collab_polls'))
    .addColumn('trip_id', types.integer, belongsTo('trips'))
    .addColumn('author_id', types.integer, pointsAt('users'))
    .addColumn('question', 'text', filled)
    .addColumn('options', 'text', filled)
    .addColumn('multiple', types.boolean, filled)
    .addColumn('deadline', 'text')
    .addColumn('closed_at', 'text')
    .addColumn('votes', 'text', filled)
    .addColumn('created_at', 'text', filled)
    .execute()
  await db.schema.createIndex('collab_polls_by_trip').on('collab_polls').column('trip_id').execute()
  await db.schema.createIndex('collab_polls_by_author').on('collab_polls').column('author_id').execute()
  await types
    .withId(db.schema.createTable('collab_messages'))
    .addColumn('trip_id', types.integer, belongsTo('trips'))
    .addColumn('author_id', types.integer, pointsAt('users'))
    .addColumn('text', 'text', filled)
    .addColumn('reply_to', types.integer, pointsAt('collab_messages'))
    .addColumn('reactions', 'text', filled)
    .addColumn('deleted', types.boolean, filled)
    .addColumn('created_at', 'text', filled)
    .execute()
  // Also for the newest of a trip, and those before one of them.
  await db.schema.createIndex('collab_messages_by_trip').on('collab_messages').columns(['trip_id', 'id']).execute()
  await db.schema.createIndex('collab_messages_by_author').on('collab_messages').column('author_id').execute()
  await db.schema.createIndex('collab_messages_by_reply').on('collab_messages').column('reply_to').execute()
}
