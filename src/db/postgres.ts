import { randomUUID } from 'node:crypto'
import { Kysely, PostgresDialect, sql } from 'kysely'
import pg from 'pg'
import type { Doorbell } from '../core/database.ts'
import type { Tables } from '../core/tx.ts'
import type { Dialect } from './dialect.ts'

const CHANNEL = 'trek_doorbell'

/** Tells this process's own notifications from those of others. */
const SELF = randomUUID()

export const postgresDialect: Dialect = {
  name: 'postgres',
  locksRows: true,
  sharesCommits: false,
  // A deadlock (40P01) or a serialization failure (40001).
  gaveWay: (error) => ['40P01', '40001'].includes((error as { code?: string }).code ?? ''),
  rowsPerInsert: 2000,
  boolean: 'boolean',
  integer: 'bigint',
  real: 'double precision',
  async announce(db, topic) {
    await sql`select pg_notify(${CHANNEL}, ${`${SELF} ${topic}`})`.execute(db)
  },
  withId: (table) => table.addColumn('id', 'bigint', (column) => column.primaryKey().generatedAlwaysAsIdentity()),
  async dump(db) {
    const columns = await sql<{ table_name: string; line: string }>`
      select c.table_name,
        '  ' || c.column_name || ' ' || c.data_type || case when c.is_nullable = 'NO' then ' not null' else '' end
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

// Ids and counters are safe integers; the driver would hand them over as text.
pg.types.setTypeParser(pg.types.builtins.INT8, Number)

export function openPostgres(url: string): { kysely: Kysely<Tables>; doorbell: Doorbell; close(): Promise<void> } {
  const pool = new pg.Pool({ connectionString: url, max: 10 })
  // An idle connection that breaks is replaced by the pool; without a listener it would end the process.
  pool.on('error', () => {})
  const doorbell = postgresDoorbell(url, pool)
  return {
    kysely: new Kysely<Tables>({ dialect: new PostgresDialect({ pool }) }),
    doorbell,
    close: () => doorbell.close(),
  }
}

/** LISTEN on a connection of its own, which is made anew when it breaks; what may have been missed is told as `'*'`. */
function postgresDoorbell(url: string, pool: pg.Pool): Doorbell & { close(): Promise<void> } {
  const listeners = new Set<(topic: string) => void>()
  let client: pg.Client | null = null
  let closed = false
  let waiting: NodeJS.Timeout | undefined
  const tell = (topic: string) => {
    for (const listener of listeners) listener(topic)
  }
  const connect = async () => {
    const fresh = new pg.Client({ connectionString: url })
    const lost = () => {
      if (client !== fresh && client !== null) return
      client = null
      if (!closed) waiting = setTimeout(connect, 500).unref()
    }
    fresh.once('error', lost)
    fresh.on('notification', ({ payload = '' }) => {
      const [from, topic] = payload.split(' ')
      if (from !== SELF && topic) tell(topic)
    })
    try {
      await fresh.connect()
      await fresh.query(`listen ${CHANNEL}`)
      if (closed) return void (await fresh.end())
      client = fresh
      tell('*')
    } catch {
      lost()
    }
  }
  const ready = connect()
  return {
    tell,
    async ring(topic) {
      tell(topic)
      await pool.query('select pg_notify($1, $2)', [CHANNEL, `${SELF} ${topic}`])
    },
    listen(listener) {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    check() {},
    async close() {
      closed = true
      clearTimeout(waiting)
      await ready
      await client?.end()
    },
  }
}
