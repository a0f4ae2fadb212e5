import { belongsTo, filled, type Migration, pointsAt } from '../../../../core/data/migration.ts'

/** The link of a trip that shows it to whoever has it; of its secret there is only what recognises it. */
export const sharing: Migration = async (db, types) => {
  await types
    .withId(db.schema.createTable('share_links'))
    .addColumn('trip_id', types.integer, (column) => belongsTo('trips')(column).unique())
    .addColumn('share_map', types.boolean, filled)
    .addColumn('share_bookings', types.boolean, filled)
    .addColumn('share_packing', types.boolean, filled)
    .addColumn('share_budget', types.boolean, filled)
    .addColumn('share_collab', types.boolean, filled)
    .addColumn('nonce', 'text', filled)
    .addColumn('token_hash', 'text', (column) => filled(column).unique())
    .addColumn('created_by', types.integer, pointsAt('users'))
    .addColumn('created_at', 'text', filled)
    .addColumn('expires_at', 'text', filled)
    .execute()
  await db.schema.createIndex('share_links_by_creator').on('share_links').column('created_by').execute()
}
