import type { Migration } from '../migrate.ts'

/** Accounts, web sessions and tokens. The first four tables are better-auth's, with our names for its columns. */
export const identity: Migration = async (db, types) => {
  await types
    .withId(db.schema.createTable('users'))
    .addColumn('username', 'text', (column) => column.notNull().unique())
    .addColumn('display_username', 'text')
    .addColumn('name', 'text', (column) => column.notNull())
    .addColumn('email', 'text', (column) => column.notNull().unique())
    .addColumn('email_verified', types.boolean, (column) => column.notNull())
    .addColumn('image', 'text')
    .addColumn('role', 'text', (column) => column.notNull().defaultTo('user'))
    .addColumn('banned', types.boolean)
    .addColumn('ban_reason', 'text')
    .addColumn('ban_expires', types.moment)
    .addColumn('created_at', types.moment, (column) => column.notNull())
    .addColumn('updated_at', types.moment, (column) => column.notNull())
    .execute()
}
