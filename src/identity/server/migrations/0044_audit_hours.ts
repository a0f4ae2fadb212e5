import type { Migration } from '../../../core/data/migration.ts'

/** What assistants read is counted in one entry of each hour, which is looked for each time that something is added. */
export const auditHours: Migration = async (db) => {
  await db.schema.dropIndex('audit_by_moment').execute()
  await db.schema.createIndex('audit_by_moment').on('audit').columns(['at', 'user_id', 'event']).execute()
}
