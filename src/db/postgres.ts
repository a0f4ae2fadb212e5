import { type Compilable, Kysely, PostgresDialect, PostgresQueryCompiler, sql } from 'kysely'
import pg from 'pg'
import { runCompiled } from '../core/data/compiled.ts'
import { topicOf } from '../core/data/database.ts'
import type { SpaceRef } from '../core/data/space.ts'
import type { Tables } from '../core/data/tx.ts'
import type { DatabaseStats } from '../core/run/observer.ts'
import type { ChangeRow } from './change-row.ts'
import { insertChanges, numbered } from './changes.ts'
import type { Db, Dialect } from './dialect.ts'
import type { CopyMark } from './epoch.ts'
import { forgetful } from './forgetful.ts'
import { breaksConstraint } from './postgres-errors.ts'
import { CHANNEL, type PostgresNotifier, postgresNotifier, SELF } from './postgres-notifier.ts'
import { NO_TIMEOUTS, openPool, type Timeouts } from './postgres-pool.ts'
import { postgresRows } from './postgres-rows.ts'

/** The number of the advisory lock for schema changes. No other code uses this number. */
const SCHEMA_LOCK = 7_306_842_851

/** The number of the advisory lock of a restore or move. No other code uses this number. */
const REPLACING_LOCK = 7_306_842_852

const ROWS_PER_INSERT = 2000

export const postgresDialect: Dialect = {
  name: 'postgres',
  ...postgresRows,
  isConflict: breaksConstraint,
  rowsPerInsert: ROWS_PER_INSERT,
  boolean: 'boolean',
  integer: 'bigint',
  real: 'double precision',
  ordinal: sql`text collate "C"`,
  async lockSchema(db) {
    await sql`select pg_advisory_xact_lock(${sql.lit(SCHEMA_LOCK)})`.execute(db)
  },
  async lockOut(connection) {
    const { rows } = await sql<{ held: boolean }>`
      select pg_try_advisory_lock(${sql.lit(REPLACING_LOCK)}) as held`.execute(connection)
    return rows[0]?.held === true
  },
  async isLockedOut(db) {
    const { rows } = await sql<{ free: boolean }>`
      select pg_try_advisory_xact_lock_shared(${sql.lit(REPLACING_LOCK)}) as free`.execute(db)
    return rows[0]?.free !== true
  },
  async stopWriters(db, tables) {
    if (tables.length)
      await sql`lock table ${sql.join(tables.map((name) => sql.table(name)))} in share mode`.execute(db)
  },
  schemaProblem,
  now: sql`(extract(epoch from clock_timestamp()) * 1000)::bigint`,
  fleeting: (table) => table.modifyFront(sql`unlogged`),
  log: logAtOnce,
  withId: (table) => table.addColumn('id', 'bigint', (column) => column.primaryKey().generatedAlwaysAsIdentity()),
  async dump(db) {
    const columns = await sql<{ table_name: string; line: string }>`
      select c.table_name,
        '  ' || c.column_name || ' ' || c.data_type || coalesce(' collate "' || c.collation_name || '"', '') || case when c.is_nullable = 'NO' then ' not null' else '' end
        || case when c.is_identity = 'YES' then ' generated always as identity'
             when c.column_default is not null then ' default ' || c.column_default else '' end as line
      from information_schema.columns c join information_schema.tables t using (table_schema, table_name)
      where c.table_schema = 'public' and t.table_type = 'BASE TABLE' and c.table_name not like 'kysely_%'
      order by c.table_name, c.ordinal_position`.execute(db)
    const constraints = await sql<{ table_name: string; line: string }>`
      select r.relname as table_name, '  constraint ' || c.conname || ' ' || pg_get_constraintdef(c.oid) as line
      from pg_constraint c join pg_class r on r.oid = c.conrelid join pg_namespace n on n.oid = r.relnamespace
      where n.nspname = 'public' and c.contype <> 'n' and r.relname not like 'kysely_%'
      order by r.relname, c.contype desc, c.conname`.execute(db)
    const indexes = await sql<{ line: string }>`
      select indexdef || ';' as line from pg_indexes i
      where schemaname = 'public' and tablename not like 'kysely_%'
        and not exists (select 1 from pg_constraint c where c.conname = i.indexname)
      order by tablename, indexname`.execute(db)
    const tables = Map.groupBy([...columns.rows, ...constraints.rows], (row) => row.table_name)
    const created = [...tables].map(
      ([name, lines]) => `create table ${name} (\n${lines.map(({ line }) => line).join(',\n')}\n);`,
    )
    return `${[...created, indexes.rows.map(({ line }) => line).join('\n')].join('\n\n')}\n`
  },
}

/**
 * A role that can log in may still be unable to create tables: since PostgreSQL 15 only the owner of a database can,
 * until others get the right.
 */
