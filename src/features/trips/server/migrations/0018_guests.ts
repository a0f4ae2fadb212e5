import { sql } from 'kysely'
import type { Migration } from '../../../../core/data/migration.ts'

/** Guests: people in a trip who have no account. They are users, so that whatever names a person can name them. */
export const guests: Migration = async (db, types) => {
  await db.schema
    .alterTable('users')
    .addColumn('is_guest', types.boolean, (column) => column.notNull().defaultTo(sql`false`))
    .execute()
  await db.schema.alterTable('trip_members').addColumn('guest_name', 'text').execute()
}
