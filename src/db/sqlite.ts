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
import { DatabaseUnavailable, type Notifier, type Outage } from '../core/data/database.ts'
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
  isConflict: (error) => /^SQLITE_CONSTRAINT/.test((error as { code?: string }).code ?? ''),
  rowsPerInsert: ROWS_PER_INSERT,
  boolean: 'integer',
  integer: 'integer',
  real: 'real',
  ordinal: 'text',
  // SQLite allows one writer at a time.
  async lockSchema() {},
  lockOut: async () => true,
  isLockedOut: async () => false,
  // Its write transaction does.
  async stopWriters() {},
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

/** SQLite binds no booleans; they are stored as 0 and 1. */
const bindable = (value: unknown): unknown => (typeof value === 'boolean' ? Number(value) : value)

/**
 * How long a statement blocks the process while another process writes, in milliseconds. A write then waits without
 * blocking.
 */
const BUSY_MS = 250
/** The start waits while another process migrates. */
const BUSY_AT_START_MS = 120_000

/** Errors that are not caused by the statement, by code (SQLite, Result and Error Codes). */
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

/** Each statement is prepared once: preparing costs more than running. */
function memoised(db: Sqlite.Database): SqliteDatabase {
  const statements = new Map<string, ReturnType<SqliteDatabase['prepare']>>()
  return {
    close: () => db.close(),
    prepare(text) {
      const cached = statements.get(text)
      if (cached) return cached
      const prepared = attempt(() => db.prepare(text))
      const statement: ReturnType<SqliteDatabase['prepare']> = {
        reader: prepared.reader,
        all: (parameters) => attempt(() => prepared.all(...parameters.map(bindable))),
        run: (parameters) => attempt(() => prepared.run(...parameters.map(bindable))),
        iterate: (parameters) => attempt(() => prepared.iterate(...parameters.map(bindable))),
      }
      // Rows need few different texts; lists of many lengths must not fill the memory.
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

/** A write that starts as a read fails if another process commits in between, so writes take the lock at once. */
class ImmediateDriver extends SqliteDriver {
  override async beginTransaction(connection: DatabaseConnection, settings: TransactionSettings = {}): Promise<void> {
    const begin = settings.accessMode === 'read only' ? 'begin' : 'begin immediate'
    await connection.executeQuery(CompiledQuery.raw(begin))
  }

  /** SQLite rolls back by itself after some errors, such as a full disk: the first error matters. */
  override async rollbackTransaction(connection: DatabaseConnection): Promise<void> {
    await super.rollbackTransaction(connection).catch((error: Error) => {
      if (!/no transaction is active/.test(error.message)) throw error
    })
  }
}

/** Lets kysely run migrations inside a transaction, which SQLite supports. */
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
 * SQLite prepares a statement again at each run if its plan can depend on a bound value, as in `a = ? order by b`. A
 * plus hides the value from the planner, without changing the value or the use of indexes.
 */
class PreparedOnceCompiler extends SqliteQueryCompiler {
  protected override getCurrentParameterPlaceholder(): string {
    return '+?'
  }
}

export interface EmbeddedSqlite {
  readonly kysely: Kysely<Tables>
  readonly notifier: Notifier
  unhurried<T>(work: (kysely: Kysely<Tables>) => Promise<T>): Promise<T>
  /** Folds the write-ahead log into the database file without waiting. Returns whether all of it is folded. */
  fold(): boolean
}

export function openSqlite(file: string): EmbeddedSqlite {
  refuseForeignLog(file)
  const db = new Sqlite(file, { timeout: BUSY_AT_START_MS })
  db.pragma('journal_mode = WAL')
  db.pragma('synchronous = FULL')
  db.pragma('foreign_keys = ON')
  // Overwrites deleted content, which otherwise stays in free pages until they are reused.
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
    notifier: sqliteNotifier(db),
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
 * `PRAGMA data_version` changes exactly when another connection has committed. It is checked on each request, and on a
 * short timer for waiting listeners.
 */
function sqliteNotifier(db: Sqlite.Database): Notifier {
  const listeners = new Set<(topic: string) => void>()
  const version = db.prepare('pragma data_version').pluck()
  let seen = version.get()
  const publishLocally = (topic: string) => {
    for (const listener of listeners) listener(topic)
  }
  const poll = () => {
    if (!db.open) return
    const now = version.get()
    if (now === seen) return
    seen = now
    publishLocally('*')
  }
  setInterval(poll, 250).unref()
  return {
    publishLocally,
    async publish(topic) {
      // The other processes notice by themselves: every commit changes their data_version.
      publishLocally(topic)
    },
    subscribe(listener) {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    poll,
  }
}
