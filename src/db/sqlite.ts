import Sqlite from 'better-sqlite3'
import {
  CompiledQuery,
  type DatabaseConnection,
  Kysely,
  SqliteAdapter,
  type SqliteDatabase,
  SqliteDialect,
  SqliteDriver,
  SqliteQueryCompiler,
  sql,
  type TransactionSettings,
} from 'kysely'
import type { AnswersAtOnce } from '../core/data/compiled.ts'
import { DatabaseUnavailable, type Doorbell, type Outage } from '../core/data/database.ts'
import type { Tables } from '../core/data/tx.ts'
import { countChanges, insertChanges, numbered } from './changes.ts'
import type { Dialect } from './dialect.ts'
import { forgetful } from './forgetful.ts'
import { refuseForeignLog } from './sqlite-copy.ts'
import { sqliteRows } from './sqlite-rows.ts'

const ROWS_PER_INSERT = 500

export const sqliteDialect: Dialect = {
  name: 'sqlite',
  ...sqliteRows,
  rowsPerInsert: ROWS_PER_INSERT,
  boolean: 'integer',
  integer: 'integer',
  real: 'real',
  ordinal: 'text',
  // SQLite lets one writer in at a time.
  async lockSchema() {},
  schemaProblem: async () => null,
  now: sql`cast(unixepoch('subsec') * 1000 as integer)`,
  async log(db, space, rows) {
    const last = await countChanges(db, space, rows.length)
    await insertChanges(db, numbered(rows, last), ROWS_PER_INSERT)
    return last
  },
  fleeting: (table) => table,
  withId: (table) => table.addColumn('id', 'integer', (column) => column.primaryKey().autoIncrement()),
  async dump(db) {
    const { rows } = await sql<{ sql: string }>`
      select sql from sqlite_schema where sql is not null and name not like 'sqlite_%' and name not like 'kysely_%'
      order by tbl_name, type desc, name`.execute(db)
    return `${rows.map((row) => row.sql.replace(/, "/g, ',\n  "')).join(';\n\n')};\n`
  },
}

/** SQLite binds no booleans; they are kept as 0 and 1. */
const bindable = (value: unknown): unknown => (typeof value === 'boolean' ? Number(value) : value)

/** How long a statement holds everybody up while another process writes, in milliseconds; a write then waits without doing so. */
const BUSY_MS = 250
/** The start waits for as long as another one migrates. */
const BUSY_AT_START_MS = 120_000

/** What is not the fault of a statement, by its code (SQLite, Result and Error Codes). */
const OUTAGES: readonly [code: RegExp, outage: Outage][] = [
  [/^SQLITE_(BUSY|LOCKED|PROTOCOL)/, 'busy'],
  [/^SQLITE_FULL/, 'full'],
  [/^SQLITE_(IOERR|READONLY|CANTOPEN)/, 'disk'],
  [/^SQLITE_(CORRUPT|NOTADB)/, 'damaged'],
]

function outageOf(error: unknown): unknown {
  const { code = '' } = error as { code?: string }
  const outage = OUTAGES.find(([codes]) => codes.test(code))?.[1]
  return outage ? new DatabaseUnavailable(outage, error) : error
}

/** Statements are prepared once: preparing costs more than running. */
function memoised(db: Sqlite.Database): SqliteDatabase {
  const statements = new Map<string, ReturnType<SqliteDatabase['prepare']>>()
  return {
    close: () => db.close(),
    prepare(text) {
      const known = statements.get(text)
      if (known) return known
      const prepared = attempt(() => db.prepare(text))
      const statement: ReturnType<SqliteDatabase['prepare']> = {
        reader: prepared.reader,
        all: (parameters) => attempt(() => prepared.all(...parameters.map(bindable))),
        run: (parameters) => attempt(() => prepared.run(...parameters.map(bindable))),
        iterate: (parameters) => attempt(() => prepared.iterate(...parameters.map(bindable))),
      }
      // The texts that rows need are few; lists of many lengths must not pile up for ever.
      if (statements.size < 2000) statements.set(text, statement)
      return statement
    },
  }
}

function attempt<T>(statement: () => T): T {
  try {
    return statement()
  } catch (error) {
    throw outageOf(error)
  }
}

/** A write that starts as a read would fail when another process commits in between, so writes take the lock at once. */
class ImmediateDriver extends SqliteDriver {
  override async beginTransaction(connection: DatabaseConnection, settings: TransactionSettings = {}): Promise<void> {
    const begin = settings.accessMode === 'read only' ? 'begin' : 'begin immediate'
    await connection.executeQuery(CompiledQuery.raw(begin))
  }

