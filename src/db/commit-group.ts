import { setTimeout as pause } from 'node:timers/promises'
import type { Kysely, Transaction } from 'kysely'
import { DatabaseUnavailable } from '../core/data/database.ts'
import type { Tables } from '../core/data/tx.ts'
import { inSavepoint } from './savepoint.ts'

interface Job {
  readonly work: (db: Transaction<Tables>) => Promise<unknown>
  readonly resolve: (result: unknown) => void
  readonly reject: (error: unknown) => void
}

/** Runs `body` in a transaction, and resolves once it is committed. */
export type Transact = (body: (db: Transaction<Tables>) => Promise<void>) => Promise<void>

interface Options {
  /** The most writes that share a commit: later ones must not wait long. */
  readonly most: number
  /** Called whenever no write is running or waiting. */
  readonly idle?: () => void
}

/**
 * Lets writes that arrive together share one commit, and so one wait for the disk. They run one after the other. A
 * failed write is undone without affecting the others. Nobody gets an answer before the commit is on the disk.
 */
export class CommitGroup {
  readonly #transact: Transact
  readonly #options: Options
  #waiting: Job[] = []
  #running = false

  constructor(transact: Transact, options: Options) {
    this.#transact = transact
    this.#options = options
  }

  write<T>(work: (db: Transaction<Tables>) => Promise<T>): Promise<T> {
    return new Promise<T>((resolve, reject) => {
      this.#waiting.push({ work, resolve: resolve as Job['resolve'], reject })
      if (this.#running) return
      this.#running = true
      // Waits for the other sockets of this turn of the event loop, which can bring more writes.
      setImmediate(() => void this.#run())
    })
  }

  async #run(): Promise<void> {
    while (this.#waiting.length) await this.#commit(this.#waiting.splice(0, this.#options.most))
    this.#running = false
    this.#options.idle?.()
  }

  async #commit(jobs: readonly Job[]): Promise<void> {
    try {
      for (const tell of await this.#outcomesOf(jobs)) tell()
    } catch (error) {
      for (const { reject } of jobs) reject(error)
      if (error instanceof DatabaseUnavailable && error.outage !== 'uncertain') this.#refuseWaiting(error)
    }
  }

  /** The other writes would wait just as long for the same outage. */
  #refuseWaiting(error: DatabaseUnavailable): void {
    for (const { reject } of this.#waiting.splice(0)) reject(error)
  }

  /**
   * How to settle each call after the commit. Savepoints cost as much as small writes, so they are used only after a
   * failure: it rolls back the other writes, which then run again.
   */
  async #outcomesOf(jobs: readonly Job[]): Promise<(() => void)[]> {
    try {
      return await this.#together(jobs, runJob)
    } catch (error) {
      if (!(error instanceof Failed)) throw error
      const { job, reason } = error
      const others = jobs.filter((one) => one !== job)
      const outcomes = others.length ? await this.#together(others, runInSavepoint) : []
      return [...outcomes, () => job.reject(reason)]
    }
  }

  async #together(jobs: readonly Job[], run: typeof runJob): Promise<(() => void)[]> {
    let outcomes: (() => void)[] = []
    await this.#transact(async (db) => {
      outcomes = []
      for (const job of jobs) outcomes.push(await run(db, job))
    })
    return outcomes
  }
}

/** Thrown when a write fails and its transaction with it. */
class Failed {
  readonly job: Job
  readonly reason: unknown
  constructor(job: Job, reason: unknown) {
    this.job = job
    this.reason = reason
  }
}

async function runJob(db: Transaction<Tables>, job: Job): Promise<() => void> {
  try {
    const result = await job.work(db)
    return () => job.resolve(result)
  } catch (error) {
    throw new Failed(job, error)
  }
}

async function runInSavepoint(db: Transaction<Tables>, { work, resolve, reject }: Job): Promise<() => void> {
  const outcome = await inSavepoint(db, () => work(db))
  return 'error' in outcome ? () => reject(outcome.error) : () => resolve(outcome.result)
}

/** The number of attempts while another process writes. */
const TRIES = 20
const PAUSE_MS = 20

/** Transactions that are retried while another process holds the write lock; reads continue in between. */
export const whenFree =
  (kysely: Kysely<Tables>, tries = TRIES): Transact =>
  async (body) => {
    for (let tried = 1; ; tried++) {
      try {
        return await kysely.transaction().execute(body)
      } catch (error) {
        if (!(error instanceof DatabaseUnavailable) || error.outage !== 'busy' || tried === tries) throw error
        await pause(PAUSE_MS)
      }
    }
  }
