import { belongsTo, filled, type Migration } from '../../../../core/data/migration.ts'

export const packing: Migration = async (db, types) => {
  await types
    .withId(db.schema.createTable('packing_items'))
    .addColumn('trip_id', types.integer, belongsTo('trips'))
    .addColumn('name', 'text', filled)
    .addColumn('category', 'text', filled)
    .addColumn('quantity', types.integer, filled)
    .addColumn('weight_grams', types.integer)
    .addColumn('checked', types.boolean, filled)
    .addColumn('visibility', 'text', filled)
    .addColumn('shared_with', 'text', filled)
    .addColumn('owner_id', types.integer, belongsTo('users'))
    .addColumn('sort_order', types.integer, filled)
    .addColumn('created_at', 'text', filled)
    .execute()
  await db.schema.createIndex('packing_items_by_trip').on('packing_items').columns(['trip_id', 'sort_order']).execute()
  await db.schema.createIndex('packing_items_by_owner').on('packing_items').column('owner_id').execute()
}
