import type { Database } from '../data/database.ts'
import { INSTANCE } from '../data/space.ts'
import type { Message } from '../declare/message.ts'
import { unready } from './messages.ts'

/** Why a server cannot serve just now, in one word: a stranger learns no more. */
export type Unready = 'database' | 'migrations' | 'stopping'

export const WHY_UNREADY: Readonly<Record<Unready, () => Message>> = {
  database: unready.database,
  migrations: unready.migrations,
  stopping: unready.stopping,
}

/** So long it counts that the server was ready, and that it was not. */
const READY_MS = 1000
const UNREADY_MS = 200
/** Whoever asks waits no longer than this for the database. */
const PATIENCE_MS = 2000

interface ReadinessParts {
  readonly database: Pick<Database, 'head'>
  /** Whether the database has had every migration of this program. */
  isMigrated(): Promise<boolean>
}

/**
 * Whether this server can serve: its database answers and is up to date, and it is not shutting down. Everybody can ask, so all who ask
 * share one look, and what it found holds for a moment.
 */
export class Readiness {
  readonly #parts: ReadinessParts
  #looking: Promise<Unready | null> | null = null
  #found: { readonly why: Unready | null; readonly until: number } | null = null
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
    if (this.#found && performance.now() < this.#found.until) return this.#found.why
    // One that is not over yet is waited for and not begun anew: a database that hangs is asked once.
    this.#looking ??= this.#ask().then((why) => {
      this.#found = { why, until: performance.now() + (why === null ? READY_MS : UNREADY_MS) }
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
