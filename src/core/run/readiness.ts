import type { Database } from '../data/database.ts'
import { INSTANCE } from '../data/space.ts'
import type { Message } from '../declare/message.ts'
import { unready } from './messages.ts'

/** Why a server is not ready, in one word: anonymous callers learn no more. */
export type Unready = 'database' | 'migrations' | 'stopping'

export const WHY_UNREADY: Readonly<Record<Unready, () => Message>> = {
  database: unready.database,
  migrations: unready.migrations,
  stopping: unready.stopping,
}

/** How long a result counts: that the server is ready, and that it is not. */
const READY_MS = 1000
const UNREADY_MS = 200
/** The longest wait for the database. */
const PATIENCE_MS = 2000

interface ReadinessParts {
  readonly database: Pick<Database, 'head'>
  /** Whether the database has all migrations of this program. */
  isMigrated(): Promise<boolean>
}

/**
 * Whether this server is ready: its database answers and is migrated, and it is not shutting down. Anybody can ask, so
 * all share one check, whose result counts for a moment.
 */
export class Readiness {
  readonly #parts: ReadinessParts
  #looking: Promise<Unready | null> | null = null
  #cached: { readonly why: Unready | null; readonly until: number } | null = null
  #stopping = false

  constructor(parts: ReadinessParts) {
    this.#parts = parts
  }

  /** Marks the server as shutting down. */
  stop(): void {
    this.#stopping = true
  }

  /** Null if the server is ready. */
  async look(): Promise<Unready | null> {
    if (this.#stopping) return 'stopping'
    if (this.#cached && performance.now() < this.#cached.until) return this.#cached.why
    // A check in progress is shared: a hanging database is asked once.
    this.#looking ??= this.#ask().then((why) => {
      this.#cached = { why, until: performance.now() + (why === null ? READY_MS : UNREADY_MS) }
      this.#looking = null
      return why
    })
    return within(PATIENCE_MS, this.#looking, 'database')
  }

  async #ask(): Promise<Unready | null> {
    try {
      await this.#parts.database.head(INSTANCE)
      return (await this.#parts.isMigrated()) ? null : 'migrations'
    } catch {
      // The database logs its own failures.
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
