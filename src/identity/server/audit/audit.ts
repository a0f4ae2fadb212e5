import type { Database } from '../../../core/data/database.ts'
import type { Caller } from '../../../core/data/space.ts'
import { outcomeOf } from '../../../core/declare/errors.ts'
import { type AnyOperation, administration } from '../../../core/declare/operation.ts'
import type { Finished } from '../../../core/run/steps.ts'
import { networkOf } from '../attempt-limiter.ts'
import { writeBehind } from '../write-behind.ts'
import { type AuditCount, type AuditRow, CALLS_ITSELF, insertAudit, removeOldAudit } from './store.ts'

/** Beyond this many unwritten entries, drops the oldest to bound memory. */
const MOST_PENDING = 20_000

/**
 * Limits per hour for entries of one kind that a stranger can cause, in total and per network: anybody can provoke any
 * number of refusals. Further ones are only counted.
 */
export const MOST_SINGLE = 20
export const MOST_OF_NETWORK = 10
const HOUR = 3_600_000

export interface AuditParts {
  readonly database: Database
  readonly onError: (error: unknown) => void
  /** The authorization operations, by name. As with administration, every use is recorded, by any way. */
  readonly authorization: readonly string[]
  readonly clock: () => Date
}

export type AuditEntry = Pick<AuditRow, 'event' | 'outcome'> & Partial<Omit<AuditRow, 'at'>>

/** Counts are written within this many milliseconds; a killed process loses at most these. */
const COUNTS_WITHIN = 5000

/**
 * Records logins, refusals, account changes and the tool calls of assistants: name, client, user and outcome, never the
 * arguments, except for the declared subject. Entries are written within a second. Reads by assistants are counted per hour: they are constant and all
 * alike.
 */
export class Audit {
  readonly #parts: AuditParts
  readonly #authorization: ReadonlySet<string>
  readonly #writeBehind: ReturnType<typeof writeBehind>
  readonly #counter: ReturnType<typeof writeBehind>
  #pending: AuditRow[] = []
  /** Unwritten counts, by kind. */
  #counted = new Map<string, AuditCount>()
  /** The number of single entries per kind and network in this hour. */
  readonly #single = new Map<string, Map<string, number>>()
  #hour = ''

  constructor(parts: AuditParts) {
    this.#parts = parts
    this.#authorization = new Set(parts.authorization)
    this.#writeBehind = writeBehind(() => this.#write(), parts.onError)
    this.#counter = writeBehind(() => this.#write(), parts.onError, COUNTS_WITHIN)
  }

  note(entry: AuditEntry): void {
    const now = this.#parts.clock()
    const row: AuditRow = { at: now.toISOString(), ...NOTHING_KNOWN, ...entry }
    if (isOfStranger(row) && !this.#isSingle(row, now)) this.#add({ ...row, ...UNTOLD, at: hourOf(now), count: 1 })
    else this.#pending.push(row)
    if (this.#pending.length > MOST_PENDING) this.#pending.shift()
    this.#writeBehind.soon()
  }

  /** Receives every finished operation; pass it to the pipeline. */
  readonly observe = ({ operation, caller, subject, error }: Finished): void => {
    if (!this.#concerns(operation, caller.way)) return
    const entry = {
      event: operation.name,
      // The command line acts for the machine's owner, who has no row in the users table.
      user_id: caller.userId || null,
      way: caller.way,
      client: nameOf(caller),
      grant_id: caller.grant,
      outcome: outcomeOf(error),
    }
    if (error === null && operation.effect === 'read' && !this.#isKept(operation)) {
      this.#add({ ...entry, at: hourOf(this.#parts.clock()), count: 1 })
      this.#counter.soon()
    } else this.note({ ...entry, subject })
  }

  async sweep(olderThan: string): Promise<void> {
    await removeOldAudit(this.#parts.database.kysely, olderThan)
  }

  /** Writes pending entries. */
  async close(): Promise<void> {
    await Promise.all([this.#writeBehind.close(), this.#counter.close()])
  }

  /** Whether this hour's limits allow a separate entry. */
  #isSingle(row: AuditRow, now: Date): boolean {
    const hour = hourOf(now)
    if (hour !== this.#hour) this.#single.clear()
    this.#hour = hour
    const kind = kindOf(row)
    const networks = this.#single.get(kind) ?? new Map<string, number>()
    this.#single.set(kind, networks)
    const network = networkOf(row.ip_address ?? '')
    const before = networks.get(network) ?? 0
    const all = [...networks.values()].reduce((sum, count) => sum + count, 0)
    if (before >= MOST_OF_NETWORK || all >= MOST_SINGLE) return false
    networks.set(network, before + 1)
    return true
  }

  #add({ at, event, user_id, way, outcome, client, grant_id, count }: AuditCount): void {
    const counted = { at, event, user_id, way, outcome, client, grant_id, count }
    const key = JSON.stringify({ ...counted, count: null })
    const before = this.#counted.get(key)
    if (before) before.count += counted.count
    else this.#counted.set(key, counted)
  }

  #concerns(operation: AnyOperation, way: string): boolean {
    if (way === 'mcp') return true
    // Scheduled work would drown people's actions.
    if (way === 'system') return false
    // Downloads are recorded; other reads would drown everything else.
    if (operation.effect === 'read' && !operation.download) return false
    return this.#isKept(operation)
  }

  /** Whether every use is recorded: the operation concerns rights. */
  #isKept(operation: AnyOperation): boolean {
    return operation.permission === administration || this.#authorization.has(operation.name)
  }

  async #write(): Promise<void> {
    const rows = this.#pending
    const counts = [...this.#counted.values()]
    if (!rows.length && !counts.length) return
    this.#pending = []
    this.#counted = new Map()
    try {
      await insertAudit(this.#parts.database.kysely, rows, counts)
    } catch (error) {
      this.#pending = [...rows, ...this.#pending].slice(-MOST_PENDING)
      for (const counted of counts) this.#add(counted)
      throw error
    }
  }
}

const NOTHING_KNOWN = { user_id: null, way: 'web', client: null, grant_id: null, ip_address: null, subject: null }

/** The fields by which counted entries of strangers are not told apart. */
const UNTOLD = { client: null, grant_id: null }

/** Whether a stranger can cause any number of such entries: without authorization, or without an account. */
const isOfStranger = ({ outcome, user_id, grant_id, way }: AuditRow): boolean =>
  grant_id === null && way !== 'cli' && way !== 'system' && (outcome !== 'ok' || user_id === null)

const kindOf = ({ event, way, outcome, user_id }: AuditRow): string => [event, way, outcome, user_id].join(' ')

const hourOf = (moment: Date): string => new Date(Math.floor(moment.getTime() / HOUR) * HOUR).toISOString()

/** The program's name for its owner, then the name it gives itself, which can be anything. */
function nameOf({ program, client }: Caller): string | null {
  const isSame = !program || !client || program.toLowerCase() === client.toLowerCase()
  return isSame ? program || client : `${program}${CALLS_ITSELF}${JSON.stringify(client)})`
}
