import { createHash } from 'node:crypto'
import { type Kysely, sql, type Transaction } from 'kysely'
import { DEFAULT_MIGRATION_LOCK_TABLE, DEFAULT_MIGRATION_TABLE } from 'kysely/migration'
import { runCompiled } from '../core/data/compiled.ts'
import type { Tables } from '../core/data/tx.ts'
import type { OpenDatabase } from './connect.ts'
import type { Reference, StoredRow } from './dialect.ts'

/** Tables with the current state of running processes. */
export const FLEETING: readonly string[] = ['leases', 'presence', 'processes', 'request_counts']
const OF_MIGRATIONS: readonly string[] = [DEFAULT_MIGRATION_TABLE, DEFAULT_MIGRATION_LOCK_TABLE]

/** A fingerprint of a table, independent of the engine and the order of rows. */
export interface Content {
  readonly rows: number
  /** The sum over all rows: 64 bits as hexadecimal digits. */
  readonly sum: string
}

export type Contents = Readonly<Record<string, Content>>

/** The most bound values that both engines accept. */
const MOST_VALUES = 30_000

/**
 * Copies a snapshot into a database with the same, empty tables, in one transaction, including the last ids of the
 * tables. Returns what was copied.
 */
export const transfer = (from: OpenDatabase, to: OpenDatabase): Promise<Contents> =>
  inSnapshot(from, (source) =>
    to.unhurried((kysely) => kysely.transaction().execute((target) => copyAll(from, source, to, target))),
  )

/** The same, into tables created by the transaction. */
export const transferInto = (from: OpenDatabase, to: OpenDatabase, target: Transaction<Tables>): Promise<Contents> =>
  inSnapshot(from, (source) => copyAll(from, source, to, target))

/** The contents of the tables at one moment: of all, or of those named. */
export const contentsOf = (database: OpenDatabase, only?: readonly string[]): Promise<Contents> =>
  inSnapshot(database, async (source) => {
    const contents: Record<string, Content> = {}
    for (const { name } of await tablesOf(source)) {
      if (only && !only.includes(name)) continue
      const sum = new RowSum()
      for await (const rows of database.dialect.rowsOf(source, name)) sum.add(rows)
      contents[name] = sum.content
    }
    return contents
  })

/** The tables with different contents. */
export const differencesOf = (one: Contents, other: Contents): string[] =>
  [...new Set([...Object.keys(one), ...Object.keys(other)])]
    .filter((table) => one[table]?.rows !== other[table]?.rows || one[table]?.sum !== other[table]?.sum)
    .sort()

/** All tables, including those of the migrations. */
export const tableNames = async ({ kysely }: OpenDatabase): Promise<string[]> =>
  (await kysely.introspection.getTables({ withInternalKyselyTables: true })).map(({ name }) => name)

/** Drops tables with their content. */
export async function dropTables(tx: Transaction<Tables>, names: readonly string[]): Promise<void> {
  if (!names.length) return
  await sql`drop table if exists ${sql.join(names.map((name) => sql.table(name)))} cascade`.execute(tx)
}

/** Empties the tables with the state of running processes. */
export async function forgetProcesses(db: Kysely<Tables>): Promise<void> {
  const there = await db.introspection.getTables()
  for (const { name } of there) if (FLEETING.includes(name)) await sql`delete from ${sql.table(name)}`.execute(db)
}

const inSnapshot = <T>(database: OpenDatabase, work: (db: Transaction<Tables>) => Promise<T>): Promise<T> =>
  database.unhurried((kysely) =>
    kysely.transaction().setAccessMode('read only').setIsolationLevel('repeatable read').execute(work),
  )

