import { alongside, filled, type Migration } from '../../core/data/migration.ts'

/** What undo needs besides the change log. */
export const undo: Migration = alongside(async (db, types) => {
  // The number of the last migration that the writing process knew; 0 for changes logged before this one.
  await db.schema
    .alterTable('changes')
    .addColumn('schema', 'integer', (column) => column.notNull().defaultTo(0))
    .execute()
  // The columns of removed rows that the change log omits, encrypted.
  await db.schema
    .createTable('kept_secrets')
    .addColumn('commit_id', 'text', filled)
    .addColumn('nth', 'integer', filled)
    .addColumn('space', 'text', filled)
    .addColumn('space_id', types.integer, filled)
    .addColumn('entity', 'text', filled)
    .addColumn('row_id', types.integer, filled)
    .addColumn('sealed', 'text', filled)
    .addColumn('at', 'text', filled)
    .addPrimaryKeyConstraint('kept_secrets_pk', ['commit_id', 'nth'])
    .execute()
  await db.schema.createIndex('kept_secrets_by_row').on('kept_secrets').columns(['entity', 'row_id']).execute()
  await db.schema.createIndex('kept_secrets_by_space').on('kept_secrets').columns(['space', 'space_id']).execute()
  await db.schema.createIndex('kept_secrets_by_at').on('kept_secrets').column('at').execute()
  // Which commit undoes which other ones.
  await db.schema
    .createTable('undone_commits')
    .addColumn('commit_id', 'text', filled)
    .addColumn('undone_by', 'text', filled)
    // Whether it is undone: false once the undo has been undone itself.
    .addColumn('in_force', types.boolean, filled)
    .addPrimaryKeyConstraint('undone_commits_pk', ['commit_id', 'undone_by'])
    .execute()
  await db.schema.createIndex('undone_commits_by_undo').on('undone_commits').column('undone_by').execute()
})
