import { belongsTo, filled, type Migration } from '../../../../core/data/migration.ts'

export const atlas: Migration = async (db, types) => {
  await types
    .withId(db.schema.createTable('visited_countries'))
    .addColumn('user_id', types.integer, belongsTo('users'))
    .addColumn('country_code', 'text', filled)
    .addColumn('created_at', 'text', filled)
    .addUniqueConstraint('visited_countries_once', ['user_id', 'country_code'])
    .execute()
}