  /** SQLite has rolled back by itself after some errors, such as a full disk: the first error is the one that counts. */
  override async rollbackTransaction(connection: DatabaseConnection): Promise<void> {
    await super.rollbackTransaction(connection).catch((error: Error) => {
      if (!/no transaction is active/.test(error.message)) throw error
    })
  }
}

/** Lets kysely run migrations inside of a transaction; SQLite can. */
class TransactionalAdapter extends SqliteAdapter implements AnswersAtOnce {
  readonly #db: Sqlite.Database
  readonly #statements: SqliteDatabase

  constructor(db: Sqlite.Database, statements: SqliteDatabase) {
    super()
    this.#db = db
    this.#statements = statements
  }

  get isFree(): boolean {
    return !this.#db.inTransaction
  }

  answer(sql: string, values: readonly unknown[]): unknown[] {
    const statement = this.#statements.prepare(sql)
    if (statement.reader) return statement.all(values)
    statement.run(values)
    return []
  }

  override get supportsTransactionalDdl(): boolean {
    return true
  }
}

/**
 * SQLite prepares a statement anew at each run where its plan may depend on what was bound, as that of `a = ? order by b` may.
 * It looks into no value behind a plus, which changes neither the value nor which index is used.
 */
class PreparedOnceCompiler extends SqliteQueryCompiler {
  protected override getCurrentParameterPlaceholder(): string {
    return '+?'
  }
}

export interface EmbeddedSqlite {
  readonly kysely: Kysely<Tables>
  readonly doorbell: Doorbell
  unhurried<T>(work: (kysely: Kysely<Tables>) => Promise<T>): Promise<T>
  /** Puts the write-ahead log into the file of the database without waiting for anybody; whether all of it is there now. */
  fold(): boolean
}

export function openSqlite(file: string): EmbeddedSqlite {
  refuseForeignLog(file)
  const db = new Sqlite(file, { timeout: BUSY_AT_START_MS })
  db.pragma('journal_mode = WAL')
  db.pragma('synchronous = FULL')
  db.pragma('foreign_keys = ON')
  // What is deleted is overwritten, and does not wait in free pages until they are used again.
  db.pragma('secure_delete = ON')
  const statements = memoised(db)
  const dialect = new SqliteDialect({ database: statements })
  dialect.createQueryCompiler = () => forgetful(new PreparedOnceCompiler())
  dialect.createAdapter = () => new TransactionalAdapter(db, statements)
  dialect.createDriver = () => new ImmediateDriver({ database: statements })
  const wait = (ms: number) => void db.pragma(`busy_timeout = ${ms}`)
  wait(BUSY_MS)
  const kysely = new Kysely<Tables>({ dialect })
  /** Truncates the log: SQLite only overwrites checkpointed pages later. It does nothing while another process reads the log. */
  function emptyLog(): void {
    const before = db.pragma('busy_timeout', { simple: true }) as number
    wait(0)
    db.pragma('wal_checkpoint(TRUNCATE)')
    wait(before)
  }
  return {
    kysely,
    fold() {
      const [result] = db.pragma('wal_checkpoint(PASSIVE)') as { busy: number; log: number; checkpointed: number }[]
      const isFolded = result !== undefined && result.log === result.checkpointed
      if (isFolded) emptyLog()
      return isFolded
    },
    doorbell: sqliteDoorbell(db),
    async unhurried(work) {
      wait(BUSY_AT_START_MS)
      try {
        return await work(kysely)
      } finally {
        wait(BUSY_MS)
      }
    },
  }
}

/**
 * `PRAGMA data_version` changes when, and only when, another connection has committed. It is asked on each request, and on a
 * short timer for those who wait without asking.
 */
function sqliteDoorbell(db: Sqlite.Database): Doorbell {
  const listeners = new Set<(topic: string) => void>()
  const version = db.prepare('pragma data_version').pluck()
  let known = version.get()
  const tell = (topic: string) => {
    for (const listener of listeners) listener(topic)
  }
  const check = () => {
    if (!db.open) return
    const now = version.get()
    if (now === known) return
    known = now
    tell('*')
  }
  setInterval(check, 250).unref()
  return {
    tell,
    async ring(topic) {
      // The other processes hear of it by themselves: every commit changes their data_version.
      tell(topic)
    },
    listen(listener) {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    check,
  }
}
