import { randomUUID } from 'node:crypto'
import { ProtocolError, ProtocolErrorCode } from '@modelcontextprotocol/server'
import { shortageOf, TrekError } from '../../core/declare/errors.ts'
import type { Visit } from './parts.ts'

type ErrorJson = ReturnType<TrekError['toJSON']>

/** What is told of an error. A bug is logged, once, and told only as the id it has in the log. */
export function told(error: unknown, { log }: Pick<Visit, 'log'>, doing: string): ErrorJson {
  const known = error instanceof TrekError ? error : shortageOf(error)
  if (known) return known.toJSON()
  const incident = randomUUID()
  log.error({ err: error, incident, doing }, 'a request over MCP failed')
  return {
    code: 'bug',
    message: `Something went wrong on the server; it is in the log as ${incident}`,
    hint: 'Nothing was changed. Tell the person; trying the very same thing again will hardly help.',
    details: { incident },
  }
}

/** An error in words for a model: what is wrong, where, and what to do next. */
export function inWords({ message, issues = [], hint, retry_after, details }: ErrorJson): string {
  const unsaid = issues.filter((issue) => !message.includes(issue.message))
  return [
    message,
    ...unsaid.map((issue) => `- ${issue.path} ${issue.message}`),
    ...(details ? [JSON.stringify(details)] : []),
    ...(hint ? [hint] : []),
    ...(retry_after === undefined ? [] : [`Try again in ${retry_after} seconds.`]),
  ].join('\n')
}

/** The error as a JSON-RPC error, for what has no other way to say that it failed. */
export function asProtocolError(
  error: unknown,
  visit: Pick<Visit, 'log'>,
  doing: string,
  particulars: Record<string, unknown> = {},
): ProtocolError {
  if (error instanceof ProtocolError) return error
  const json = told(error, visit, doing)
  const code = json.code === 'bug' ? ProtocolErrorCode.InternalError : ProtocolErrorCode.InvalidParams
  const message = json.hint ? `${json.message}. ${json.hint}` : json.message
  return new ProtocolError(code, message, { ...json, ...particulars })
}
