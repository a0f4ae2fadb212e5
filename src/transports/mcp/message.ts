import {
  INVALID_REQUEST,
  type JSONRPCMessage,
  PROTOCOL_VERSION_META_KEY,
  type RequestId,
} from '@modelcontextprotocol/server'
import { meantBy } from '../../core/run/meant.ts'
import { ONE_AT_A_TIME } from './batch.ts'
import { plainParams } from './params.ts'
import { Refusal } from './refusal.ts'
import { LONGEST_URI } from './resources.ts'

/** The most names and entries of one message, and the deepest nesting. */
const MOST_PARTS = 1000
const DEEPEST = 30

/** No method, tool or prompt has a longer name. Some errors repeat the requested name. */
const LONGEST_NAME = 200

interface Message {
  readonly id?: unknown
  readonly method?: unknown
  readonly params?: {
    readonly name?: unknown
    readonly uri?: unknown
    arguments?: unknown
    readonly protocolVersion?: unknown
    readonly _meta?: { readonly [PROTOCOL_VERSION_META_KEY]?: unknown } | null
  } | null
}

/** The id of a request, if it could be read. */
export function idOf(message: unknown): { id: string | number | null } {
  const { id } = (message ?? {}) as Message
  const isText = typeof id === 'string' && id.length <= LONGEST_NAME
  return { id: isText || typeof id === 'number' ? id : null }
}

/**
 * Parses a JSON-RPC message, or throws a readable refusal. Null parameters and unknown members are dropped: libraries
 * send both.
 */
export function understood(sent: unknown): JSONRPCMessage {
  if (Array.isArray(sent)) throw notAMessage(ONE_AT_A_TIME)
  if (typeof sent !== 'object' || sent === null) throw notAMessage('Send one JSON-RPC message, which is a JSON object')
  const { jsonrpc, id, method, params, result, error } = sent as Record<string, unknown>
  const refused = (problem: string) => notAMessage(problem, idOf(sent))
  if (jsonrpc !== '2.0') throw refused('This is no JSON-RPC message: jsonrpc must be "2.0"')
  const isId = (typeof id === 'string' && id.length <= LONGEST_NAME) || Number.isSafeInteger(id)
  if (method === undefined) {
    if (isObject(result) && isId) return { jsonrpc, id, result } as JSONRPCMessage
    if (isObject(error) && (isId || id === null)) return { jsonrpc, ...(isId && { id }), error } as JSONRPCMessage
    throw refused(
      'This is no JSON-RPC message: a request has a method, and an answer has an id and a result or an error',
    )
  }
  if (typeof method !== 'string') throw refused('method must be a text')
  if (id !== undefined && !isId) throw refused('id must be a text or a whole number; a notification has none')
  const plain = params === undefined || params === null ? undefined : plainParams(method, params, id as RequestId)
  return { jsonrpc, ...(id !== undefined && { id }), method, ...(plain && { params: plain }) } as JSONRPCMessage
}

const isObject = (value: unknown): value is object =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

export const notAMessage = (problem: string, id = idOf(null)) => new Refusal(400, INVALID_REQUEST, problem, id)

/** Some programs send null for no arguments, or the arguments as JSON text. This normalises the message in place. */
export function normaliseArguments(message: unknown): void {
  const { params } = (message ?? {}) as Message
  if (typeof params !== 'object' || params === null || !Object.hasOwn(params, 'arguments')) return
  const { arguments: sent } = params
  const meant = typeof sent === 'string' ? meantBy(sent, 'object', sent.length) : sent
  if (meant === null || meant === '') delete params.arguments
  else params.arguments = meant
}

/**
 * Rejects an oversized message before the SDK parses it several times. The values of a tool's arguments are not
 * counted: the input of its operation limits them.
 */
export function refuseSprawling(message: unknown): void {
  const { id, method, params } = (message ?? {}) as Message
  const problem =
    tooLong('id', id, LONGEST_NAME) ??
    tooLong('method', method, LONGEST_NAME) ??
    tooLong('params.name', params?.name, LONGEST_NAME) ??
    tooLong('protocolVersion', params?.protocolVersion, LONGEST_NAME) ??
    tooLong(PROTOCOL_VERSION_META_KEY, params?._meta?.[PROTOCOL_VERSION_META_KEY], LONGEST_NAME) ??
    tooLong('params.uri', params?.uri, LONGEST_URI) ??
    sprawl(message, params?.arguments)
  if (problem) throw new Refusal(400, INVALID_REQUEST, problem, idOf(message))
}

const tooLong = (what: string, value: unknown, most: number): string | null =>
  typeof value === 'string' && value.length > most ? `${what} is too long: at most ${most} characters` : null

function sprawl(message: unknown, args: unknown): string | null {
  let left = MOST_PARTS
  const isTooMuch = (value: unknown, depth: number): boolean => {
    if (typeof value !== 'object' || value === null) return false
    // Fetches the values of an object only if there are few: that is the slowest part here.
    left -= Array.isArray(value) ? value.length : Object.keys(value).length
    if (left < 0 || depth > DEEPEST) return true
    return value !== args && Object.values(value).some((part) => isTooMuch(part, depth + 1))
  }
  return isTooMuch(message, 0)
    ? `The message has too many parts: at most ${MOST_PARTS}, and ${DEEPEST} inside of each other`
    : null
}
