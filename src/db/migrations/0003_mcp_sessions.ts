import type { Migration } from '../../core/data/migration.ts'

/** What a session of an assistant is, what it follows, and what it has been asked and not answered yet. */
export const mcpSessions: Migration = async (db, types) => {
  await db.schema
    .createTable('mcp_sessions')
    .addColumn('id', 'text', (column) => column.primaryKey())
    // No foreign key: a deleted user's grants are gone, nobody can use the session any more, and in time it is collected.
    .addColumn('user_id', types.integer, (column) => column.notNull())
    .addColumn('grant_id', 'text', (column) => column.notNull())
    .addColumn('client_name', 'text')
    .addColumn('client_version', 'text')
    .addColumn('protocol_version', 'text', (column) => column.notNull())
    .addColumn('capabilities', 'text', (column) => column.notNull())
    .addColumn('addons', 'text', (column) => column.notNull())
    .addColumn('log_level', 'text')
    .addColumn('created_at', 'text', (column) => column.notNull())
    .addColumn('last_activity', 'text', (column) => column.notNull())
    .execute()
  await db.schema.createIndex('mcp_sessions_user').on('mcp_sessions').columns(['user_id', 'last_activity']).execute()
  await db.schema.createIndex('mcp_sessions_grant').on('mcp_sessions').column('grant_id').execute()
  await db.schema.createIndex('mcp_sessions_activity').on('mcp_sessions').column('last_activity').execute()

  await db.schema
    .createTable('mcp_subscriptions')
    .addColumn('session_id', 'text', (column) => column.notNull().references('mcp_sessions.id').onDelete('cascade'))
    .addColumn('uri', 'text', (column) => column.notNull())
    .addColumn('mark', 'text', (column) => column.notNull())
    .addPrimaryKeyConstraint('mcp_subscriptions_pk', ['session_id', 'uri'])
    .execute()

  await db.schema
    .createTable('mcp_questions')
    .addColumn('id', 'text', (column) => column.primaryKey())
    .addColumn('session_id', 'text', (column) => column.notNull().references('mcp_sessions.id').onDelete('cascade'))
    .addColumn('answer', 'text')
    .addColumn('asked_at', 'text', (column) => column.notNull())
    .execute()
  await db.schema.createIndex('mcp_questions_session').on('mcp_questions').column('session_id').execute()
}
