import { classifyInboundRequest, type JSONRPCMessage, PROTOCOL_VERSION_META_KEY } from '@modelcontextprotocol/server'
import { isRequest } from './kinds.ts'
import { Refusal } from './refusal.ts'

/** The supported revisions with sessions, the preferred one first. */
export const SESSION_VERSIONS = ['2025-11-25', '2025-06-18', '2025-03-26']

/** The supported revisions without sessions. */
const STATELESS_VERSIONS = ['2026-07-28']

/** The only revision with batches. */
export const WITH_BATCHES = '2025-03-26'

const SPOKEN = [...STATELESS_VERSIONS, ...SESSION_VERSIONS]

/** The code of 2026-07-28; older revisions have none. */
const UNSUPPORTED_VERSION = -32_022

type Headers = Record<string, unknown>

const versionIn = (headers: Headers): string | undefined => {
  const version = headers['mcp-protocol-version']
  return version === undefined ? undefined : String(version)
}

const isStateless = (version: string): boolean => STATELESS_VERSIONS.includes(version)

/** Rejects an unsupported revision for a session. Without a header the session's own applies. */
export function checkSessionVersion(headers: Headers): void {
  const version = versionIn(headers)
  if (version === undefined || SESSION_VERSIONS.includes(version)) return
  throw isStateless(version)
    ? unsupported(version, `Version ${version} of the protocol has no sessions: ${AS_ANSWERED}`, SESSION_VERSIONS)
    : unsupported(version, noSuchVersion(version), SESSION_VERSIONS)
}

/**
 * Rejects a request of an unsupported revision, before the requirements of that revision are checked. `initialize`
 * negotiates the revision, so its header is ignored.
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
  // The SDK reports two that differ.
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

/** `supported` are the valid alternatives to the sent version. */
const unsupported = (
  requested: string,
  message: string,
  supported: readonly string[],
  id: string | number | null = null,
): Refusal =>
  new Refusal(400, UNSUPPORTED_VERSION, message, { id, data: { supported, requested: shortened(requested) } })

const shortened = (version: string): string => (version.length > 40 ? `${version.slice(0, 40)}…` : version)

const isInitialize = (body: JSONRPCMessage): boolean => isRequest(body) && body.method === 'initialize'

/** The revision in the message itself, or undefined. */
function claimOf(body: JSONRPCMessage): unknown {
  const { params } = body as { params?: { _meta?: Record<string, unknown> } }
  return params?._meta?.[PROTOCOL_VERSION_META_KEY]
}

/** The era of a message; `initialize` is reported separately. */
export function eraOf(headers: Headers, body: JSONRPCMessage): 'stateless' | 'initialize' | 'session' {
  const text = (name: string) => (typeof headers[name] === 'string' ? (headers[name] as string) : undefined)
  const version = text('mcp-protocol-version')
  const method = text('mcp-method')
  const name = text('mcp-name')
  const isOld = version === undefined || SESSION_VERSIONS.includes(version)
  // Most requests name no revision without sessions; the check in the SDK costs as much as a query.
  if (isOld && isRequest(body) && claimOf(body) === undefined && !isInitialize(body)) return 'session'
  // With `initialize`, an unknown version is ignored.
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
