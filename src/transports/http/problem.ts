import type { FastifyError, FastifyReply, FastifyRequest } from 'fastify'
import { ERRORS, type ErrorCode, shortageOf, TrekError } from '../../core/declare/errors.ts'
import { pathBelow } from '../../core/run/base-path.ts'
import { noted, notedBug } from './unexpected.ts'

/** An error as it leaves over HTTP (RFC 9457): the standard members, and the ones of every TREK error. */
export interface Problem {
  readonly type: string
  readonly title: string
  readonly status: number
  readonly detail: string
  readonly code: ErrorCode
  readonly [more: string]: unknown
}

export const PROBLEM_TYPE = 'application/problem+json'

const typeOf = (code: ErrorCode): string => `/api/docs#problem-${code}`

/** A problem as it leaves: its type is an address of ours, which a browser asks for below the base path. */
export const problemBelow = (publicUrl: string | null, problem: Problem): Problem => ({
  ...problem,
  type: pathBelow(publicUrl, problem.type),
})

export function problemOf(error: TrekError, status: number = ERRORS[error.code].status): Problem {
  const { code, message, ...more } = error.toJSON()
  return { type: typeOf(code), title: ERRORS[code].title, status, detail: message, code, ...more }
}

/** What the HTTP layer refuses by itself, by the status it gives; the sentences are ours. */
const REFUSALS: Record<number, { code: ErrorCode; detail: string; hint?: string }> = {
  400: { code: 'invalid', detail: 'The request could not be read' },
  403: { code: 'forbidden', detail: 'This address is not open to you' },
  404: { code: 'not_found', detail: 'There is nothing at this address' },
  405: { code: 'invalid', detail: 'This address does not take that method' },
  408: { code: 'invalid', detail: 'The request took too long to arrive' },
  413: { code: 'invalid', detail: 'The body is too large' },
  414: { code: 'invalid', detail: 'The address is too long' },
  415: { code: 'invalid', detail: 'The body has a type that is not taken here', hint: 'Send application/json.' },
  426: { code: 'invalid', detail: 'This address speaks WebSocket only', hint: 'Ask for an upgrade to websocket.' },
  431: { code: 'invalid', detail: 'The headers are too large' },
  503: { code: 'unavailable', detail: 'The server is not ready right now' },
}

/** The problem for something that HTTP itself rules out; `hint` replaces the usual one. */
export function refusal(status: number, more: { detail?: string; hint?: string } = {}): Problem {
  const known = REFUSALS[status] ?? REFUSALS[400]
  const { code, detail, hint } = { code: 'invalid' as ErrorCode, detail: '', ...known, ...more }
  return problemOf(new TrekError(code, detail, hint ? { hint } : {}), status)
}

const SAYINGS: Record<string, string> = {
  FST_ERR_CTP_INVALID_JSON_BODY: 'The body is not valid JSON',
  FST_ERR_CTP_EMPTY_JSON_BODY: 'The body is empty although it is said to be JSON',
  FST_ERR_CTP_INVALID_CONTENT_LENGTH: 'The body is not as long as Content-Length says',
  FST_ERR_BAD_URL: 'The address is not a valid URL path',
  FST_ERR_MAX_PARAM_LENGTH: 'A part of the address is too long',
}

const sizeOf = (bytes: number): string =>
  bytes < 1024 * 1024 ? `${Math.floor(bytes / 1024)} kB` : `${Math.floor(bytes / 1024 / 1024)} MB`

/** The problem for an error of any kind. What is not one of ours and not the client's fault is a bug: logged here, once. */
export function problemFor(error: unknown, request: FastifyRequest): Problem {
  const known = error instanceof TrekError ? error : shortageOf(error)
  if (known) return { ...problemOf(known), ...noted(known, request) }
  const { statusCode, code } = error as FastifyError
  if (statusCode && statusCode < 500) {
    const detail = SAYINGS[code] ?? (error instanceof SyntaxError ? 'The body is not valid JSON' : undefined)
    const hint = statusCode === 413 ? `Send at most ${sizeOf(request.routeOptions.bodyLimit)}.` : undefined
    return refusal(statusCode, { ...(detail && { detail }), ...(hint && { hint }) })
  }
  const said = notedBug(error, request, 'bug', { method: request.method, path: loggedPath(request) })
  const { id } = request
  const bug = new TrekError('bug', `Something went wrong on the server. It is in the log as ${id}.`)
  return { ...problemOf(bug), id, ...said }
}

/** Answers with a problem. A 401 says how to log in, a known wait is in `Retry-After` too. */
export function sendProblem(reply: FastifyReply, problem: Problem): FastifyReply {
  if (problem.retry_after !== undefined) reply.header('retry-after', Math.ceil(Number(problem.retry_after)))
  if (problem.status === 401 && !reply.hasHeader('www-authenticate')) reply.header('www-authenticate', 'Bearer')
  return reply
    .code(problem.status)
    .header('cache-control', 'no-store')
    .type(PROBLEM_TYPE)
    .serializer(JSON.stringify)
    .send(problemBelow(reply.server.publicUrl, problem))
}

/** The path without its query, which may hold secrets. */
export const pathOf = (request: FastifyRequest): string => request.url.split('?', 1)[0] as string

const NUMBER = /^\d{1,15}$/
const WORD = /^(\.?[a-z][a-z.-]{0,29})?$/

/** The same for logs: routes with the numbers in them, and plain words. Whatever else stands in an address may be a secret. */
export function loggedPath(request: FastifyRequest): string {
  const route = request.routeOptions.url
  const shown = (part = '') => (NUMBER.test(part) ? part : '[hidden]')
  if (route && !route.includes('*')) {
    const values = request.params as Record<string, string>
    return route.replace(/:(\w+)/g, (_, name) => shown(values[name]))
  }
  const parts = pathOf(request).split('/')
  return parts.map((part) => (WORD.test(part) ? part : shown(part))).join('/')
}
