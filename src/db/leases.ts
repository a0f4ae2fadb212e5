import { randomUUID } from 'node:crypto'
import Sqlite from 'better-sqlite3'
import { type Kysely, sql } from 'kysely'
import type { Tables } from '../core/data/tx.ts'
import type { Lease } from '../core/run/lease.ts'
import { makeForOwner } from './owner-only.ts'

/** A lease that was not renewed for this long is free: its holder may be gone. */
const LASTS_SECONDS = 60
/** The holder renews its lease after a third of that time. */
const RENEWED_AFTER_MS = (LASTS_SECONDS * 1000) / 3

/** A row with the holder and the expiry, by the clock of the database. */
export function leaseInRow(db: Kysely<Tables>, name: string): Lease {
  const holder = randomUUID()
  let takenAt = Number.NEGATIVE_INFINITY
  return {
    async hold() {
      if (performance.now() - takenAt < RENEWED_AFTER_MS) return true
      const requestedAt = performance.now()
      const { rows } = await sql`
        insert into leases (name, holder, until)
        values (${name}, ${holder}, extract(epoch from now())::bigint + ${sql.lit(LASTS_SECONDS)})
        on conflict (name) do update set holder = excluded.holder, until = excluded.until
        where leases.holder = excluded.holder or leases.until < extract(epoch from now())::bigint
        returning name`.execute(db)
      takenAt = rows.length ? requestedAt : Number.NEGATIVE_INFINITY
      return rows.length > 0
    },
    async release() {
      takenAt = Number.NEGATIVE_INFINITY
      await sql`delete from leases where name = ${name} and holder = ${holder}`.execute(db)
    },
  }
}

export interface FileLease extends Lease {
  /** Takes it together with others that share it; false while a process holds it alone. */
  share(): Promise<boolean>
}

/**
 * A lock on a file beside the database: the system frees it however the process ends. Each renewal of a row would wake
 * every process.
 */
export function leaseOnFile(file: string, name: string): FileLease {
  let lock: Sqlite.Database | null = null
  function take(statements: string): boolean {
    if (lock) return true
    const locked = `${file}-${name}.lock`
    makeForOwner(locked)
    const tried = new Sqlite(locked, { timeout: 0 })
    try {
      tried.exec(statements)
      lock = tried
      return true
    } catch (error) {
      tried.close()
      if (!/^SQLITE_BUSY/.test((error as { code?: string }).code ?? '')) throw error
      return false
    }
  }
  return {
    hold: async () => take('begin exclusive'),
    // A transaction that has read keeps other processes from an exclusive one.
    share: async () => take('begin; select count(*) from sqlite_schema'),
    async release() {
      lock?.close()
      lock = null
    },
  }
}
