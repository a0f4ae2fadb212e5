import { sql } from 'kysely'
import type { Migration } from '../../core/data/migration.ts'

/**
 * Kept answers learn where they were called and by whom, so that they go with a trip and with a person; and the log gets ways to
 * all changes of a row, in whatever space, and to what somebody made.
 */
export const erasure: Migration = async (db, types) => {
  const calls = db.schema.alterTable('calls')
  await calls.addColumn('home_space', 'text', (column) => column.notNull().defaultTo('')).execute()
  await calls.addColumn('home_id', types.integer, (column) => column.notNull().defaultTo(0)).execute()
  await calls.addColumn('user_id', types.integer, (column) => column.notNull().defaultTo(0)).execute()
  const ofCommit = (column: string) =>
    sql`(select ${sql.ref(column)} from changes where changes.commit_id = calls.commit_id order by nth limit 1)`
  await db
    .updateTable('calls')
    .set({
      home_space: sql`coalesce(${ofCommit('changes.home_space')}, '')`,
      home_id: sql`coalesce(${ofCommit('changes.home_id')}, 0)`,
      user_id: sql`coalesce(${ofCommit('changes.user_id')}, 0)`,
    })
    .execute()
  await db.schema.createIndex('calls_by_home').on('calls').columns(['home_space', 'home_id']).execute()
  await db.schema.createIndex('calls_by_user').on('calls').column('user_id').execute()

  await db.schema.dropIndex('changes_by_row').execute()
  await db.schema
    .createIndex('changes_by_row')
    .on('changes')
    .columns(['entity', 'row_id', 'space', 'space_id', 'seq'])
    .execute()
  await db.schema
    .createIndex('changes_by_maker')
    .on('changes')
    .columns(['user_id', 'entity'])
    .where(sql.ref('action'), '=', sql.lit('insert'))
    .execute()
}