async function schemaProblem(db: Kysely<Tables>): Promise<string | null> {
  const { rows } = await sql<{ may: boolean | null; role: string; database: string; schema: string }>`
    select has_schema_privilege(current_schema(), 'create') as may, quote_ident(current_user) as role,
      current_database() as database, quote_ident(coalesce(current_schema(), 'public')) as schema`.execute(db)
  const [row] = rows
  if (!row || row.may) return null
  const { role, database, schema } = row
  return (
    `The user ${role} may not create tables in the PostgreSQL database ${database}. The owner of that database can allow it there: ` +
    `grant usage, create on schema ${schema} to ${role};`
  )
}

// Ids and counters are safe integers; the driver would return them as text.
pg.types.setTypeParser(pg.types.builtins.INT8, Number)

/**
 * One statement, since it locks the row of the space: it counts, inserts the changes, and notifies the other processes.
 */
async function logAtOnce(db: Db, space: SpaceRef, rows: readonly ChangeRow[]): Promise<number> {
  const first = rows.slice(0, ROWS_PER_INSERT)
  const values = first.flatMap(({ commit_seq: _, ...row }) => Object.values(row))
  const topic = `${SELF} ${topicOf(space)}`
  const [logged] = await runCompiled<Record<string, Record<string, unknown>>, { seq: number }>(
    db,
    `log ${first.length} changes`,
    [space.space, space.id, rows.length, rows.length, ...values, CHANNEL, topic],
    () => logging(db, space, rows.length, first, topic),
  )
  const last = logged?.seq as number
  await insertChanges(db, numbered(rows.slice(ROWS_PER_INSERT), last), ROWS_PER_INSERT)
  return last
}

function logging(
  db: Db,
  { space, id }: SpaceRef,
  count: number,
  rows: readonly ChangeRow[],
  topic: string,
): Compilable {
  const columns = Object.keys(rows[0] ?? {})
  const last = sql`(select seq from counter)`
  const termOf = (row: ChangeRow, column: string) => {
    if (column === 'commit_seq') return last
    const value = row[column as keyof ChangeRow]
    return column === 'seq' ? sql`${last} + ${value}` : sql`${value}`
  }
  const written = rows.map((row) => sql`(${sql.join(columns.map((column) => termOf(row, column)))})`)
  const statement = sql`
    with counter as (
      insert into spaces (space, id, seq) values (${space}, ${id}, ${count})
      on conflict (space, id) do update set seq = spaces.seq + ${count} returning seq),
    logged as (insert into changes (${sql.join(columns.map((column) => sql.ref(column)))}) values ${sql.join(written)})
    select seq, pg_notify(${CHANNEL}, ${topic}) from counter`
  return { compile: () => statement.compile(db) }
}

/**
 * The timeline changes after a failover to a standby and after a recovery to an earlier moment. The ids change in a
 * database restored from a dump.
 */
export const postgresCopyMark: CopyMark = { read: readCopyMark, renew: readCopyMark, putBack: () => {} }

async function readCopyMark(db: Kysely<Tables>): Promise<string> {
  const { rows } = await sql<{ copy: string }>`
    select concat_ws(':',
      (select oid from pg_database where datname = current_database()),
      'instance'::regclass::oid,
      left(pg_walfile_name(pg_current_wal_insert_lsn()), 8)) as copy`.execute(db)
  return rows[0]?.copy ?? ''
}

/** Reads, single statements and health checks have connections that no waiting write can take. */
const READERS = 8
const WRITERS = 8

export interface Postgres {
  readonly reads: Kysely<Tables>
  readonly writes: Kysely<Tables>
  readonly notifier: PostgresNotifier
  stats(): Promise<DatabaseStats>
  /** Without time limits, on a connection of its own. */
  unhurried<T>(work: (kysely: Kysely<Tables>) => Promise<T>): Promise<T>
}

/** `warn` gets a message when the connection is lost, and when it is back. */
export function openPostgres(url: string, limits: Timeouts, warn: (what: string) => void): Postgres {
  const reads = openPool(url, READERS, limits)
  const writes = openPool(url, WRITERS, limits)
  const kysely = kyselyOn(reads)
  return {
    reads: kysely,
    writes: kyselyOn(writes),
    notifier: postgresNotifier(url, reads, warn),
    async stats() {
      const { rows } = await sql<{ bytes: number }>`select pg_database_size(current_database()) as bytes`.execute(
        kysely,
      )
      const pools = { read: reads.stats(), write: writes.stats() }
      return { engine: 'postgres', bytes: rows[0]?.bytes ?? 0, pools }
    },
    async unhurried(work) {
      const kysely = kyselyOn(openPool(url, 1, NO_TIMEOUTS))
      try {
        return await work(kysely)
      } finally {
        await kysely.destroy()
      }
    },
  }
}

function kyselyOn(pool: ReturnType<typeof openPool>): Kysely<Tables> {
  const dialect = new PostgresDialect({ pool })
  dialect.createQueryCompiler = () => forgetful(new PostgresQueryCompiler())
  return new Kysely<Tables>({ dialect })
}
