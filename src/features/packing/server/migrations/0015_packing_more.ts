import { belongsTo, filled, type Migration, pointsAt } from '../../../../core/data/migration.ts'

export const packingMore: Migration = async (db, types) => {
  await types
    .withId(db.schema.createTable('packing_bags'))
    .addColumn('trip_id', types.integer, belongsTo('trips'))
    .addColumn('name', 'text', filled)
    .addColumn('color', 'text', filled)
    .addColumn('weight_limit_grams', types.integer)
    .addColumn('member_ids', 'text', filled)
    .addColumn('sort_order', types.integer, filled)
    .addColumn('created_at', 'text', filled)
    .execute()
  await db.schema.createIndex('packing_bags_by_trip').on('packing_bags').columns(['trip_id', 'sort_order']).execute()
  await db.schema.alterTable('packing_items').addColumn('bag_id', types.integer, pointsAt('packing_bags')).execute()
  await db.schema.createIndex('packing_items_by_bag').on('packing_items').column('bag_id').execute()

  await types
    .withId(db.schema.createTable('packing_category_assignees'))
    .addColumn('trip_id', types.integer, belongsTo('trips'))
    .addColumn('category', 'text', filled)
    .addColumn('user_ids', 'text', filled)
    .addUniqueConstraint('packing_category_assignees_once', ['trip_id', 'category'])
    .execute()

  await types
    .withId(db.schema.createTable('packing_templates'))
    .addColumn('name', 'text', filled)
    .addColumn('items', 'text', filled)
    .addColumn('created_at', 'text', filled)
    .execute()
}
