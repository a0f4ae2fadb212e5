import { onceAMinute } from './once-a-minute.ts'

/** One success between two failures does not end an outage. It ends when nothing has failed for this long. */
const QUIET_MS = 10_000

/** A kind of error, and the log lines for its start and its end. */
interface Kind {
  readonly is: (error: unknown) => error is Error
  readonly fails: string
  readonly works: string
}

/** The reason from the driver or the system. Some errors have no message, only a code. */
export function reasonOf({ cause, message }: Error): string {
  const reason = cause as { message?: string; code?: string } | undefined
  return reason?.message || reason?.code || message
}

/**
 * Logs the failures of a database or a disk: at once, then each sentence once a minute at most, and when they are over.
 */
export function troubles(
  { is, fails, works }: Kind,
  warn: (what: string) => void,
  now: () => number = () => performance.now(),
): <T>(work: () => Promise<T>) => Promise<T> {
  const lines = onceAMinute(warn, now)
  let last = Number.NEGATIVE_INFINITY

  function tell(error: Error): void {
    last = now()
    const reason = reasonOf(error)
    lines.tell(`${fails}: ${error.message}${reason === error.message ? '' : ` (${reason})`}.`, error.message)
  }

  return async (work) => {
    try {
      const result = await work()
      if (lines.hasTold() && now() - last >= QUIET_MS) {
        lines.forget()
        warn(works)
      }
      return result
    } catch (error) {
      if (is(error)) tell(error)
      throw error
    }
  }
}
