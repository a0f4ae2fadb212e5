import { DatabaseUnavailable } from './database.ts'

/** How long after a failure the work is tried again. */
const AGAIN_MS = 1000

export interface Gathered {
  /** Requests the work, which runs soon. */
  ask(): void
  /** Runs the work now if it was requested. Later calls of `ask` have no effect. */
  close(): Promise<void>
}

/**
 * Runs `work` once for all calls of `ask` within `withinMs`, never twice at the same time, and again after a failure.
 * `onError` gets every error except an outage of the database, which the database reports itself.
 */
export function gathered(work: () => Promise<void>, withinMs: number, onError: (error: unknown) => void): Gathered {
  let timer: NodeJS.Timeout | null = null
  let running: Promise<void> | null = null
  let isRequested = false
  let closed = false

  const wait = (ms: number) => {
    timer ??= setTimeout(() => {
      timer = null
      run()
    }, ms).unref()
  }
  function run(): Promise<void> {
    isRequested = false
    running = work()
      .then(
        () => withinMs,
        (error) => {
          isRequested = true
          if (!(error instanceof DatabaseUnavailable)) onError(error)
          return AGAIN_MS
        },
      )
      .then((ms) => {
        running = null
        if (isRequested && !closed) wait(ms)
      })
    return running
  }
  return {
    ask() {
      if (closed) return
      isRequested = true
      if (!running) wait(withinMs)
    },
    async close() {
      closed = true
      if (timer) clearTimeout(timer)
      timer = null
      await running
      if (isRequested) await work().catch(() => {})
    },
  }
}
