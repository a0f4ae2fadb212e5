import i18next from 'i18next'
import type { z } from 'zod'
import type { ErrorCode, Issue } from '../core/declare/errors.ts'
import type { Params } from '../core/declare/message.ts'
import type { AnyOperation, Output } from '../core/declare/operation.ts'
import type { AnyRoute } from '../core/declare/route.ts'
import { newUuid } from '../core/declare/uuid.ts'
import { pathOf } from './base-path.ts'
import { hintOf, textOf } from './message.ts'

/** An operation or route that the app can call. */
type Callable = AnyOperation | AnyRoute

/** Its input before defaults are filled in. */
export type InputOf<C extends Callable> = z.input<C['input']>

/** An error response (RFC 9457). */
interface Problem {
  readonly code: ErrorCode
  readonly detail: string
  readonly key: string
  readonly params: Params
  readonly hint: string
  readonly issues: readonly Issue[]
  readonly details: Record<string, unknown>
  /** For unexpected errors: the request id in the log of the server. */
  readonly request_id: string
}

/** An error: a refusal of the server, or `unreachable` if there was no answer. */
export class CallError extends Error {
  override readonly name = 'CallError'
  readonly code: ErrorCode | 'unreachable'
  readonly hint: string | undefined
  readonly issues: readonly Issue[]
  readonly details: Record<string, unknown>

  constructor(problem: {
    code: ErrorCode | 'unreachable'
    message: string
    hint?: string
    issues?: readonly Issue[]
    details?: Record<string, unknown>
  }) {
    super(problem.message)
    this.code = problem.code
    this.hint = problem.hint
    this.issues = problem.issues ?? []
    this.details = problem.details ?? {}
  }
}

/** The reason of an error, as a text for people. */
export const reasonOf = (error: unknown): string =>
  error instanceof CallError ? error.message : i18next.t('error.unexpected')

/** The path of the server's operations. */
export const API = '/api'

interface Request {
  readonly method: string
  readonly url: string
  readonly body: string | null
}

/** The HTTP request for an operation or a route and its input: path parameters first, the rest in query or body. */
export function requestFor(callable: Callable, input: Record<string, unknown>): Request {
  const root = pathOf(callable.kind === 'route' ? '' : API)
  const rest: Record<string, unknown> = { ...input }
  const path = callable.path.replace(/:(\w+)/g, (_, name: string) => {
    const value = rest[name]
    delete rest[name]
    return encodeURIComponent(String(value))
  })
  if (callable.method !== 'GET') return { method: callable.method, url: root + path, body: JSON.stringify(rest) }
  const query = new URLSearchParams()
  for (const [key, value] of Object.entries(rest)) {
    if (value !== undefined && value !== null) query.set(key, Array.isArray(value) ? value.join(',') : String(value))
  }
  const search = query.size ? `?${query}` : ''
  return { method: 'GET', url: root + path + search, body: null }
}

/** The id of this page in the change log, by which it recognises its own changes. */
const PAGE = newUuid()

/** Options of a write besides its input. */
export interface Particulars {
  /** The id that identifies the write, here and on the server; a retry has the same one. */
  readonly commit?: string | undefined
  /** The state it is based on, from `SpaceRows.base`. */
  readonly base?: string | undefined
}

/** A write that the server has carried out for this page. */
export interface Write {
  readonly operation: AnyOperation
  readonly input: Readonly<Record<string, unknown>>
  readonly commit: string
}

const writes = new WeakMap<object, Write>()
const listeners = new Set<(write: Write) => void>()
const unanswered = new Set<Promise<unknown>>()

/** The write that this object is the answer to. */
export const writeOf = (answer: object): Write | undefined => writes.get(answer)

/** Waits for the answers to all writes that this page has sent. */
export const writesAnswered = async (): Promise<void> => void (await Promise.allSettled(unanswered))

/** Calls `listener` after every write of this page. */
export function onWrite(listener: (write: Write) => void): void {
  listeners.add(listener)
}

/** Calls the server as the logged-in person. */
export async function call<C extends Callable>(
  callable: C,
  input: InputOf<C>,
  particulars?: Particulars,
): Promise<Output<C>> {
  const values = input as Record<string, unknown>
  const { method, url, body } = requestFor(callable, values)
  if (callable.kind === 'route' || callable.effect === 'read') {
    return (await send(method, url, body, particulars)) as Output<C>
  }
  const commit = particulars?.commit ?? newUuid()
  const sent = send(method, url, body, { ...particulars, commit })
  unanswered.add(sent)
  const answer = (await sent.finally(() => unanswered.delete(sent))) as Output<C>
  const write: Write = { operation: callable, input: values, commit }
  writes.set(answer as object, write)
  for (const listener of listeners) listener(write)
  return answer
}

/** Sends a request to our own server; every refusal and every failure becomes a CallError. */
export async function send(
  method: string,
  url: string,
  body: string | null,
  { commit, base }: Particulars = {},
): Promise<unknown> {
  const response = await fetch(url, {
    method,
    credentials: 'same-origin',
    headers: {
      accept: 'application/json',
      ...(body !== null && { 'content-type': 'application/json' }),
      ...(method !== 'GET' && { 'trek-client': PAGE }),
      ...(commit && { 'idempotency-key': `"${commit}"` }),
      ...(base && { 'if-changes-since': base }),
    },
    body,
  }).catch(() => {
    throw new CallError({ code: 'unreachable', message: i18next.t('error.unreachable') })
  })
  const answer: unknown = await response.json().catch(() => null)
  if (response.ok) return answer
  throw troubleIn(response.status, answer)
}

/** The error of an answer. */
export function troubleIn(status: number, answer: unknown): CallError {
  const { code, detail, key = '', params, hint, issues, details, request_id } = (answer ?? {}) as Partial<Problem>
  const sentence = detail === undefined ? i18next.t('error.noReason') : textOf({ key, params, text: detail })
  const isNamed = !request_id || sentence.includes(request_id)
  return new CallError({
    code: code ?? (status === 401 ? 'unauthenticated' : 'bug'),
    message: isNamed ? sentence : i18next.t('error.request', { message: sentence, id: request_id }),
    ...(hint && { hint: hintOf({ key, params, text: hint }) }),
    ...(issues && { issues: issues.map((one) => ({ ...one, message: textOf({ ...one, text: one.message }) })) }),
    ...(details && { details }),
  })
}
