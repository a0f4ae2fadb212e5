import { mkdirSync } from 'node:fs'
import { dirname } from 'node:path'
import type { Kysely } from 'kysely'
import type { Database, Doorbell } from '../core/database.ts'
import type { Tables } from '../core/tx.ts'
import { changesSince, headOf } from './changes.ts'
import { CommitGroup } from './commit-group.ts'
import type { Dialect } from './dialect.ts'
import { openPostgres, postgresDialect } from './postgres.ts'
import { openSqlite, sqliteDialect } from './sqlite.ts'
import { Moment, Tracked } from './tracked.ts'

/** A database with what migrations and the golden dumps need to know of it. */
export interface OpenDatabase extends Database {
  readonly dialect: Dialect
}

/** Opens `postgres://…`, or else the SQLite file of that name, which is made when it is not there. */
export function openDatabase(target: string): OpenDatabase {
  if (/^postgres(ql)?:\/\//.test(target)) {
    const { kysely, doorbell, close } = openPostgres(target)
    return database(kysely, doorbell, postgresDialect, close)
  }
  mkdirSync(dirname(target), { recursive: true, mode: 0o700 })
  const { kysely, doorbell } = openSqlite(target)
  return database(kysely, doorbell, sqliteDialect, async () => {})
}

/** How often a write is tried that had to give way to another one. */
const TRIES = 4

/** Two writers that need rows of each other's: the database lets one of them go, which then simply begins anew. */
async function again<T>({ gaveWay }: Dialect, write: () => Promise<T>): Promise<T> {
  for (let tried = 1; ; tried++) {
    try {
      return await write()
    } catch (error) {
      if (tried === TRIES || !gaveWay(error)) throw error
    }
  }
}

function database(
  kysely: Kysely<Tables>,
  doorbell: Doorbell,
  dialect: Dialect,
  closeMore: () => Promise<void>,
): OpenDatabase {
  const group = new CommitGroup(kysely)
  const write: CommitGroup['write'] = dialect.sharesCommits
    ? (work) => group.write(work)
    : (work) => again(dialect, () => kysely.transaction().execute(work))
  return {
    kysely,
    doorbell,
    dialect,
    read: (work) =>
      kysely
        .transaction()
        .setAccessMode('read only')
        .setIsolationLevel('repeatable read')
        .execute((db) => work(new Moment(db, dialect))),
    write: (work) => write((db) => work(new Tracked(db, dialect))),
    head: (space) => headOf(kysely, space),
    changesSince: (space, seq) => changesSince(kysely, space, seq),
    async close() {
      await closeMore()
      await kysely.destroy()
    },
  }
}
