import type { FastifyError, FastifyReply, FastifyRequest } from 'fastify'
import { ERRORS, type ErrorCode, TrekError } from '../../core/declare/errors.ts'
import type { Message } from '../../core/declare/message.ts'
import { pathBelow } from '../../core/run/base-path.ts'
import { shortageOf } from '../../core/run/shortage.ts'
import { messages } from './messages.ts'
import { noted, notedBug } from './unexpected.ts'

/** An error in HTTP form (RFC 9457): the standard members, and those of every TREK error. */
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

/** A problem to be sent: its type becomes a URL below the base path, where browsers find it. */
export const problemBelow = (publicUrl: string | null, problem: Problem): Problem => ({
  ...problem,
  type: pathBelow(publicUrl, problem.type),
})

export function problemOf(error: TrekError, status: number = ERRORS[error.code].status): Problem {
  const { code, message, ...more } = error.toJSON()
  return { type: typeOf(code), title: ERRORS[code].title, status, detail: message, code, ...more }
}

/** The errors of the HTTP layer, by status. */
const REFUSALS: Record<number, { code: ErrorCode; message: () => Message }> = {
  400: { code: 'invalid', message: messages.unreadable },
  403: { code: 'forbidden', message: messages.closed },
  404: { code: 'not_found', message: messages.nothingThere },
  408: { code: 'invalid', message: messages.tooSlow },
  413: { code: 'invalid', message: messages.bodyTooLarge },
  414: { code: 'invalid', message: messages.addressTooLong },
  415: { code: 'invalid', message: messages.wrongType },
  426: { code: 'invalid', message: messages.onlyWebSocket },
  431: { code: 'invalid', message: messages.headersTooLarge },
  503: { code: 'unavailable', message: messages.notReady },
}

const UNREADABLE = { code: 'invalid', message: messages.unreadable } as const

/** The problem for an error of the HTTP layer; a message replaces the default one. */
export function refusal(status: number, message?: Message): Problem {
  const usual = REFUSALS[status] ?? UNREADABLE
  return problemOf(new TrekError(usual.code, message ?? usual.message()), status)
}

const MALFORMED: Record<string, () => Message> = {
  FST_ERR_CTP_INVALID_JSON_BODY: messages.noJson,
  FST_ERR_CTP_EMPTY_JSON_BODY: messages.emptyJson,
  FST_ERR_CTP_INVALID_CONTENT_LENGTH: messages.wrongLength,
  FST_ERR_BAD_URL: messages.wrongPath,
  FST_ERR_MAX_PARAM_LENGTH: messages.partTooLong,
}

const sizeOf = (bytes: number): string =>
  bytes < 1024 * 1024 ? `${Math.floor(bytes / 1024)} kB` : `${Math.floor(bytes / 1024 / 1024)} MB`

/** The problem for any error. An error that is not ours and not the client's fault is a bug: logged here, once. */
export function problemFor(error: unknown, request: FastifyRequest): Problem {
  const refused = error instanceof TrekError ? error : shortageOf(error)
  if (refused) return { ...problemOf(refused), ...noted(refused, request) }
  const { statusCode, code } = error as FastifyError
  if (statusCode && statusCode < 500) {
    if (statusCode === 413)
      return refusal(413, messages.bodyOverLimit({ size: sizeOf(request.routeOptions.bodyLimit) }))
    const malformed = MALFORMED[code] ?? (error instanceof SyntaxError ? messages.noJson : undefined)
    return refusal(statusCode, malformed?.())
  }
  const logged = notedBug(error, request, 'bug', { method: request.method, path: loggedPath(request) })
  const { id } = request
  return { ...problemOf(messages.bug({ id })), id, ...logged }
}

/** Answers with a problem. A 401 names the authentication scheme; a known wait is also in `Retry-After`. */
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

/** The path without its query, which can contain secrets. */
export const pathOf = (request: FastifyRequest): string => request.url.split('?', 1)[0] as string

const NUMBER = /^\d{1,15}$/
const WORD = /^(\.?[a-z][a-z.-]{0,29})?$/

/**
 * The path for logs: route patterns with numbers filled in, and plain words. Other parts of an address can be secrets.
 */
export function loggedPath(request: FastifyRequest): string {
  const route = request.routeOptions.url
  const numberOrHidden = (part = '') => (NUMBER.test(part) ? part : '[hidden]')
  if (route && !route.includes('*')) {
    const values = request.params as Record<string, string>
    return route.replace(/:(\w+)/g, (_, name) => numberOrHidden(values[name]))
  }
  const parts = pathOf(request).split('/')
  return parts.map((part) => (WORD.test(part) ? part : numberOrHidden(part))).join('/')
}
