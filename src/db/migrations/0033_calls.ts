import { filled, type Migration } from '../../core/data/migration.ts'

/** The writes that clients gave a key, with what they were answered, so that each is done once; and the ways into the log. */
export const calls: Migration = async (db) => {
  await db.schema
    .createTable('calls')
    .addColumn('scope', 'text', filled)
    .addColumn('key', 'text', filled)
    .addColumn('operation', 'text', filled)
    .addColumn('input_hash', 'text', filled)
    .addColumn('commit_id', 'text', filled)
    .addColumn('answer', 'text')
    .addColumn('at', 'text', filled)
    .addPrimaryKeyConstraint('calls_pk', ['scope', 'key'])
    .execute()
  await db.schema.createIndex('calls_by_moment').on('calls').column('at').execute()
  await db.schema.createIndex('changes_by_commit').on('changes').column('commit_id').execute()
}
