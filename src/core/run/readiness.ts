import type { Database } from '../data/database.ts'
import { INSTANCE } from '../data/space.ts'

/** Why a server cannot serve just now, in one word: a stranger learns no more. */
export type Unready = 'database' | 'migrations' | 'stopping'

export const WHY_UNREADY: Readonly<Record<Unready, string>> = {
  database: 'The database does not answer',
  migrations: 'The database lacks changes that this version of the server needs',
  stopping: 'The server is shutting down',
}

/** So long it counts that the server was ready. */
const FRESH_MS = 1000
/** Whoever asks waits no longer than this for the database. */
const PATIENCE_MS = 2000

interface ReadinessParts {
  readonly database: Pick<Database, 'head'>
  /** Whether the database has had every migration of this program. */
  isMigrated(): Promise<boolean>
}

/**
 * Whether this server can serve: its database answers and is up to date, and it is not shutting down. Everybody can ask, so all who ask
 * share one look, and one that found the server ready holds for a second.
 */
export class Readiness {
  readonly #parts: ReadinessParts
  #looking: Promise<Unready | null> | null = null
  #readyAt = Number.NEGATIVE_INFINITY
  #stopping = false

  constructor(parts: ReadinessParts) {
    this.#parts = parts
  }

  /** From now on the server is shutting down. */
  stop(): void {
    this.#stopping = true
  }

  /** Null where the server is ready. */
  async look(): Promise<Unready | null> {
    if (this.#stopping) return 'stopping'
    if (performance.now() - this.#readyAt < FRESH_MS) return null
    // One that is not over yet is waited for and not begun anew: a database that hangs is asked once.
    this.#looking ??= this.#ask().finally(() => {
      this.#looking = null
    })
    return within(PATIENCE_MS, this.#looking, 'database')
  }

  async #ask(): Promise<Unready | null> {
    try {
      await this.#parts.database.head(INSTANCE)
      if (!(await this.#parts.isMigrated())) return 'migrations'
      this.#readyAt = performance.now()
      return null
    } catch {
      // The database tells of its troubles in the log by itself.
      return 'database'
    }
  }
}

function within<T>(ms: number, answer: Promise<T>, late: T): Promise<T> {
  let timer: NodeJS.Timeout | undefined
  const tooLate = new Promise<T>((resolve) => {
    timer = setTimeout(resolve, ms, late)
  })
  return Promise.race([answer, tooLate]).finally(() => clearTimeout(timer))
}
