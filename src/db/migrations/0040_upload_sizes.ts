import type { Migration } from '../../core/data/migration.ts'

/** Of every file that is kept it is known whose it is and how large, so that what one person takes can be counted. */
export const uploadSizes: Migration = async (db, { integer }) => {
  await db.schema.alterTable('file_keys').addColumn('user_id', 'integer').execute()
  await db.schema
    .alterTable('file_keys')
    .addColumn('size', integer, (column) => column.notNull().defaultTo(0))
    .execute()
  await db.schema.createIndex('file_keys_by_user').on('file_keys').column('user_id').execute()
}
