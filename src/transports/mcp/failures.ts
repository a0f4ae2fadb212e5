import { ProtocolError, ProtocolErrorCode } from '@modelcontextprotocol/server'
import { TrekError } from '../../core/declare/errors.ts'
import { shortageOf } from '../../core/run/shortage.ts'
import { type Named, type Noted, noted, notedBug } from '../http/unexpected.ts'
import { messages } from './messages.ts'

type ErrorJson = ReturnType<TrekError['toJSON']> & Noted

/** The reported form of an error. A bug is logged once, and reported only by its id in the log. */
export function errorJson(error: unknown, { request }: { readonly request: Named }, doing: string): ErrorJson {
  const refused = error instanceof TrekError ? error : shortageOf(error)
  if (refused) return { ...refused.toJSON(), ...noted(refused, request) }
  const logged = notedBug(error, request, 'a request over MCP failed', { doing })
  const incident = request.id
  return { ...messages.bug({ incident }, { details: { incident } }).toJSON(), ...logged }
}

/** An error as text for a model: what is wrong, where, and what to do next. */
export function inWords({ message, issues = [], hint, retry_after, details, request_id }: ErrorJson): string {
  const unsaid = issues.filter((issue) => !message.includes(issue.message))
  return [
    message,
    ...unsaid.map((issue) => `- ${issue.path} ${issue.message}`),
    ...(details ? [JSON.stringify(details)] : []),
    ...(hint ? [hint] : []),
    ...(retry_after === undefined ? [] : [`Try again in ${retry_after} seconds.`]),
    ...(request_id === undefined || message.includes(request_id) ? [] : [requestNamed(request_id)]),
  ].join('\n')
}

/** Names the request, so that a person can find it in the log. */
const requestNamed = (id: string): string => `(request ${id})`

/** An error in one line: what is wrong, what to do next, and the request. */
export function inOneLine({ message, hint, request_id }: Pick<ErrorJson, 'message' | 'hint' | 'request_id'>): string {
  const sentence = hint ? `${message}. ${hint}` : message
  return request_id === undefined || message.includes(request_id) ? sentence : `${sentence} ${requestNamed(request_id)}`
}

/** The error as a JSON-RPC error, for methods whose result cannot express a failure. */
export function asProtocolError(
  error: unknown,
  mcpRequest: { readonly request: Named },
  doing: string,
  particulars: Record<string, unknown> = {},
): ProtocolError {
  if (error instanceof ProtocolError) return error
  const json = errorJson(error, mcpRequest, doing)
  const code = json.code === 'bug' ? ProtocolErrorCode.InternalError : ProtocolErrorCode.InvalidParams
  return new ProtocolError(code, inOneLine(json), { ...json, ...particulars })
}
