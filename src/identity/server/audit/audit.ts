import type { Database } from '../../../core/data/database.ts'
import { TrekError } from '../../../core/declare/errors.ts'
import { type AnyOperation, administration } from '../../../core/declare/operation.ts'
import type { Finished } from '../../../core/run/steps.ts'
import { flusher } from '../flush.ts'
import { networkOf } from '../guesses.ts'
import { type AuditRow, insertAudit, removeOldAudit } from './store.ts'

/** Beyond so many entries that could not be written, the oldest are lost rather than the memory. */
const MOST_PENDING = 20_000

/** So many refusals of strangers are kept in a minute for each network: anybody can be refused as often as they like. */
export const MOST_REFUSALS = 100
const MOST_NETWORKS = 1000
const MINUTE = 60_000

export interface AuditParts {
  readonly database: Database
  readonly failed: (error: unknown) => void
  /** The operations that count as authorization, by name, next to those of administration: each use is kept, by whichever way. */
  readonly authorization: readonly string[]
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
  readonly #refusals = new Map<string, number>()
  #refusalsSince = 0

  constructor(parts: AuditParts) {
    this.#parts = parts
    this.#authorization = new Set(parts.authorization)
    this.#flusher = flusher(() => this.#write(), parts.failed)
  }

  note(entry: AuditEntry): void {
    const now = this.#parts.clock()
    if (isCheap(entry) && this.#isFlooding(entry.ip_address ?? '', now.getTime())) return
    const at = now.toISOString()
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

  #isFlooding(address: string, now: number): boolean {
    if (now - this.#refusalsSince >= MINUTE) {
      this.#refusals.clear()
      this.#refusalsSince = now
    }
    const network = networkOf(address)
    const count = (this.#refusals.get(network) ?? 0) + 1
    if (this.#refusals.size < MOST_NETWORKS || count > 1) this.#refusals.set(network, count)
    return count > MOST_REFUSALS || !this.#refusals.has(network)
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

/** Whether a stranger can make as many such entries as they like. */
const isCheap = ({ outcome, user_id }: AuditEntry): boolean =>
  outcome === 'rate_limited' || (outcome !== 'ok' && (user_id ?? null) === null)

/** `ok`, or the code of the error. */
export const outcomeOf = (error: unknown): string =>
  error === null ? 'ok' : error instanceof TrekError ? error.code : 'bug'
