import type { Migration } from '../../../core/data/migration.ts'

/** An entry of the audit log can name what it is about, such as the backup that was downloaded. */
export const auditSubject: Migration = async (db) => {
  await db.schema.alterTable('audit').addColumn('subject', 'text').execute()
}
