import type { Feature } from './feature.ts'
import type { AnyOperation, Output } from './operation.ts'
import type { Pipeline } from './pipeline.ts'
import { SYSTEM } from './space.ts'

/** What a job gets. It changes rows as everybody does: by operations, as TREK itself. */
export interface JobScene {
  readonly now: Date
  run<Op extends AnyOperation>(operation: Op, input: unknown): Promise<Output<Op>>
  /** Tells the log what was done: a sentence, and what it is about. */
  readonly log: Log
}

export type Log = (message: string, details: Record<string, unknown>) => void

/** What a feature does by the clock, without anybody asking. */
export interface Job {
  readonly name: string
  /** It may run more often than this: after each start, and on each server of the instance. Twice must do no harm. */
  readonly everySeconds: number
  /** How long after a start it runs for the first time, where that must not be soon. */
  readonly firstAfterSeconds?: number
  run(scene: JobScene): Promise<void>
}

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
