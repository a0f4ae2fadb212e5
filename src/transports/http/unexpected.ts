import type { FastifyBaseLogger } from 'fastify'
import { reasonOf } from '../../core/data/troubles.ts'
import { ERRORS, type TrekError } from '../../core/declare/errors.ts'

/** What is needed of a request to find it in the log again. */
export interface Named {
  readonly id: string
  /** Each of its lines has the id of the request. */
  readonly log: FastifyBaseLogger
}

/** What is told of an error besides its words. */
export interface Noted {
  readonly request_id?: string
}

/** So many lines a minute say what could not be served: anybody can ask while a database is away. */
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
 * Nobody expects an outage, so the answer names the request by which the administrator finds it in the log. Other errors are told as they
 * are, and are not in the log.
 */
export function noted(error: TrekError, request: Named): Noted {
  if (ERRORS[error.code].status < 500) return {}
  noteOutage(request, error)
  return { request_id: request.id }
}

/** The same for a bug, which is logged with all that is known of it. */
export function notedBug(error: unknown, { id, log }: Named, says: string, details: object = {}): Noted {
  log.error({ err: error, ...details }, says)
  return { request_id: id }
}
