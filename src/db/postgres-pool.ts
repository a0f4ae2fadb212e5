import { Socket } from 'node:net'
import type { PostgresPool } from 'kysely'
import pg from 'pg'
import { DatabaseUnavailable } from '../core/data/database.ts'
import type { PoolStats } from '../core/run/observer.ts'
import { gaveWay, isClosedForNow, outageOf, refusesConnections, TRIES } from './postgres-errors.ts'
import { prepared } from './postgres-statements.ts'

/** The longest time for each step, in milliseconds; 0 sets no limit. */
export interface Timeouts {
  /** Connecting, and waiting for a free connection. */
  readonly connect: number
  /** Waiting for a row or table that another transaction has locked. */
  readonly lock: number
  /** One statement, as measured by the server. */
  readonly statement: number
  /** A transaction of a silent process, which makes others wait for its rows. */
  readonly idleInTransaction: number
}

export const TIMEOUTS: Timeouts = { connect: 4000, lock: 4000, statement: 10_000, idleInTransaction: 8000 }

/** For migrations, which can take any time and wait for each other. */
export const NO_TIMEOUTS: Timeouts = { connect: 10_000, lock: 0, statement: 0, idleInTransaction: 0 }

/** The server itself reports a statement that took too long; the client gives up only if the server does not. */
const LATER_THAN_THE_SERVER = 2000
const KEEP_ALIVE_AFTER = 10_000
/** How long after `end` the remaining connections are cut. */
const END_WITHIN = 1000

/** Creates the sockets, so that a dead connection can be cut. */
export class Sockets {
  readonly #open = new Set<Socket>()

