import { type Kysely, sql } from 'kysely'
import type { Tables } from '../core/data/tx.ts'
import type { Dialect, Reference, StoredRow } from './dialect.ts'

const AT_ONCE = 200

/** Reads and writes the rows of whole tables on SQLite. */
export const sqliteRows: Pick<Dialect, 'withOwnIds' | 'rowsOf' | 'referencesOf' | 'lastIds' | 'continueIds'> = {
  withOwnIds: sql``,

  async *rowsOf(db, table) {
    for (let after = 0; ; ) {
      const { rows } = await sql<StoredRow & { row_number: number }>`
        select rowid as row_number, * from ${sql.table(table)} where rowid > ${after} order by rowid limit ${AT_ONCE}`.execute(
        db,
      )
      const last = rows.at(-1)
      if (!last) return
      after = last.row_number
      yield rows.map(({ row_number: _, ...row }) => row)
    }
  },

  async referencesOf(db) {
    const { rows } = await sql<Reference>`
      select t.name as "from", f."table" as "to" from sqlite_schema t, pragma_foreign_key_list(t.name) f
      where t.type = 'table'`.execute(db)
    return rows
  },

  async lastIds(db) {
    const { rows } = await sql<{ name: string; seq: number }>`select name, seq from sqlite_sequence`.execute(db)
    return new Map(rows.map(({ name, seq }) => [name, seq]))
  },

  async continueIds(db, last) {
    for (const [table, id] of last) await continueAfter(db, table, id)
  },
}

/** A table has a row there once it contains an id, given or generated (SQLite, Autoincrement). */
async function continueAfter(db: Kysely<Tables>, table: string, id: number): Promise<void> {
  const updated =
    await sql`update sqlite_sequence set seq = max(seq, ${id}) where name = ${table} returning name`.execute(db)
  if (!updated.rows.length) await sql`insert into sqlite_sequence (name, seq) values (${table}, ${id})`.execute(db)
}
