import { mkdirSync } from 'node:fs'
import { dirname } from 'node:path'
import type { Kysely } from 'kysely'
import { type Database, DatabaseUnavailable, topicOf } from '../core/data/database.ts'
import type { SpaceRef } from '../core/data/space.ts'
import { troubles } from '../core/data/troubles.ts'
import type { Tables } from '../core/data/tx.ts'
import type { Lease } from '../core/run/lease.ts'
import type { DatabaseStats } from '../core/run/observer.ts'
import { callsIn } from './calls.ts'
import { changesSince, headOf, lockSpace } from './changes.ts'
import { CommitGroup, type Transact, whenFree } from './commit-group.ts'
import type { Db, Dialect } from './dialect.ts'
import { confirmEpoch, epochOf, rememberedEpoch, renewMark } from './epoch.ts'
import { leaseInRow, leaseOnFile } from './leases.ts'
import { keepToOwner, makeForOwner } from './owner-only.ts'
import { openPostgres, postgresCopyMark, postgresDialect } from './postgres.ts'
import { gaveWay, TRIES } from './postgres-errors.ts'
import { TIMEOUTS, type Timeouts } from './postgres-pool.ts'
import { type Pace, processesIn } from './processes.ts'
import { requestCountsIn } from './request-counts.ts'
import { openSqlite, sqliteDialect } from './sqlite.ts'
import { logOf, sizeOf, sqliteCopyMark } from './sqlite-copy.ts'
import { keepUp, type Upkeep } from './sqlite-upkeep.ts'
import { SnapshotTransaction, WriteTransaction } from './transactions.ts'

/** A database with what migrations and the golden dumps need. */
export interface OpenDatabase extends Database {
  /** Its name in messages: its file, or its address without the password. */
  readonly title: string
  readonly dialect: Dialect
  /**
   * Checks that this is the same copy of the database as before, and sets a new epoch if it is not. Servers call it
   * when they start.
   */
  confirmEpoch(): Promise<void>
  /** A lease, so that one process of the instance does a job for all. */
  lease(name: string): Lease
  /** Its size and load. */
  stats(): Promise<DatabaseStats>
  /** For work without time limits, such as migrations. */
  unhurried<T>(work: (kysely: Kysely<Tables>) => Promise<T>): Promise<T>
}

export interface Opening {
  /** Gets a message when the connection to the database is lost, and when it is back. */
  readonly warn?: (what: string) => void
  readonly limits?: Partial<Timeouts>
  /** The interval of the upkeep of a SQLite file, in milliseconds. */
  readonly upkeepEvery?: number
  /** The number of attempts of a write while another process locks the SQLite file. */
  readonly tries?: number
  /** The heartbeat of this process, and the timeout of the others. */
  readonly pace?: Partial<Pace>
}

/** Opens `postgres://…`, or the SQLite file of that name, which is created if missing. */
export function openDatabase(target: string, opening: Opening = {}): OpenDatabase {
  if (isPostgres(target)) return onPostgres(target, opening)
  mkdirSync(dirname(target), { recursive: true, mode: 0o700 })
  // SQLite creates its other files with the mode of the database.
  makeForOwner(target)
  for (const beside of [`${target}-wal`, `${target}-shm`]) keepToOwner(beside)
  return onSqlite(target, opening)
}

const isOfDatabase = (error: unknown) => error instanceof DatabaseUnavailable
const READS = { is: isOfDatabase, fails: 'The database cannot be read', works: 'The database can be read again.' }
const WRITES = { is: isOfDatabase, fails: 'Changes cannot be saved', works: 'Changes can be saved again.' }

export const isPostgres = (target: string): boolean => /^postgres(ql)?:\/\//.test(target)

function withoutPassword(url: string): string {
  const address = new URL(url)
  address.password = ''
  address.search = ''
  return address.href
}