async function copyAll(
  from: OpenDatabase,
  source: Transaction<Tables>,
  to: OpenDatabase,
  target: Transaction<Tables>,
): Promise<Contents> {
  const contents: Record<string, Content> = {}
  const references = await to.dialect.referencesOf(target)
  const there = new Set((await tablesOf(source)).map(({ name }) => name))
  // A PostgreSQL schema can also contain tables of others.
  const tables = (await tablesOf(target)).filter(({ name }) => there.has(name))
  for (const { name, booleans } of inOrder(tables, references)) {
    // The migrations insert rows into a new instance.
    await sql`delete from ${sql.table(name)}`.execute(target)
    const sum = new RowSum()
    for await (const rows of from.dialect.rowsOf(source, name)) {
      sum.add(rows)
      for (const some of inBatches(rows))
        await insert(
          to,
          target,
          name,
          some.map((row) => stored(row, booleans)),
        )
    }
    contents[name] = sum.content
  }
  await to.dialect.continueIds(target, await from.dialect.lastIds(source))
  return contents
}

interface Table {
  readonly name: string
  readonly booleans: readonly string[]
}

async function tablesOf(db: Transaction<Tables>): Promise<Table[]> {
  const tables = await db.introspection.getTables()
  return tables
    .filter(({ name, isView }) => !isView && !FLEETING.includes(name) && !OF_MIGRATIONS.includes(name))
    .map(({ name, columns }) => ({
      name,
      booleans: columns.filter(({ dataType }) => dataType === 'bool').map((column) => column.name),
    }))
    .sort((one, other) => (one.name < other.name ? -1 : 1))
}

/** Orders tables so that a table comes after those that it refers to. */
function inOrder(tables: readonly Table[], references: readonly Reference[]): Table[] {
  const ordered: Table[] = []
  let left = [...tables]
  while (left.length) {
    const waits = ({ name }: Table) =>
      references.some(({ from, to }) => from === name && to !== name && left.some((table) => table.name === to))
    const next = left.filter((table) => !waits(table))
    if (!next.length) throw new Error(`These tables refer to each other: ${left.map(({ name }) => name).join(', ')}`)
    ordered.push(...next)
    left = left.filter((table) => !next.includes(table))
  }
  return ordered
}

function* inBatches(rows: readonly StoredRow[]): Generator<readonly StoredRow[]> {
  const columns = Object.keys(rows[0] ?? {}).length || 1
  const most = Math.max(1, Math.floor(MOST_VALUES / columns))
  for (let start = 0; start < rows.length; start += most) yield rows.slice(start, start + most)
}

/** SQLite stores booleans as numbers. */
const stored = (row: StoredRow, booleans: readonly string[]): StoredRow =>
  booleans.length
    ? { ...row, ...Object.fromEntries(booleans.map((name) => [name, row[name] === null ? null : Boolean(row[name])])) }
    : row

async function insert(
  { dialect }: OpenDatabase,
  target: Transaction<Tables>,
  table: string,
  rows: readonly StoredRow[],
): Promise<void> {
  const columns = Object.keys(rows[0] ?? {})
  const values = rows.flatMap((row) => columns.map((column) => row[column]))
  await runCompiled(target, `copy ${rows.length} of ${table}`, values, () => {
    const written = rows.map((row) => sql`(${sql.join(columns.map((column) => row[column]))})`)
    const named = sql.join(columns.map((column) => sql.ref(column)))
    const statement = sql`insert into ${sql.table(table)} (${named}) ${dialect.withOwnIds} values ${sql.join(written)}`
    return { compile: () => statement.compile(target) }
  })
}

/** A sum over rows that does not depend on their order. */
class RowSum {
  #rows = 0
  #sum = 0n

  add(rows: readonly StoredRow[]): void {
    for (const row of rows) {
      const values = Object.keys(row)
        .sort()
        .map((column) => (typeof row[column] === 'boolean' ? Number(row[column]) : row[column]))
      const digest = createHash('sha256').update(JSON.stringify(values)).digest()
      this.#sum = BigInt.asUintN(64, this.#sum + digest.readBigUInt64BE())
    }
    this.#rows += rows.length
  }

  get content(): Content {
    return { rows: this.#rows, sum: this.#sum.toString(16).padStart(16, '0') }
  }
}
