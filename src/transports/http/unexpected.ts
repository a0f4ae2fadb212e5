import type { FastifyBaseLogger } from 'fastify'
import { reasonOf } from '../../core/data/troubles.ts'
import { ERRORS, type TrekError } from '../../core/declare/errors.ts'

/** Identifies a request in the log. */
export interface Named {
  readonly id: string
  /** Each of its lines contains the id of the request. */
  readonly log: FastifyBaseLogger
}

/** Additions to an error answer. */
export interface Noted {
  readonly request_id?: string
}

/** The most log lines of outages per minute: anybody can send requests while a database is away. */
const MOST_LINES = 100
const MINUTE_MS = 60_000

let began = Number.NEGATIVE_INFINITY
let lines = 0

function noteOutage({ log }: Named, error: TrekError): void {
  const now = performance.now()
  if (now - began > MINUTE_MS) [began, lines] = [now, 0]
  if (++lines > MOST_LINES) return
  const reason = reasonOf(error)
  const more = lines === MOST_LINES && { more: 'Further lines like this one are left out for a minute.' }
  log.warn({ code: error.code, ...(reason !== error.message && { reason }), ...more }, error.message)
}

/**
 * Logs an outage, and returns the request id for the answer, so that the administrator finds it in the log. Other
 * errors are expected and not logged.
 */
export function noted(error: TrekError, request: Named): Noted {
  if (ERRORS[error.code].status < 500) return {}
  noteOutage(request, error)
  return { request_id: request.id }
}

/** The same for a bug, which is logged with all details. */
export function notedBug(error: unknown, { id, log }: Named, says: string, details: object = {}): Noted {
  log.error({ err: error, ...details }, says)
  return { request_id: id }
}
