import type { Migration } from '../../../core/data/migration.ts'

/** An entry of the audit log can stand for many of its kind: what strangers do is counted, and not written down each time. */
export const auditCounts: Migration = async (db, types) => {
  await db.schema
    .alterTable('audit')
    .addColumn('count', types.integer, (column) => column.notNull().defaultTo(1))
    .execute()
}
