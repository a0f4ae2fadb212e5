import { INVALID_REQUEST, PROTOCOL_VERSION_META_KEY } from '@modelcontextprotocol/server'
import { meantBy } from '../../core/run/meant.ts'
import { Refusal } from './refusal.ts'
import { LONGEST_URI } from './resources.ts'

/** Names and entries that one message may have, and how deep they may stand in each other. */
const MOST_PARTS = 1000
const DEEPEST = 30

/** No method, tool or prompt has a longer name. What is asked for is told again in some errors. */
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

/** The id of a request, where it could be read. */
export function idOf(message: unknown): { id: string | number | null } {
  const { id } = (message ?? {}) as Message
  const isText = typeof id === 'string' && id.length <= LONGEST_NAME
  return { id: isText || typeof id === 'number' ? id : null }
}

/**
 * Some programs send null for no arguments, or the arguments as JSON text. The message is changed, so that everybody after this
 * finds what was meant.
 */
export function settleArguments(message: unknown): void {
  const { params } = (message ?? {}) as Message
  if (typeof params !== 'object' || params === null || !Object.hasOwn(params, 'arguments')) return
  const { arguments: sent } = params
  const meant = typeof sent === 'string' ? meantBy(sent, 'object', sent.length) : sent
  if (meant === null || meant === '') delete params.arguments
  else params.arguments = meant
}

/**
 * Refuses a message that is too large for what it is, before the SDK takes it apart several times. The values of a tool's
 * arguments are not counted: the input of its operation says how large they may be.
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
    // The values of an object are only fetched when there are few: that takes longer than all else here.
    left -= Array.isArray(value) ? value.length : Object.keys(value).length
    if (left < 0 || depth > DEEPEST) return true
    return value !== args && Object.values(value).some((part) => isTooMuch(part, depth + 1))
  }
  return isTooMuch(message, 0)
    ? `The message has too many parts: at most ${MOST_PARTS}, and ${DEEPEST} inside of each other`
    : null
}
