import { filled, type Migration } from '../../core/data/migration.ts'

/** What the processes of one instance tell each other, and by what a process sees that it has the key and the uploads of the others. */
export const processes: Migration = async (db, { fleeting, integer }) => {
  await fleeting(db.schema.createTable('processes'))
    .addColumn('id', 'text', (column) => column.primaryKey())
    // Counted up as long as the process lives and is not alone.
    .addColumn('beat', integer, filled)
    .execute()
  await fleeting(db.schema.createTable('presence'))
    .addColumn('process', 'text', filled)
    .addColumn('topic', 'text', filled)
    .addColumn('who', 'text', filled)
    .addColumn('way', 'text', filled)
    .addColumn('person', 'text', filled)
    // Milliseconds since 1970: where somebody went last is the place that counts.
    .addColumn('since', integer, filled)
    .addPrimaryKeyConstraint('presence_pk', ['process', 'topic', 'who'])
    .execute()
  await db.schema.createIndex('presence_by_topic').on('presence').column('topic').execute()
  await fleeting(db.schema.createTable('request_counts'))
    .addColumn('who', 'text', (column) => column.primaryKey())
    // Milliseconds since 1970 by the clock of the database.
    .addColumn('begun', integer, filled)
    .addColumn('count', integer, filled)
    .execute()
  await db.schema.alterTable('instance').addColumn('key_fingerprint', 'text').execute()
  await db.schema.alterTable('instance').addColumn('files_id', 'text').execute()
}