  readonly make = (): Socket => {
    const socket = new Socket()
    this.#open.add(socket)
    socket.once('close', () => this.#open.delete(socket))
    return socket
  }

  cut(): void {
    for (const socket of this.#open) socket.destroy()
  }
}

/** The options of every connection. */
export const connectionTo = (url: string, sockets: Sockets, { connect }: Pick<Timeouts, 'connect'>) => ({
  connectionString: url,
  connectionTimeoutMillis: connect,
  keepAlive: true,
  keepAliveInitialDelayMillis: KEEP_ALIVE_AFTER,
  stream: sockets.make,
})

export interface Pool extends PostgresPool {
  stats(): PoolStats
  /** One statement outside of any transaction. */
  query(text: string, values?: readonly unknown[]): Promise<void>
}

/**
 * Connections that are replaced when they break. A failure of the server or the connection is thrown as `unavailable`.
 */
export function openPool(url: string, max: number, limits: Timeouts): Pool {
  const sockets = new Sockets()
  const { statement } = limits
  const pool = new pg.Pool({
    ...connectionTo(url, sockets, limits),
    max,
    ...(statement && { query_timeout: statement + LATER_THAN_THE_SERVER }),
  })
  // Without listeners a broken connection would end the process: the pool listens only while a connection is idle. A
  // query in progress fails by itself.
  pool.on('error', () => {})
  pool.on('connect', (client) => client.on('error', () => {}))
  /**
   * When one connection is lost, connections of the same age or older are treated as lost too: they may not have
   * noticed yet.
   */
  let generation = 0
  const generations = new WeakMap<pg.PoolClient, number>()
  const lost = () => void generation++
  // Set by a statement: proxies like PgBouncer reject them as parameters of the connection.
  const settings =
    `set lock_timeout = ${limits.lock}; set statement_timeout = ${statement}; ` +
    `set idle_in_transaction_session_timeout = ${limits.idleInTransaction}`

  async function take(): Promise<pg.PoolClient> {
    for (;;) {
      const client = await pool.connect()
      const clientGeneration = generations.get(client)
      if (clientGeneration === generation) return client
      if (clientGeneration !== undefined) {
        client.release(true)
        continue
      }
      try {
        const now = generation
        await client.query(settings)
        generations.set(client, now)
        return client
      } catch (error) {
        client.release(true)
        throw error
      }
    }
  }

  // Migrations change the tables of prepared statements.
  const surroundings: Surroundings = { another: take, lost, prepares: limits !== NO_TIMEOUTS }

  async function connect(): Promise<Connection> {
    try {
      return new Connection(await take(), surroundings)
    } catch (error) {
      throw whileConnecting(error)
    }
  }

  return {
    // The part of the pool that Kysely needs.
    connect: connect as unknown as PostgresPool['connect'],
    options: pool.options as unknown as PostgresPool['options'],
    async query(text, values = []) {
      const connection = await connect()
      try {
        await connection.query(text, values)
      } finally {
        connection.release()
      }
    },
    stats: () => ({
      most: max,
      used: pool.totalCount - pool.idleCount,
      idle: pool.idleCount,
      waiting: pool.waitingCount,
    }),
    async end() {
      // A dead connection may never report its end.
      let cut: NodeJS.Timeout | undefined
      const late = new Promise<void>((resolve) => {
        cut = setTimeout(() => {
          sockets.cut()
          resolve()
        }, END_WITHIN)
      })
      await Promise.race([pool.end(), late])
      clearTimeout(cut)
    },
  }
}

function whileConnecting(error: unknown): unknown {
  if (refusesConnections(error)) return new DatabaseUnavailable('refused', error)
  return outageOf(error) || isClosedForNow(error) ? new DatabaseUnavailable('away', error) : error
}

const BEGINS = /^(begin|start transaction)\b/i
const ENDS = /^(commit|rollback)$/i
const COMMITS = /^commit$/i
const READS = /^select\b/i

/** The server had already ended the transaction. */
const IDLE_IN_TRANSACTION = '25P03'
/** `pg` already knew that the connection was unusable. */
const wasNeverSent = (error: unknown): boolean => / not queryable$/.test((error as Error).message)

interface Surroundings {
  /** Returns another client in place of a lost one. */
  readonly another: () => Promise<pg.PoolClient>
  /** Called when a client is lost. */
  readonly lost: () => void
  /** Whether repeated statements are prepared. */
  readonly prepares: boolean
}

/** A connection for Kysely: for one statement, or for one transaction. */
class Connection {
  #client: pg.PoolClient
  readonly #another: () => Promise<pg.PoolClient>
  readonly #lost: () => void
  readonly #prepares: boolean
  #inTransaction = false
  #broken: DatabaseUnavailable | null = null

  constructor(client: pg.PoolClient, { another, lost, prepares }: Surroundings) {
    this.#client = client
    this.#another = another
    this.#lost = lost
    this.#prepares = prepares
  }

  get processID(): number | undefined {
    return (this.#client as { processID?: number }).processID
  }

  async query(text: string, values: readonly unknown[] = []): Promise<pg.QueryResult> {
    if (this.#broken) throw this.#broken
    if (BEGINS.test(text)) this.#inTransaction = true
    try {
      return await this.#ask(this.#client, text, values)
    } catch (error) {
      const outage = outageOf(error)
      if (outage?.outage !== 'lost') throw outage ?? error
      this.#lost()
      this.#broken = this.#mayBeDone(text, error) ? new DatabaseUnavailable('uncertain', error) : outage
      // A single query has no effect besides its answer.
      if (this.#inTransaction || !READS.test(text)) throw this.#broken
      return this.#askAgain(text, values)
    } finally {
      if (ENDS.test(text)) this.#inTransaction = false
    }
  }

  /** Whether the server may have committed without confirming it. */
  #mayBeDone(text: string, error: unknown): boolean {
    if (wasNeverSent(error)) return false
    if (COMMITS.test(text)) return (error as pg.DatabaseError).code !== IDLE_IN_TRANSACTION
    return !this.#inTransaction && !READS.test(text) && !(error instanceof pg.DatabaseError)
  }

  async #askAgain(text: string, values: readonly unknown[]): Promise<pg.QueryResult> {
    const client = await this.#another().catch((error) => {
      throw whileConnecting(error)
    })
    this.#client.release(true)
    this.#client = client
    this.#broken = null
    try {
      return await this.#ask(client, text, values)
    } catch (error) {
      this.#broken = outageOf(error)
      throw this.#broken ?? error
    }
  }

  /** Outside of a transaction, the loser of a deadlock runs again. A transaction runs again as a whole, or not at all. */
  async #ask(client: pg.PoolClient, text: string, values: readonly unknown[]): Promise<pg.QueryResult> {
    const statement = { text, values: values as unknown[] }
    for (let tried = 1; ; tried++) {
      try {
        return await client.query(this.#prepares ? prepared(statement) : statement)
      } catch (error) {
        if (tried === TRIES || this.#inTransaction || !gaveWay(error)) throw error
      }
    }
  }

  release(discard = false): void {
    this.#client.release(this.#broken !== null || discard)
  }
}
