import { classifyInboundRequest, type JSONRPCMessage, PROTOCOL_VERSION_META_KEY } from '@modelcontextprotocol/server'
import { isRequest } from './kinds.ts'
import { Refusal } from './refusal.ts'

/** The revisions with sessions that are spoken here, the preferred one first. */
export const SESSION_VERSIONS = ['2025-11-25', '2025-06-18', '2025-03-26']

/** The revisions without. */
const STATELESS_VERSIONS = ['2026-07-28']

/** The one revision that has batches. */
export const WITH_BATCHES = '2025-03-26'

const SPOKEN = [...STATELESS_VERSIONS, ...SESSION_VERSIONS]

/** What 2026-07-28 has for it; the older revisions have no code of their own. */
const UNSUPPORTED_VERSION = -32_022

type Headers = Record<string, unknown>

const versionIn = (headers: Headers): string | undefined => {
  const version = headers['mcp-protocol-version']
  return version === undefined ? undefined : String(version)
}

const isStateless = (version: string): boolean => STATELESS_VERSIONS.includes(version)

/** Refuses a revision that is not spoken in sessions. One that is left out is the session's. */
export function checkSessionVersion(headers: Headers): void {
  const version = versionIn(headers)
  if (version === undefined || SESSION_VERSIONS.includes(version)) return
  throw isStateless(version)
    ? unsupported(version, `Version ${version} of the protocol has no sessions: ${AS_ANSWERED}`, SESSION_VERSIONS)
    : unsupported(version, noSuchVersion(version), SESSION_VERSIONS)
}

/**
 * Refuses a request of a revision that is not spoken here, before anybody looks for what that revision would need. What
 * `initialize` asks for is negotiated, so that a header beside it says nothing.
 */
export function checkVersion(headers: Headers, body: JSONRPCMessage): void {
  const header = versionIn(headers)
  const claimed = claimOf(body)
  const id = 'id' in body ? (body.id ?? null) : null
  if (claimed === undefined) {
    if (header === undefined || SPOKEN.includes(header) || isInitialize(body)) return
    throw unsupported(header, noSuchVersion(header), SPOKEN, id)
  }
  if (typeof claimed !== 'string') throw unsupported(String(claimed), NO_TEXT, STATELESS_VERSIONS, id)
  // Two that differ are told by the SDK.
  if (header !== undefined && header !== claimed && SPOKEN.includes(header)) return
  if (isStateless(claimed)) return
  const problem = SPOKEN.includes(claimed)
    ? `Version ${claimed} of the protocol is spoken in sessions: send initialize, and no version in _meta. ${SPEAKS}`
    : noSuchVersion(claimed)
  throw unsupported(claimed, problem, STATELESS_VERSIONS, id)
}

const SPEAKS = `This server speaks ${SPOKEN.join(', ')}`
const NO_TEXT = `_meta["${PROTOCOL_VERSION_META_KEY}"] must be a text that names a version of the protocol. ${SPEAKS}`
const AS_ANSWERED = 'leave out Mcp-Session-Id, or send MCP-Protocol-Version as initialize answered it'

const noSuchVersion = (version: string): string =>
  `There is no version ${JSON.stringify(shortened(version))} of the protocol here. ${SPEAKS}`

/** `supported` are those that could stand where this one stood. */
const unsupported = (
  requested: string,
  message: string,
  supported: readonly string[],
  id: string | number | null = null,
): Refusal =>
  new Refusal(400, UNSUPPORTED_VERSION, message, { id, data: { supported, requested: shortened(requested) } })

const shortened = (version: string): string => (version.length > 40 ? `${version.slice(0, 40)}…` : version)

const isInitialize = (body: JSONRPCMessage): boolean => isRequest(body) && body.method === 'initialize'

/** The revision that a message names for itself; undefined where it names none. */
function claimOf(body: JSONRPCMessage): unknown {
  const { params } = body as { params?: { _meta?: Record<string, unknown> } }
  return params?._meta?.[PROTOCOL_VERSION_META_KEY]
}

/** Which era a message belongs to; `initialize` among the older ones is told apart. */
export function eraOf(headers: Headers, body: JSONRPCMessage): 'stateless' | 'initialize' | 'session' {
  const text = (name: string) => (typeof headers[name] === 'string' ? (headers[name] as string) : undefined)
  const version = text('mcp-protocol-version')
  const method = text('mcp-method')
  const name = text('mcp-name')
  const isOld = version === undefined || SESSION_VERSIONS.includes(version)
  // Most requests say nothing of a revision without sessions; to have the SDK find that out costs as much as a query.
  if (isOld && isRequest(body) && claimOf(body) === undefined && !isInitialize(body)) return 'session'
  // Beside `initialize`, a version that there is not says nothing.
  const isHeard = version !== undefined && (SPOKEN.includes(version) || !isInitialize(body))
  const route = classifyInboundRequest({
    httpMethod: 'POST',
    body,
    ...(isHeard && { protocolVersionHeader: version }),
    ...(method !== undefined && { mcpMethodHeader: method }),
    ...(name !== undefined && { mcpNameHeader: name }),
  })
  if (route.kind !== 'legacy') return 'stateless'
  return route.reason === 'initialize' ? 'initialize' : 'session'
}
