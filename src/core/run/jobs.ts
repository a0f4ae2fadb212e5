import { SYSTEM } from '../data/space.ts'
import type { Feature, Job, Log } from './feature.ts'
import type { Lease } from './lease.ts'
import { Pace } from './pace.ts'
import type { Pipeline } from './pipeline.ts'

interface JobParts {
  readonly features: readonly Pick<Feature, 'addon' | 'jobs'>[]
  /** Of several processes the one that holds it does the work. */
  readonly lease: Lease
  readonly pipeline: Pipeline
  /** Hears of a job that failed; it is tried again at its next time. */
  readonly failed: (error: unknown) => void
  readonly log: Log
  readonly clock?: () => Date
  /** A clock that only goes forward, in milliseconds. */
  readonly steady?: () => number
}

/** The first round comes when the server has settled. */
const FIRST_AFTER_SECONDS = 30

/** A process that does not hold the lease looks again so soon: the one that does may be gone. */
const LOOK_AGAIN_SECONDS = 60

/** Runs the jobs of all features, each at its own pace, in one process of the instance. */
export class Jobs {
  readonly #parts: JobParts
  readonly #pace: Pace
  readonly #timers = new Set<NodeJS.Timeout>()
  readonly #running = new Set<Promise<unknown>>()
  #closed = false

  constructor(parts: JobParts) {
    this.#parts = parts
    const { clock, steady, log } = parts
    this.#pace = new Pace({ ...(clock && { clock }), ...(steady && { steady }), told: (what) => log(what, {}) })
  }

  start(): void {
    for (const { addon, jobs = [] } of this.#parts.features) {
      for (const job of jobs) {
        this.#after(job.firstAfterSeconds ?? Math.min(FIRST_AFTER_SECONDS, job.everySeconds), job, addon)
      }
    }
  }

  /** Runs the job of this name now, whichever process holds the lease. */
  async runNow(name: string): Promise<void> {
    for (const { jobs = [] } of this.#parts.features) for (const job of jobs) if (job.name === name) await this.#do(job)
  }

  /** Waits for what is running; nothing begins any more. */
  async close(): Promise<void> {
    this.#closed = true
    for (const timer of this.#timers) clearTimeout(timer)
    await Promise.all(this.#running)
    await this.#parts.lease.release()
  }

  #after(seconds: number, job: Job, addon: Feature['addon']): void {
    const timer = setTimeout(async () => {
      this.#timers.delete(timer)
      const run = this.#run(job, addon)
      this.#running.add(run)
      const done = await run
      this.#running.delete(run)
      const next = done ? job.everySeconds : Math.min(LOOK_AGAIN_SECONDS, job.everySeconds)
      if (!this.#closed) this.#after(next, job, addon)
    }, seconds * 1000).unref()
    this.#timers.add(timer)
  }

  /** Whether its time has come again only after its pace; false where another process does the work, or the clock is not believed. */
  async #run(job: Job, addon: Feature['addon']): Promise<boolean> {
    const { pipeline, lease, failed } = this.#parts
    try {
      // It is asked each time, so that a jump is noticed when it happens.
      const isProven = this.#pace.isProven()
      if (!(await lease.hold())) return false
      if (job.byAge && !isProven) return false
      const settings = await pipeline.parts.settings.current()
      if (addon && !settings.addonOn(addon)) return true
      await this.#do(job)
    } catch (error) {
      failed(new Error(`The job ${job.name} failed`, { cause: error }))
    }
    return true
  }

  #do(job: Job): Promise<void> {
    const { pipeline, log, clock } = this.#parts
    const { observer } = pipeline.parts
    const run = () =>
      job.run({
        now: clock?.() ?? new Date(),
        run: (operation, input) => pipeline.run(operation, input, SYSTEM),
        log,
      })
    return observer ? observer.during({ kind: 'job', name: job.name }, run) : run()
  }
}
