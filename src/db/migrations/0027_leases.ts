import { filled, type Migration } from '../../core/data/migration.ts'

/** Which process does what only one may do. For PostgreSQL: beside SQLite a lock on a file says the same. */
export const leases: Migration = async (db, types) => {
  await db.schema
    .createTable('leases')
    .ifNotExists()
    .addColumn('name', 'text', (column) => column.primaryKey())
    .addColumn('holder', 'text', filled)
    // Seconds since 1970 by the clock of the database.
    .addColumn('until', types.integer, filled)
    .execute()
}