function onSqlite(file: string, { warn = () => {}, upkeepEvery: everyMs, tries, pace }: Opening): OpenDatabase {
  const { kysely, notifier, unhurried, fold } = openSqlite(file)
  const group = new CommitGroup(whenFree(kysely, tries), { most: 32 })
  const mark = sqliteCopyMark(file)
  const reads = questions(kysely, sqliteDialect)
  const [reading, writing] = [troubles(READS, warn), troubles(WRITES, warn)]
  const processes = processesIn(kysely, notifier, { pace, warn })
  let upkeep: Upkeep | null = null
  const refuseReplaced = () => {
    if (upkeep?.isThere() === false) throw new DatabaseUnavailable('replaced', null)
  }
  return {
    title: file,
    ...reads,
    notifier,
    processes,
    async head(space) {
      refuseReplaced()
      return reads.head(space)
    },
    epoch: rememberedEpoch(() => epochOf(kysely), notifier),
    async confirmEpoch() {
      await confirmEpoch(kysely, mark)
      fold()
      upkeep ??= keepUp({
        file,
        warn,
        ...(everyMs !== undefined && { everyMs }),
        fold,
        renewMark: () => renewMark(kysely, mark),
      })
    },
    read: (work) => reading(() => inSnapshot(kysely, sqliteDialect, work)),
    write: (_space, work) =>
      writing(async () => {
        refuseReplaced()
        return group.write((db) => work(new WriteTransaction(db, sqliteDialect)))
      }),
    unhurried,
    lease: (name) => leaseOnFile(file, name),
    stats: async () => ({ engine: 'sqlite', fileBytes: sizeOf(file), logBytes: sizeOf(logOf(file)) }),
    async close() {
      await processes.leave()
      upkeep?.stop()
      try {
        if (upkeep?.isThere()) await confirmEpoch(kysely, mark)
      } finally {
        await kysely.destroy()
      }
    },
  }
}

function onPostgres(url: string, { limits, warn = () => {}, pace }: Opening): OpenDatabase {
  const { reads, writes, notifier, unhurried, stats } = openPostgres(url, { ...TIMEOUTS, ...limits }, warn)
  const groupOf = groupsOfSpaces((space) => holding(writes, space))
  const [reading, writing] = [troubles(READS, warn), troubles(WRITES, warn)]
  const processes = processesIn(reads, notifier, { pace, warn })
  const confirm = () => again(() => confirmEpoch(writes, postgresCopyMark))
  return {
    title: withoutPassword(url),
    ...questions(reads, postgresDialect),
    notifier,
    processes,
    // After a reconnect, the server or its state can be a different one.
    epoch: rememberedEpoch(confirm, notifier),
    confirmEpoch: async () => void (await confirm()),
    unhurried,
    lease: (name) => leaseInRow(reads, name),
    stats,
    read: (work) => reading(() => again(() => inSnapshot(reads, postgresDialect, work).catch(changedNothing))),
    write: (space, work) =>
      writing(() => again(() => groupOf(space).write((db) => work(new WriteTransaction(db, postgresDialect))))),
    async close() {
      await processes.leave()
      await notifier.close()
      await Promise.all([reads.destroy(), writes.destroy()])
    },
  }
}

/** Queries without a transaction. */
const questions = (kysely: Kysely<Tables>, dialect: Dialect) => ({
  kysely,
  dialect,
  head: (space: SpaceRef) => headOf(kysely, space),
  changesSince: (space: SpaceRef, seq: number, most?: number) => changesSince(kysely, space, seq, most),
  calls: callsIn(kysely),
  requestCounts: requestCountsIn(kysely, dialect),
})

const inSnapshot = <T>(
  kysely: Kysely<Tables>,
  dialect: Dialect,
  work: (tx: SnapshotTransaction) => Promise<T>,
): Promise<T> =>
  kysely
    .transaction()
    .setAccessMode('read only')
    .setIsolationLevel('repeatable read')
    .execute((db) => work(new SnapshotTransaction(db, dialect)))

/** A read whose commit was lost is just lost: it cannot have changed anything. */
function changedNothing(error: unknown): never {
  throw error instanceof DatabaseUnavailable && error.outage === 'uncertain'
    ? new DatabaseUnavailable('lost', error.cause)
    : error
}

/** Transactions that first lock the row of a space, so that the writers of other processes wait too. */
const holding =
  (kysely: Kysely<Tables>, space: SpaceRef): Transact =>
  (body) =>
    kysely.transaction().execute(async (db) => {
      await lockSpace(db as unknown as Db, space)
      await body(db)
    })

/** Few, since each write waits for the database several times. */
const MOST_OF_A_SPACE = 8

/**
 * The writers of one space in this process wait for one another before they take a connection. A space locked by
 * another process then blocks one connection instead of all.
 */
function groupsOfSpaces(transactions: (space: SpaceRef) => Transact): (space: SpaceRef) => CommitGroup {
  const groups = new Map<string, CommitGroup>()
  return (space) => {
    const topic = topicOf(space)
    const existing = groups.get(topic)
    if (existing) return existing
    const group = new CommitGroup(transactions(space), { most: MOST_OF_A_SPACE, idle: () => groups.delete(topic) })
    groups.set(topic, group)
    return group
  }
}

/** Retries the loser of a deadlock, and work whose connection was lost before the commit. */
async function again<T>(work: () => Promise<T>): Promise<T> {
  for (let tried = 1; ; tried++) {
    try {
      return await work()
    } catch (error) {
      const lost = error instanceof DatabaseUnavailable && error.outage === 'lost'
      if (tried === TRIES || !(lost || gaveWay(error))) throw error
    }
  }
}
