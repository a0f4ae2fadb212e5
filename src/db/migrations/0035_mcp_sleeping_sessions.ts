import type { Migration } from '../../core/data/migration.ts'

/** A session of an assistant can sleep; those that live and those that sleep are looked for apart. */
export const mcpSleepingSessions: Migration = async (db) => {
  await db.schema.alterTable('mcp_sessions').addColumn('slept_at', 'text').execute()
  await db.schema.dropIndex('mcp_sessions_user').execute()
  await db.schema.dropIndex('mcp_sessions_activity').execute()
  await db.schema.createIndex('mcp_sessions_user').on('mcp_sessions').columns(['user_id', 'slept_at']).execute()
  await db.schema
    .createIndex('mcp_sessions_activity')
    .on('mcp_sessions')
    .columns(['slept_at', 'last_activity'])
    .execute()
}
