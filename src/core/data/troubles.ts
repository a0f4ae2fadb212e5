import { onceAMinute } from './once-a-minute.ts'

/** One success between two failures does not end a trouble: it is over when nothing has failed for this long. */
const QUIET_MS = 10_000

/** Which errors are troubles of one kind, and how the log says that there is one, and that it is over. */
interface Kind {
  readonly is: (error: unknown) => error is Error
  readonly fails: string
  readonly works: string
}

/** What the driver or the system said; some have no words, and a code alone. */
export function reasonOf({ cause, message }: Error): string {
  const said = cause as { message?: string; code?: string } | undefined
  return said?.message || said?.code || message
}

/**
 * Tells of the troubles of a database or a disk in the log: at once, then once a minute for each sentence however many calls
 * meet it, and when it is over.
 */
export function troubles(
  { is, fails, works }: Kind,
  told: (what: string) => void,
  now: () => number = () => performance.now(),
): <T>(work: () => Promise<T>) => Promise<T> {
  const lines = onceAMinute(told, now)
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
        told(works)
      }
      return result
    } catch (error) {
      if (is(error)) tell(error)
      throw error
    }
  }
}
