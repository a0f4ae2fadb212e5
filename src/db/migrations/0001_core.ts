import type { Migration } from '../../core/data/migration.ts'

/** Settings of the instance, and the change log with the counter of each space. */
export const core: Migration = async (db, types) => {
  await types
    .withId(db.schema.createTable('settings'))
    .addColumn('key', 'text', (column) => column.notNull().unique())
    .addColumn('value', 'text', (column) => column.notNull())
    .execute()

  await db.schema
    .createTable('spaces')
    .addColumn('space', 'text', (column) => column.notNull())
    .addColumn('id', types.integer, (column) => column.notNull())
    .addColumn('seq', types.integer, (column) => column.notNull())
    .addPrimaryKeyConstraint('spaces_pk', ['space', 'id'])
    .execute()

  await db.schema
    .createTable('changes')
    .addColumn('space', 'text', (column) => column.notNull())
    .addColumn('space_id', types.integer, (column) => column.notNull())
    .addColumn('seq', types.integer, (column) => column.notNull())
    .addColumn('commit_seq', types.integer, (column) => column.notNull())
    .addColumn('entity', 'text', (column) => column.notNull())
    .addColumn('row_id', types.integer, (column) => column.notNull())
    .addColumn('action', 'text', (column) => column.notNull())
    .addColumn('before', 'text')
    .addColumn('after', 'text')
    // No foreign key: the entries of a deleted user keep the id and lose the name.
    .addColumn('user_id', types.integer, (column) => column.notNull())
    .addColumn('way', 'text', (column) => column.notNull())
    .addColumn('client', 'text')
    .addColumn('grant_id', 'text')
    .addColumn('operation', 'text', (column) => column.notNull())
    .addColumn('at', 'text', (column) => column.notNull())
    .addPrimaryKeyConstraint('changes_pk', ['space', 'space_id', 'seq'])
    .execute()
}
