import { DatabaseUnavailable } from '../core/data/database.ts'

/** A lock was not available in time, or a statement took too long (PostgreSQL, appendix A). */
const BUSY = new Set(['55P03', '57014'])

/**
 * The server is stopping, starting or full, or it is a read-only standby: reconnect. Class 08 contains connection
 * exceptions, class 53 insufficient resources.
 */
const LOST = new Set(['57P01', '57P02', '57P03', '57P05', '25P03', '25006'])

/**
 * The prepared statements of the connection are outdated: a migration has changed a table (`cached plan must not change
 * result type`), or a proxy has changed the server behind it. A new connection has none.
 */
const isOutdated = (code: string, message: string): boolean =>
  code === '26000' || (code === '0A000' && message.startsWith('cached plan'))

const DISK_FULL = '53100'

const UNREACHABLE = new Set([
  'ECONNREFUSED',
  'ECONNRESET',
  'ECONNABORTED',
  'EPIPE',
  'ETIMEDOUT',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'ENETDOWN',
  'EHOSTDOWN',
  'ENOTFOUND',
  'EAI_AGAIN',
])

/** Errors of `pg` without a code. */
const SAYS_LOST =
  /^(Connection terminated|Query read timeout|timeout exceeded when trying to connect|timeout expired|Client has encountered a connection error|Client was closed)/

/** Whether a connection failed for a permanent reason: the password, the rights, or the name of the database. */
export const refusesConnections = (error: unknown): boolean =>
  /^(28|3D|42)\w{3}$/.test((error as { code?: string }).code ?? '')

/** Whether the database accepts no connections at the moment (`allow_connections`, SQLSTATE 55000). */
export const isClosedForNow = (error: unknown): boolean => (error as { code?: string }).code === '55000'

/** Whether a row breaks a constraint of the schema (class 23). */
export const breaksConstraint = (error: unknown): boolean => /^23\w{3}$/.test((error as { code?: string }).code ?? '')

/** The number of attempts of work that left no effect. */
export const TRIES = 4

/** Whether a write failed only because of a concurrent one, and left no effect: a deadlock or a serialization failure. */
export const gaveWay = (error: unknown): boolean => ['40P01', '40001'].includes((error as { code?: string }).code ?? '')

/** The error as a `DatabaseUnavailable`, or null if the state of the server or the connection is not the reason. */
export function outageOf(error: unknown): DatabaseUnavailable | null {
  if (error instanceof DatabaseUnavailable) return error
  // Node tries each address of a name and throws the errors of all of them.
  if (error instanceof AggregateError) return outageOf(error.errors[0])
  const { code = '', message = '' } = (error ?? {}) as { code?: string; message?: string }
  if (code === DISK_FULL) return new DatabaseUnavailable('full', error)
  if (BUSY.has(code)) return new DatabaseUnavailable('busy', error)
  const lost =
    LOST.has(code) ||
    UNREACHABLE.has(code) ||
    /^(08|53)\w{3}$/.test(code) ||
    SAYS_LOST.test(message) ||
    isOutdated(code, message)
  return lost ? new DatabaseUnavailable('lost', error) : null
}
