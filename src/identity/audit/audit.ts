import type { Database } from '../../core/database.ts'
import { TrekError } from '../../core/errors.ts'
import { type AnyOperation, administration } from '../../core/operation.ts'
import type { Finished } from '../../core/pipeline.ts'
import { flusher } from '../flush.ts'
import { type AuditRow, insertAudit, removeOldAudit } from './store.ts'

/** Beyond so many entries that could not be written, the oldest are lost rather than the memory. */
const MOST_PENDING = 20_000

export interface AuditParts {
  readonly database: Database
  readonly failed: (error: unknown) => void
  /** The operations that count as authorization, next to those of administration: each use is kept, by whichever way. */
  readonly authorization: readonly AnyOperation[]
  readonly clock: () => Date
}

export type AuditEntry = Pick<AuditRow, 'event' | 'outcome'> & Partial<Omit<AuditRow, 'at'>>

/**
 * Keeps who logged in, who was refused, what changed about accounts, and every tool an assistant called: the name, the
 * client, the user and how it ended, never the arguments. Entries are written within a second.
 */
export class Audit {
  readonly #parts: AuditParts
  readonly #authorization: ReadonlySet<string>
  readonly #flusher: ReturnType<typeof flusher>
  #pending: AuditRow[] = []

  constructor(parts: AuditParts) {
    this.#parts = parts
    this.#authorization = new Set(parts.authorization.map(({ name }) => name))
    this.#flusher = flusher(() => this.#write(), parts.failed)
  }

  note(entry: AuditEntry): void {
    const at = this.#parts.clock().toISOString()
    const nothing = { user_id: null, way: 'web', client: null, grant_id: null, ip_address: null }
    this.#pending.push({ at, ...nothing, ...entry })
    if (this.#pending.length > MOST_PENDING) this.#pending.shift()
    this.#flusher.soon()
  }

  /** Hears of every operation that has finished; give it to the pipeline. */
  readonly observe = ({ operation, caller, error }: Finished): void => {
    if (!this.#concerns(operation, caller.way)) return
    this.note({
      event: operation.name,
      // The command line acts for the machine's owner, who is nobody in the table of users.
      user_id: caller.userId || null,
      way: caller.way,
      client: caller.client,
      grant_id: caller.grant,
      outcome: outcomeOf(error),
    })
  }

  async sweep(olderThan: string): Promise<void> {
    await removeOldAudit(this.#parts.database.kysely, olderThan)
  }

  /** Writes what is left. */
  close(): Promise<void> {
    return this.#flusher.close()
  }

  #concerns(operation: AnyOperation, way: string): boolean {
    if (way === 'mcp') return true
    // What is done by the clock would drown what people do.
    if (way === 'system') return false
    if (operation.effect === 'read') return false
    return operation.permission === administration || this.#authorization.has(operation.name)
  }

  async #write(): Promise<void> {
    const rows = this.#pending
    if (!rows.length) return
    this.#pending = []
    try {
      await insertAudit(this.#parts.database.kysely, rows)
    } catch (error) {
      this.#pending = [...rows, ...this.#pending].slice(-MOST_PENDING)
      throw error
    }
  }
}

/** `ok`, or the code of the error. */
export const outcomeOf = (error: unknown): string =>
  error === null ? 'ok' : error instanceof TrekError ? error.code : 'bug'
