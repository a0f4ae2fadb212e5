import {
  ProtocolError,
  ProtocolErrorCode,
  Server,
  type ServerCapabilities,
  type ServerContext,
} from '@modelcontextprotocol/server'
import { asProtocolError } from './failures.ts'
import type { FixtureContext } from './fixtures.ts'
import { instructionsFor } from './instructions.ts'
import { messages } from './messages.ts'
import type { Outflows } from './outflow.ts'
import type { McpRequest } from './parts.ts'
import { complete, getPrompt, listPrompts } from './prompts.ts'
import { MOST_FOLLOWED, ResourceSubscription } from './resource-subscription.ts'
import type { ResourceRegistry } from './resources.ts'
import type { Session, Sessions } from './sessions.ts'
import type { Subscribers } from './subscribers.ts'
import { callTool, type ToolList } from './tools.ts'
import { SESSION_VERSIONS } from './versions.ts'

/** How long a client can cache a list; it is notified of changes. */
export const LASTING = { ttlMs: 60_000, cacheScope: 'private' } as const
const FLEETING = { ttlMs: 0, cacheScope: 'private' } as const

/** Shared by all requests. */
export interface McpServices {
  readonly tools: ToolList
  readonly registry: ResourceRegistry
  readonly sessions: Sessions
  readonly subscribers: Subscribers
  readonly outflows: Outflows
}

/** Receives the serialised answer to `tools/list`. */
export interface ListedTools {
  tools: Buffer | null
}

export const serverInfo = (version: string) => ({ name: 'TREK', version })

/** A server for one request. It is cheap, and nothing of it outlives the answer. */
export function serverFor(
  mcpRequest: McpRequest,
  services: McpServices,
  session: Session | null,
  listing: ListedTools,
): Server {
  const server = new Server(serverInfo(mcpRequest.parts.version), {
    capabilities: capabilitiesFor(mcpRequest),
    // A session got them when it was opened.
    ...(!session && { instructions: instructionsFor(mcpRequest) }),
    ...(mcpRequest.era === 'sessions' && { supportedProtocolVersions: SESSION_VERSIONS }),
    cacheHints: {
      'server/discover': LASTING,
      'tools/list': LASTING,
      'prompts/list': LASTING,
      'resources/list': LASTING,
      'resources/templates/list': LASTING,
      'resources/read': FLEETING,
    },
  })
  const contextOf = (context: ServerContext): FixtureContext => ({
    server: context,
    listsChanged: () => services.subscribers.listsChanged(),
  })

  server.setRequestHandler('tools/list', ({ params }) => {
    refuseCursor(params)
    listing.tools = services.tools.for(mcpRequest)
    return { tools: [] }
  })
  server.setRequestHandler('tools/call', ({ params }, context) => callTool(mcpRequest, params, contextOf(context)))
  server.setRequestHandler('resources/list', ({ params }) => {
    refuseCursor(params)
    return { resources: services.registry.list(mcpRequest) }
  })
  server.setRequestHandler('resources/templates/list', ({ params }) => {
    refuseCursor(params)
    return { resourceTemplates: services.registry.templates(mcpRequest) }
  })
  server.setRequestHandler('resources/read', ({ params }) => services.registry.read(mcpRequest, params.uri))
  server.setRequestHandler('prompts/list', ({ params }) => {
    refuseCursor(params)
    return { prompts: listPrompts(mcpRequest) }
  })
  server.setRequestHandler('prompts/get', ({ params }, context) =>
    getPrompt(mcpRequest, params.name, params.arguments ?? {}, contextOf(context)),
  )
  server.setRequestHandler('completion/complete', ({ params }) =>
    complete(mcpRequest, services.registry, params.ref, params.argument),
  )
  if (session) handleSession(server, mcpRequest, services, session)
  return server
}

/** Methods that exist only with sessions. */
function handleSession(
  server: Server,
  mcpRequest: McpRequest,
  { sessions, registry }: McpServices,
  session: Session,
): void {
  server.setRequestHandler('logging/setLevel', async ({ params }) => {
    await sessions.setLogLevel(session.id, params.level)
    return {}
  })
  server.setRequestHandler('resources/subscribe', async ({ params: { uri } }) => {
    try {
      if ((await sessions.subscriptions(session.id)).size >= MOST_FOLLOWED) {
        throw messages.tooManyFollowed({ count: MOST_FOLLOWED })
      }
      await sessions.subscribe(session.id, uri, await markOf(mcpRequest, registry, uri))
      return {}
    } catch (error) {
      throw asProtocolError(error, mcpRequest, 'resources/subscribe', { uri })
    }
  })
  server.setRequestHandler('resources/unsubscribe', async ({ params: { uri } }) => {
    await sessions.unsubscribe(session.id, uri)
    return {}
  })
}

/** These lists have one page, so no cursor was ever issued. */
function refuseCursor(params: { cursor?: string | undefined } | undefined): void {
  if (params?.cursor === undefined) return
  throw new ProtocolError(ProtocolErrorCode.InvalidParams, 'This list has one page; leave cursor out')
}

async function markOf(mcpRequest: McpRequest, registry: ResourceRegistry, uri: string): Promise<string> {
  if (mcpRequest.parts.fixtures?.resources.some((resource) => resource.uri === uri)) return ''
  const subscription = new ResourceSubscription(
    mcpRequest,
    registry,
    () => {},
    () => {},
  )
  return subscription.mark(uri)
}

function capabilitiesFor({ era, parts: { fixtures } }: McpRequest): ServerCapabilities {
  return {
    tools: { listChanged: true },
    resources: { listChanged: true, subscribe: true },
    prompts: { listChanged: true },
    completions: {},
    // The protocol is phasing out logging to the client; TREK does not use it.
    ...((era === 'sessions' || fixtures) && { logging: {} }),
  }
}
