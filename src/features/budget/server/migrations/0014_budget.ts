import { belongsTo, filled, type Migration, pointsAt } from '../../../../core/data/migration.ts'

export const budget: Migration = async (db, types) => {
  await types
    .withId(db.schema.createTable('budget_items'))
    .addColumn('trip_id', types.integer, belongsTo('trips'))
    .addColumn('name', 'text', filled)
    .addColumn('category', 'text', filled)
    // Minor units of its currency.
    .addColumn('total_price', types.integer, filled)
    .addColumn('currency', 'text', filled)
    .addColumn('payers', 'text', filled)
    .addColumn('members', 'text', filled)
    .addColumn('persons', types.integer)
    .addColumn('days', types.integer)
    .addColumn('expense_date', 'text')
    .addColumn('note', 'text')
    .addColumn('reservation_id', types.integer, pointsAt('reservations'))
    .addColumn('exchange_rate', types.real)
    .addColumn('rate_base', 'text')
    .addColumn('rate_date', 'text')
    .addColumn('rate_source', 'text')
    .addColumn('sort_order', types.integer, filled)
    .addColumn('created_at', 'text', filled)
    .execute()
  await db.schema.createIndex('budget_items_by_trip').on('budget_items').columns(['trip_id', 'sort_order']).execute()
  await db.schema.createIndex('budget_items_by_reservation').on('budget_items').column('reservation_id').execute()

  await types
    .withId(db.schema.createTable('budget_settlements'))
    .addColumn('trip_id', types.integer, belongsTo('trips'))
    .addColumn('from_user_id', types.integer, belongsTo('users'))
    .addColumn('to_user_id', types.integer, belongsTo('users'))
    // Minor units of its currency.
    .addColumn('amount', types.integer, filled)
    .addColumn('currency', 'text', filled)
    .addColumn('exchange_rate', types.real)
    .addColumn('rate_base', 'text')
    .addColumn('rate_date', 'text')
    .addColumn('rate_source', 'text')
    .addColumn('created_at', 'text', filled)
    .execute()
  await db.schema
    .createIndex('budget_settlements_by_trip')
    .on('budget_settlements')
    .columns(['trip_id', 'created_at'])
    .execute()
  await db.schema.createIndex('budget_settlements_by_payer').on('budget_settlements').column('from_user_id').execute()
  await db.schema.createIndex('budget_settlements_by_receiver').on('budget_settlements').column('to_user_id').execute()
}
