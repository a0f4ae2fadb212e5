import { setTimeout as pause } from 'node:timers/promises'
import { type Kysely, sql, type Transaction } from 'kysely'
import { DatabaseUnavailable } from '../core/data/database.ts'
import type { Tables } from '../core/data/tx.ts'

interface Job {
  readonly work: (db: Transaction<Tables>) => Promise<unknown>
  readonly resolve: (result: unknown) => void
  readonly reject: (error: unknown) => void
}

/** So many writes share a commit at the most: what waits behind them must not wait for long. */
const MOST = 32

/**
 * Lets writes that arrive together share one commit, and so one wait for the disk. Each runs in a savepoint of its own, one
 * after the other: one that fails leaves nothing and disturbs nobody. Nobody gets an answer before the commit is on the disk.
 */
export class CommitGroup {
  readonly #kysely: Kysely<Tables>
  readonly #tries: number
  #waiting: Job[] = []
  #running = false

  constructor(kysely: Kysely<Tables>, tries = TRIES) {
    this.#kysely = kysely
    this.#tries = tries
  }

  write<T>(work: (db: Transaction<Tables>) => Promise<T>): Promise<T> {
    return new Promise<T>((resolve, reject) => {
      this.#waiting.push({ work, resolve: resolve as Job['resolve'], reject })
      if (this.#running) return
      this.#running = true
      // After what this turn of the event loop has read from other sockets, which may bring more to write.
      setImmediate(() => void this.#run())
    })
  }

  async #run(): Promise<void> {
    while (this.#waiting.length) await this.#commit(this.#waiting.splice(0, MOST))
    this.#running = false
  }

  async #commit(jobs: readonly Job[]): Promise<void> {
    let settled: (() => void)[] = []
    try {
      await whenFree(this.#tries, () =>
        this.#kysely.transaction().execute(async (db) => {
          settled = []
          const run = jobs.length === 1 ? alone : attempt
          for (const job of jobs) settled.push(await run(db, job))
        }),
      )
    } catch (error) {
      for (const job of jobs) job.reject(error instanceof Failed ? error.reason : error)
      return
    }
    for (const settle of settled) settle()
  }
}

/** So often is it tried while another process writes. */
const TRIES = 20
const PAUSE_MS = 20

/** Waits while another process has the database for itself; reads go on in between. */
async function whenFree(tries: number, commit: () => Promise<void>): Promise<void> {
  for (let tried = 1; ; tried++) {
    try {
      return await commit()
    } catch (error) {
      if (!(error instanceof DatabaseUnavailable) || error.outage !== 'busy' || tried === tries) throw error
      await pause(PAUSE_MS)
    }
  }
}

/** Rolls back the commit of a write that failed and shared it with no other. */
class Failed {
  readonly reason: unknown
  constructor(reason: unknown) {
    this.reason = reason
  }
}

/** Runs a write that shares its commit with no other: what undoes it undoes the commit, and no savepoint is needed. */
async function alone(db: Transaction<Tables>, { work, resolve }: Job): Promise<() => void> {
  try {
    const result = await work(db)
    return () => resolve(result)
  } catch (error) {
    throw new Failed(error)
  }
}

const SAVE = sql`savepoint write`
const KEEP = sql`release write`
const UNDO = sql`rollback to write`

/** Runs one write in its savepoint; gives what to tell its caller once the commit is done. */
async function attempt(db: Transaction<Tables>, { work, resolve, reject }: Job): Promise<() => void> {
  await SAVE.execute(db)
  try {
    const result = await work(db)
    await KEEP.execute(db)
    return () => resolve(result)
  } catch (error) {
    // Where the disk has failed SQLite may have rolled back everything by itself: the commit then fails for that reason.
    await UNDO.execute(db).catch(() => Promise.reject(error))
    await KEEP.execute(db)
    return () => reject(error)
  }
}
