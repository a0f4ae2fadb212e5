import type { Migration } from '../../core/data/migration.ts'

/** The change log learns which client wrote: a page that is open, or whatever lives by a token or grant; and a way to one row. */
export const clientInstances: Migration = async (db) => {
  await db.schema.alterTable('changes').addColumn('client_instance', 'text').execute()
  await db.schema
    .createIndex('changes_by_row')
    .on('changes')
    .columns(['space', 'space_id', 'entity', 'row_id', 'seq'])
    .execute()
}
