import { randomUUID } from 'node:crypto'
import { filled, type Migration } from '../../core/data/migration.ts'

/** One row: which instance this database is of, and which history its changes belong to. */
export const instance: Migration = async (db, types) => {
  await db.schema
    .createTable('instance')
    // A first attempt may have been cut off: SQLite commits each statement.
    .ifNotExists()
    .addColumn('id', types.integer, (column) => column.primaryKey())
    .addColumn('instance_id', 'text', filled)
    .addColumn('epoch', 'text', filled)
    // What told this copy of the database from others when it was last looked at.
    .addColumn('copy', 'text')
    .execute()
  await db
    .insertInto('instance')
    .values({ id: 1, instance_id: randomUUID(), epoch: randomUUID(), copy: null })
    .onConflict((conflict) => conflict.doNothing())
    .execute()
}
