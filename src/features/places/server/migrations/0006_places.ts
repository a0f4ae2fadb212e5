import { belongsTo, filled, type Migration, pointsAt } from '../../../../core/data/migration.ts'

/** The categories of a new instance; administrators change them as they like. */
const CATEGORIES = [
  ['Hotel', '#3b82f6', '🏨'],
  ['Restaurant', '#ef4444', '🍽️'],
  ['Attraction', '#8b5cf6', '🏛️'],
  ['Shopping', '#f59e0b', '🛍️'],
  ['Transport', '#6b7280', '🚌'],
  ['Activity', '#10b981', '🎯'],
  ['Bar/Cafe', '#f97316', '☕'],
  ['Beach', '#06b6d4', '🏖️'],
  ['Nature', '#84cc16', '🌿'],
  ['Other', '#6366f1', '📍'],
] as const

export const places: Migration = async (db, types) => {
  await types
    .withId(db.schema.createTable('categories'))
    .addColumn('name', 'text', (column) => column.notNull().unique())
    .addColumn('color', 'text', filled)
    .addColumn('icon', 'text', filled)
    .execute()
  await db
    .insertInto('categories')
    .values(CATEGORIES.map(([name, color, icon]) => ({ name, color, icon })))
    .execute()

  await types
    .withId(db.schema.createTable('places'))
    .addColumn('trip_id', types.integer, belongsTo('trips'))
    .addColumn('name', 'text', filled)
    .addColumn('description', 'text')
    .addColumn('lat', types.real)
    .addColumn('lng', types.real)
    .addColumn('address', 'text')
    .addColumn('category_id', types.integer, pointsAt('categories'))
    // Minor units of its currency.
    .addColumn('price', types.integer)
    .addColumn('currency', 'text')
    .addColumn('place_time', 'text')
    .addColumn('end_time', 'text')
    .addColumn('duration_minutes', types.integer)
    .addColumn('transport_mode', 'text', filled)
    .addColumn('notes', 'text')
    .addColumn('website', 'text')
    .addColumn('phone', 'text')
    .addColumn('google_place_id', 'text')
    .addColumn('google_ftid', 'text')
    .addColumn('osm_id', 'text')
    .addColumn('created_at', 'text', filled)
    .execute()
  await db.schema.createIndex('places_by_trip').on('places').column('trip_id').execute()
  await db.schema.createIndex('places_by_category').on('places').column('category_id').execute()

  await types
    .withId(db.schema.createTable('tags'))
    .addColumn('user_id', types.integer, belongsTo('users'))
    .addColumn('name', 'text', filled)
    .addColumn('color', 'text', filled)
    .addColumn('created_at', 'text', filled)
    .addUniqueConstraint('tags_once', ['user_id', 'name'])
    .execute()

  await types
    .withId(db.schema.createTable('place_tags'))
    .addColumn('trip_id', types.integer, belongsTo('trips'))
    .addColumn('place_id', types.integer, belongsTo('places'))
    .addColumn('tag_id', types.integer, belongsTo('tags'))
    .addColumn('user_id', types.integer, belongsTo('users'))
    .addUniqueConstraint('place_tags_once', ['place_id', 'tag_id'])
    .execute()
  await db.schema.createIndex('place_tags_by_trip').on('place_tags').columns(['trip_id', 'user_id']).execute()
  await db.schema.createIndex('place_tags_by_tag').on('place_tags').column('tag_id').execute()
}
