import { sql } from 'kysely'
import type { Dialect, Reference, StoredRow } from './dialect.ts'

const AT_ONCE = 200

/** Reads and writes the rows of whole tables on PostgreSQL. */
export const postgresRows: Pick<Dialect, 'withOwnIds' | 'rowsOf' | 'referencesOf' | 'lastIds' | 'continueIds'> = {
  withOwnIds: sql`overriding system value`,

  async *rowsOf(db, table) {
    const ids = await sql`
      select from pg_attribute where attrelid = to_regclass(quote_ident(${table})) and attname = 'id'`.execute(db)
    const order = ids.rows.length ? sql`order by id` : sql``
    await sql`declare some_rows no scroll cursor for select * from ${sql.table(table)} ${order}`.execute(db)
    for (;;) {
      const { rows } = await sql<StoredRow>`fetch ${sql.lit(AT_ONCE)} from some_rows`.execute(db)
      if (!rows.length) break
      yield rows
    }
    await sql`close some_rows`.execute(db)
  },

  async referencesOf(db) {
    const { rows } = await sql<Reference>`
      select r.relname as "from", t.relname as "to" from pg_constraint c
      join pg_class r on r.oid = c.conrelid join pg_class t on t.oid = c.confrelid
      join pg_namespace n on n.oid = r.relnamespace where c.contype = 'f' and n.nspname = current_schema()`.execute(db)
    return rows
  },

  async lastIds(db) {
    const { rows } = await sql<{ name: string; seq: number | null }>`
      select t.relname as name, pg_sequence_last_value(s.oid) as seq
      from pg_class s join pg_depend d on d.objid = s.oid and d.deptype = 'i' join pg_class t on t.oid = d.refobjid
      join pg_namespace n on n.oid = t.relnamespace where s.relkind = 'S' and n.nspname = current_schema()`.execute(db)
    return new Map(rows.flatMap(({ name, seq }) => (seq === null ? [] : [[name, seq]])))
  },

  async continueIds(db, last) {
    for (const [table, id] of last) {
      // A table that has given no id starts at 1.
      if (id < 1) continue
      await sql`
        select setval(pg_get_serial_sequence(${table}, 'id'), greatest(${id}, (select max(id) from ${sql.table(table)})))`.execute(
        db,
      )
    }
  },
}
