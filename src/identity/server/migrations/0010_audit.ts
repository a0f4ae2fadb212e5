import { filled, type Migration } from '../../../core/data/migration.ts'

/** Who logged in, who was refused, and which tools were called; never with which arguments. */
export const audit: Migration = async (db, types) => {
  await types
    .withId(db.schema.createTable('audit'))
    .addColumn('at', 'text', filled)
    .addColumn('event', 'text', filled)
    // No foreign key: the entries of a deleted user keep the id and lose the name.
    .addColumn('user_id', types.integer)
    .addColumn('way', 'text', filled)
    .addColumn('client', 'text')
    .addColumn('grant_id', 'text')
    .addColumn('ip_address', 'text')
    .addColumn('outcome', 'text', filled)
    .execute()
  await db.schema.createIndex('audit_by_moment').on('audit').column('at').execute()
  await db.schema.createIndex('audit_by_user').on('audit').columns(['user_id', 'id']).execute()
}
