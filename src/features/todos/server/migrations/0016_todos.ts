import { belongsTo, filled, type Migration, pointsAt } from '../../../../core/data/migration.ts'

export const todos: Migration = async (db, types) => {
  await types
    .withId(db.schema.createTable('todos'))
    .addColumn('trip_id', types.integer, belongsTo('trips'))
    .addColumn('name', 'text', filled)
    .addColumn('category', 'text')
    .addColumn('due_date', 'text')
    .addColumn('description', 'text')
    .addColumn('assigned_user_id', types.integer, pointsAt('users'))
    .addColumn('priority', types.integer, filled)
    .addColumn('checked', types.boolean, filled)
    .addColumn('sort_order', types.integer, filled)
    .addColumn('created_at', 'text', filled)
    .execute()
  await db.schema.createIndex('todos_by_trip').on('todos').columns(['trip_id', 'sort_order']).execute()
  await db.schema.createIndex('todos_by_assigned_user').on('todos').column('assigned_user_id').execute()

  await types
    .withId(db.schema.createTable('todo_category_assignees'))
    .addColumn('trip_id', types.integer, belongsTo('trips'))
    .addColumn('category', 'text', filled)
    .addColumn('user_ids', 'text', filled)
    .addUniqueConstraint('todo_category_assignees_once', ['trip_id', 'category'])
    .execute()
}
