import type { FastifyRequest } from 'fastify'
import { invalidField } from '../../core/declare/errors.ts'
import type { AnyOperation } from '../../core/declare/operation.ts'
import { baseOf } from '../../core/run/base.ts'
import { shownName } from '../../core/run/bounds.ts'
import { fromText } from '../../core/run/input.ts'
import type { Answered, Particulars } from '../../core/run/pipeline.ts'
import { messages } from './messages.ts'

type Texts = Record<string, string | string[] | undefined>

/** Whether arguments outside of the path are in the query rather than in a body. */
export const takesQuery = ({ method }: Pick<AnyOperation, 'method'>): boolean => method === 'GET' || method === 'DELETE'

/** The input of an operation, from path, query and body, which must not contradict each other. */
export function inputFrom(operation: AnyOperation, request: FastifyRequest): Record<string, unknown> {
  const query = request.query as Texts
  const [stray] = Object.keys(query)
  if (stray !== undefined && !takesQuery(operation)) {
    throw messages.noQuery({ operation: operation.name, name: shownName(stray) })
  }
  const address: Record<string, unknown> = fromText(operation.input, request.params as Texts)
  return joined(joined(address, fromText(operation.input, query), 'query'), bodyOf(request), 'body')
}

function bodyOf({ body }: FastifyRequest): Record<string, unknown> {
  if (body === undefined || body === null) return {}
  if (typeof body !== 'object' || Array.isArray(body)) throw messages.noObject()
  return body as Record<string, unknown>
}

const DIFFERS = { query: messages.differsInQuery, body: messages.differsInBody, form: messages.differsInForm }

/** Merges both. Only the arguments of the address are compared: the rest can be of any size. */
export function joined(
  address: Record<string, unknown>,
  more: Record<string, unknown>,
  where: keyof typeof DIFFERS,
): Record<string, unknown> {
  for (const [key, value] of Object.entries(address)) {
    if (Object.hasOwn(more, key) && !isSame(more[key], value)) {
      throw invalidField(key, DIFFERS[where]({ value: shownName(JSON.stringify(value)) }))
    }
    // Safe for every name: an assignment to some, such as `__proto__`, sets no member.
    Object.defineProperty(more, key, { value, enumerable: true, configurable: true, writable: true })
  }
  return more
}

/** Many programs send numbers as text. */
const isSame = (sent: unknown, value: unknown): boolean =>
  sent === value || (typeof sent === 'string' && sent === String(value))

/**
 * The client's own key of the write (draft-ietf-httpapi-idempotency-key-header-07): a quoted string; a bare one is
 * accepted too.
 */
function idempotencyKey({ headers }: Pick<FastifyRequest, 'headers'>): string | undefined {
  const key = headers['idempotency-key']
  return typeof key === 'string' ? key.trim().replace(/^"(.*)"$/, '$1') : undefined
}

/** The headers of a request about a write: its key, its base, and the page that sends it. */
export function particularsOf(request: Pick<FastifyRequest, 'headers'>): Particulars {
  const { 'if-changes-since': since, 'trek-client': instance } = request.headers
  return {
    key: idempotencyKey(request),
    base: baseOf(since, 'If-Changes-Since'),
    instance: typeof instance === 'string' ? instance : undefined,
  }
}

/** The headers of an answer: whether it is repeated, and the base for the next write. */
export const answerHeaders = ({
  replay,
  seq,
}: Pick<Answered<AnyOperation>, 'replay' | 'seq'>): Record<string, string> => ({
  'cache-control': 'no-store',
  ...(replay && { 'idempotency-replayed': 'true' }),
  ...(seq !== null && { 'trek-seq': String(seq) }),
})
