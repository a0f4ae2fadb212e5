import { DatabaseUnavailable } from './database.ts'

/** How long after a failure something is tried again. */
const AGAIN_MS = 1000

export interface Gathered {
  /** To be done soon. */
  ask(): void
  /** Does now what has been asked for; what is asked for after that is never done. */
  close(): Promise<void>
}

/**
 * Does something once for all who ask for it within a moment, never twice at a time, and again where it failed. The database says
 * itself that it is away: `failed` hears of everything else.
 */
export function gathered(work: () => Promise<void>, withinMs: number, failed: (error: unknown) => void): Gathered {
  let timer: NodeJS.Timeout | null = null
  let running: Promise<void> | null = null
  let asked = false
  let closed = false

  const wait = (ms: number) => {
    timer ??= setTimeout(() => {
      timer = null
      run()
    }, ms).unref()
  }
  function run(): Promise<void> {
    asked = false
    running = work()
      .then(
        () => withinMs,
        (error) => {
          asked = true
          if (!(error instanceof DatabaseUnavailable)) failed(error)
          return AGAIN_MS
        },
      )
      .then((ms) => {
        running = null
        if (asked && !closed) wait(ms)
      })
    return running
  }
  return {
    ask() {
      if (closed) return
      asked = true
      if (!running) wait(withinMs)
    },
    async close() {
      closed = true
      if (timer) clearTimeout(timer)
      timer = null
      await running
      if (asked) await work().catch(() => {})
    },
  }
}
