import { SYSTEM } from '../data/space.ts'
import type { Feature, Job, Log } from './feature.ts'
import type { Lease } from './lease.ts'
import { Pace } from './pace.ts'
import type { Pipeline } from './pipeline.ts'

interface JobParts {
  readonly features: readonly Pick<Feature, 'addon' | 'jobs'>[]
  /** Only the process that holds it runs jobs. */
  readonly lease: Lease
  readonly pipeline: Pipeline
  /** Gets the error of a failed job, which runs again at its next time. */
  readonly onError: (error: unknown) => void
  readonly log: Log
  readonly clock?: () => Date
  /** A monotonic clock, in milliseconds. */
  readonly steady?: () => number
}

/** The first run waits until the server has started up. */
const FIRST_AFTER_SECONDS = 30

/** How soon a process without the lease tries again: the holder may be gone. */
const LOOK_AGAIN_SECONDS = 60

/** Runs the jobs of all features, each at its own interval, in one process of the instance. */
export class Jobs {
  readonly #parts: JobParts
  readonly #pace: Pace
  readonly #timers = new Set<NodeJS.Timeout>()
  readonly #running = new Set<Promise<unknown>>()
  #closed = false

  constructor(parts: JobParts) {
    this.#parts = parts
    const { clock, steady, log } = parts
    this.#pace = new Pace({ ...(clock && { clock }), ...(steady && { steady }), warn: (what) => log(what, {}) })
  }

  start(): void {
    for (const { addon, jobs = [] } of this.#parts.features) {
      for (const job of jobs) {
        this.#after(job.firstAfterSeconds ?? Math.min(FIRST_AFTER_SECONDS, job.everySeconds), job, addon)
      }
    }
  }

  /** Runs the job of this name now, regardless of the lease. */
  async runNow(name: string): Promise<void> {
    for (const { jobs = [] } of this.#parts.features) for (const job of jobs) if (job.name === name) await this.#do(job)
  }

  /** Waits for running jobs and starts no more. */
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

  /** Returns whether to wait the full interval; false if another process runs the jobs, or the clock is not trusted. */
  async #run(job: Job, addon: Feature['addon']): Promise<boolean> {
    const { pipeline, lease, onError } = this.#parts
    try {
      // Checked each time, so that a jump of the clock is detected when it happens.
      const isProven = this.#pace.isProven()
      if (!(await lease.hold())) return false
      if (job.byAge && !isProven) return false
      const settings = await pipeline.parts.settings.current()
      if (addon && !settings.addonOn(addon)) return true
      await this.#do(job)
    } catch (error) {
      onError(new Error(`The job ${job.name} failed`, { cause: error }))
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
