import { sql } from 'kysely'
import type { Migration } from '../../core/data/migration.ts'

/**
 * The change log learns what was written together, in which order and in which space it was asked for. Of what is in it
 * already, that is known for each space by itself.
 */
export const commits: Migration = async (db, types) => {
  // On SQLite a migration is no transaction: one that broke off begins anew.
  const tables = await db.introspection.getTables()
  const known = new Set(tables.find(({ name }) => name === 'changes')?.columns.map(({ name }) => name))
  const add = async (name: string, type: 'text' | typeof types.integer, value: string | number) => {
    if (known.has(name)) return
    await db.schema
      .alterTable('changes')
      .addColumn(name, type, (column) => column.notNull().defaultTo(value))
      .execute()
  }
  await add('commit_id', 'text', '')
  await add('nth', types.integer, 0)
  await add('home_space', 'text', '')
  await add('home_id', types.integer, 0)
  await db
    .updateTable('changes')
    .set({
      commit_id: sql`'before ' || space || ' ' || space_id || ' ' || commit_seq`,
      nth: sql.ref('seq'),
      home_space: sql.ref('space'),
      home_id: sql.ref('space_id'),
    })
    .where('commit_id', '=', '')
    .execute()
}
