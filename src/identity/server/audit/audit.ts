import type { Database } from '../../../core/data/database.ts'
import type { Caller } from '../../../core/data/space.ts'
import { outcomeOf } from '../../../core/declare/errors.ts'
import { type AnyOperation, administration } from '../../../core/declare/operation.ts'
import type { Finished } from '../../../core/run/steps.ts'
import { networkOf } from '../attempt-limiter.ts'
import { writeBehind } from '../write-behind.ts'
import { type AuditCount, type AuditRow, CALLS_ITSELF, insertAudit, removeOldAudit } from './store.ts'

/** Beyond so many entries that could not be written, the oldest are lost rather than the memory. */
const MOST_PENDING = 20_000

/**
 * So many entries of one kind are kept in an hour that a stranger can cause, and so many of those from one network: anybody can be
 * refused as often as they like. What is beyond is counted.
 */
export const MOST_SINGLE = 20
export const MOST_OF_NETWORK = 10
const HOUR = 3_600_000

export interface AuditParts {
  readonly database: Database
  readonly failed: (error: unknown) => void
  /** The operations that count as authorization, by name, next to those of administration: each use is kept, by whichever way. */
  readonly authorization: readonly string[]
  readonly clock: () => Date
}

export type AuditEntry = Pick<AuditRow, 'event' | 'outcome'> & Partial<Omit<AuditRow, 'at'>>

/** What only describes is written together: so long, in milliseconds, may a process that is killed have gathered it. */
const COUNTS_WITHIN = 5000

/**
 * Keeps who logged in, who was refused, what changed about accounts, and the tools that assistants called: the name, the
 * client, the user and how it ended, never the arguments. Entries are written within a second. What an assistant read is counted by
 * the hour: it reads all day long, and says with each read the same.
 */
export class Audit {
  readonly #parts: AuditParts
  readonly #authorization: ReadonlySet<string>
  readonly #writeBehind: ReturnType<typeof writeBehind>
  readonly #counter: ReturnType<typeof writeBehind>
  #pending: AuditRow[] = []
  /** What was counted and is not written yet, by its kind. */
  #counted = new Map<string, AuditCount>()
  /** How many single entries of each kind each network has in this hour. */
  readonly #single = new Map<string, Map<string, number>>()
  #hour = ''

  constructor(parts: AuditParts) {
    this.#parts = parts
    this.#authorization = new Set(parts.authorization)
    this.#writeBehind = writeBehind(() => this.#write(), parts.failed)
    this.#counter = writeBehind(() => this.#write(), parts.failed, COUNTS_WITHIN)
  }

  note(entry: AuditEntry): void {
    const now = this.#parts.clock()
    const row: AuditRow = { at: now.toISOString(), ...NOTHING_KNOWN, ...entry }
    if (isOfStranger(row) && !this.#isSingle(row, now)) this.#add({ ...row, ...UNTOLD, at: hourOf(now), count: 1 })
    else this.#pending.push(row)
    if (this.#pending.length > MOST_PENDING) this.#pending.shift()
    this.#writeBehind.soon()
  }

  /** Hears of every operation that has finished; give it to the pipeline. */
  readonly observe = ({ operation, caller, error }: Finished): void => {
    if (!this.#concerns(operation, caller.way)) return
    const entry = {
      event: operation.name,
      // The command line acts for the machine's owner, who is nobody in the table of users.
      user_id: caller.userId || null,
      way: caller.way,
      client: nameOf(caller),
      grant_id: caller.grant,
      outcome: outcomeOf(error),
    }
    if (error === null && operation.effect === 'read' && !this.#isKept(operation)) {
      this.#add({ ...entry, at: hourOf(this.#parts.clock()), count: 1 })
      this.#counter.soon()
    } else this.note(entry)
  }

  async sweep(olderThan: string): Promise<void> {
    await removeOldAudit(this.#parts.database.kysely, olderThan)
  }

  /** Writes what is left. */
  async close(): Promise<void> {
    await Promise.all([this.#writeBehind.close(), this.#counter.close()])
  }

  /** Whether there is room left in this hour to tell this entry apart from others of its kind. */
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
    // What is done by the clock would drown what people do.
    if (way === 'system') return false
    // What leaves the instance as a file is kept; what is only looked at would drown all else.
    if (operation.effect === 'read' && !operation.download) return false
    return this.#isKept(operation)
  }

  /** Whether each use is kept: it concerns who may do what. */
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

const NOTHING_KNOWN = { user_id: null, way: 'web', client: null, grant_id: null, ip_address: null }

/** What strangers are not told apart by. */
const UNTOLD = { client: null, grant_id: null }

/** Whether a stranger can make as many such entries as they like: nothing let them in, or they are nobody. */
const isOfStranger = ({ outcome, user_id, grant_id, way }: AuditRow): boolean =>
  grant_id === null && way !== 'cli' && way !== 'system' && (outcome !== 'ok' || user_id === null)

const kindOf = ({ event, way, outcome, user_id }: AuditRow): string => [event, way, outcome, user_id].join(' ')

const hourOf = (moment: Date): string => new Date(Math.floor(moment.getTime() / HOUR) * HOUR).toISOString()

/** The program as its owner knows it, and behind that what it calls itself, which can be anything. */
function nameOf({ program, client }: Caller): string | null {
  const isSame = !program || !client || program.toLowerCase() === client.toLowerCase()
  return isSame ? program || client : `${program}${CALLS_ITSELF}${JSON.stringify(client)})`
}
