import { SYSTEM } from '../data/space.ts'
import type { Feature, Job, Log } from './feature.ts'
import type { Pipeline } from './pipeline.ts'

interface JobParts {
  readonly features: readonly Pick<Feature, 'addon' | 'jobs'>[]
  readonly pipeline: Pipeline
  /** Hears of a job that failed; it is tried again at its next time. */
  readonly failed: (error: unknown) => void
  readonly log: Log
  readonly clock?: () => Date
}

/** The first round comes when the server has settled. */
const FIRST_AFTER_SECONDS = 30

/** Runs the jobs of all features, each at its own pace and never twice at once in this process. */
export class Jobs {
  readonly #parts: JobParts
  readonly #timers = new Set<NodeJS.Timeout>()
  readonly #running = new Set<Promise<void>>()
  #closed = false

  constructor(parts: JobParts) {
    this.#parts = parts
  }

  start(): void {
    for (const { addon, jobs = [] } of this.#parts.features) {
      for (const job of jobs) {
        this.#after(job.firstAfterSeconds ?? Math.min(FIRST_AFTER_SECONDS, job.everySeconds), job, addon)
      }
    }
  }

  /** Waits for what is running; nothing begins any more. */
  async close(): Promise<void> {
    this.#closed = true
    for (const timer of this.#timers) clearTimeout(timer)
    await Promise.all(this.#running)
  }

  #after(seconds: number, job: Job, addon: Feature['addon']): void {
    const timer = setTimeout(async () => {
      this.#timers.delete(timer)
      const run = this.#run(job, addon)
      this.#running.add(run)
      await run
      this.#running.delete(run)
      if (!this.#closed) this.#after(job.everySeconds, job, addon)
    }, seconds * 1000).unref()
    this.#timers.add(timer)
  }

  async #run(job: Job, addon: Feature['addon']): Promise<void> {
    const { pipeline, failed, log, clock } = this.#parts
    try {
      const settings = await pipeline.parts.settings.current()
      if (addon && !settings.addonOn(addon)) return
      await job.run({
        now: clock?.() ?? new Date(),
        run: (operation, input) => pipeline.run(operation, input, SYSTEM),
        log,
      })
    } catch (error) {
      failed(new Error(`The job ${job.name} failed`, { cause: error }))
    }
  }
}
