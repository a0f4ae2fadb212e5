import type { ReadableStream } from 'node:stream/web'
import {
  CLIENT_INFO_META_KEY,
  createMcpHandler,
  type JSONRPCMessage,
  type JSONRPCRequest,
  SERVER_INFO_META_KEY,
  type ServerEvent,
  type ServerEventBus,
} from '@modelcontextprotocol/server'
import type { FastifyReply, FastifyRequest } from 'fastify'
import type { AnyOperation } from '../../core/declare/operation.ts'
import { missingScope } from '../../core/run/rights.ts'
import type { Admission } from './admission.ts'
import { isRequest } from './kinds.ts'
import { settled } from './params.ts'
import type { McpParts, McpRequest } from './parts.ts'
import { listing, sendMessage } from './reply.ts'
import { MOST_FOLLOWED, ResourceSubscription } from './resource-subscription.ts'
import { LASTING, type ListedTools, type McpServices, serverFor, serverInfo } from './server.ts'
import type { Subscriber } from './subscribers.ts'

/** The headers with a meaning in the protocol; the body is checked against them. */
const HEADERS = ['content-type', 'accept', 'mcp-protocol-version', 'mcp-method', 'mcp-name']

const LIST_EVENTS = ['tools_list_changed', 'prompts_list_changed', 'resources_list_changed'] as const

/** The client's own name in an independent request. */
export function clientNameIn(body: unknown): string | null {
  const meta = (body as { params?: { _meta?: Record<string, unknown> } } | null)?.params?._meta
  const client = meta?.[CLIENT_INFO_META_KEY] as { name?: unknown } | undefined
  return typeof client?.name === 'string' ? client.name : null
}

/** Answers a request of 2026-07-28 or later, or rejects it as that revision requires. */
export async function serveStateless(
  mcpRequest: McpRequest,
  services: McpServices,
  admission: Admission,
  sent: JSONRPCMessage,
  request: FastifyRequest,
  reply: FastifyReply,
): Promise<FastifyReply> {
  const message = isRequest(sent) ? settled(sent, 'stateless') : sent
  if (isRequest(message)) {
    const beyond = beyondScopes(mcpRequest, services, message)
    const { grant, scopes } = mcpRequest.identity
    // Clients with an OAuth token can request more scopes; for others the tool's own answer names the missing one.
    if (beyond.size && scopes !== 'all' && grant.startsWith('grant:')) {
      const { pipeline } = mcpRequest.parts
      // The pipeline rejects it too, so that the attempt is observed.
      for (const operation of beyond.keys()) await pipeline.run(operation, {}, mcpRequest.caller).catch(() => {})
      const missing = [...new Set(beyond.values())]
      throw admission.insufficientScope(request, scopes, missing, message.id)
    }
    if (message.method === 'subscriptions/listen') return listen(mcpRequest, services, message, request, reply)
  }
  const listed: ListedTools = { tools: null }
  const response = await handlerFor(mcpRequest, services, listed).fetch(webRequest(mcpRequest.parts, request, reply), {
    parsedBody: message,
  })
  if (listed.tools && response.status === 200) {
    const rest = {
      resultType: 'complete',
      ...LASTING,
      _meta: { [SERVER_INFO_META_KEY]: serverInfo(mcpRequest.parts.version) },
    }
    return sendMessage(reply, listing((message as JSONRPCRequest).id, listed.tools, rest))
  }
  return send(mcpRequest, services, reply, response)
}

function handlerFor(mcpRequest: McpRequest, services: McpServices, listed: ListedTools, bus?: ServerEventBus) {
  return createMcpHandler(() => serverFor(mcpRequest, services, null, listed), {
    legacy: 'reject',
    keepAliveMs: mcpRequest.parts.limits.keepAliveSeconds * 1000,
    onerror: (error) => mcpRequest.request.log.debug({ err: error }, 'mcp'),
    ...(bus && { bus }),
  })
}

/** Opens a stream of changes. Resources without access are left out of the acknowledgement. */
async function listen(
  mcpRequest: McpRequest,
  services: McpServices,
  message: JSONRPCRequest,
  request: FastifyRequest,
  reply: FastifyReply,
): Promise<FastifyReply> {
  let publish: ((event: ServerEvent) => void) | null = null
  const onError = (error: unknown) => mcpRequest.request.log.error({ err: error }, 'a resource could not be followed')
  const subscription = new ResourceSubscription(
    mcpRequest,
    services.registry,
    (uri) => publish?.({ kind: 'resource_updated', uri }),
    onError,
  )
  const marks = await marksFor(subscription, message)
  const bus: ServerEventBus = {
    publish() {},
    subscribe(listener) {
      publish = listener
      services.subscribers.add(subscriber)
      subscription.follow(marks).catch(onError)
      return () => {
        publish = null
        subscription.stop()
        services.subscribers.remove(subscriber)
      }
    },
  }
  const handler = handlerFor(mcpRequest, services, { tools: null }, bus)
  const subscriber: Subscriber = {
    identity: mcpRequest.identity,
    sessionId: null,
    listsChanged() {
      for (const kind of LIST_EVENTS) publish?.({ kind })
    },
    async reload() {},
    end() {
      handler.close().catch(onError)
    },
  }
  const parsedBody = withUris(message, [...marks.keys()])
  services.subscribers.admit(mcpRequest.identity.userId, null)
  return send(
    mcpRequest,
    services,
    reply,
    await handler.fetch(webRequest(mcpRequest.parts, request, reply), { parsedBody }),
  )
}

async function marksFor(subscription: ResourceSubscription, message: JSONRPCRequest): Promise<Map<string, string>> {
  const marks = new Map<string, string>()
  for (const uri of urisOf(message)?.slice(0, MOST_FOLLOWED) ?? []) {
    if (typeof uri !== 'string') continue
    // Missing resources and those without access are the same: neither is acknowledged.
    const mark = await subscription.mark(uri).catch(() => null)
    if (mark !== null) marks.set(uri, mark)
  }
  return marks
}

type Listened = { notifications?: { resourceSubscriptions?: unknown } }

function urisOf({ params }: JSONRPCRequest): unknown[] | null {
  const uris = (params as Listened | undefined)?.notifications?.resourceSubscriptions
  return Array.isArray(uris) ? uris : null
}

function withUris(message: JSONRPCRequest, uris: string[]): JSONRPCRequest {
  const { notifications } = (message.params ?? {}) as Listened
  if (!urisOf(message)) return message
  return { ...message, params: { ...message.params, notifications: { ...notifications, resourceSubscriptions: uris } } }
}

/** The operations for which a request’s scopes are insufficient, each with a missing scope. */
function beyondScopes({ caller, parts }: McpRequest, { registry }: McpServices, { method, params }: JSONRPCRequest) {
  const { catalogue } = parts.pipeline.parts
  const operations = (): readonly (AnyOperation | undefined)[] => {
    const { name, uri } = (params ?? {}) as { name?: unknown; uri?: unknown }
    if (method === 'tools/call') return [catalogue.operation(String(name))?.operation]
    if (method === 'resources/read') return [registry.find(String(uri))?.operation.operation]
    if (method === 'prompts/get')
      return catalogue.prompts.find(({ prompt }) => prompt.name === name)?.prompt.reads ?? []
    return []
  }
  return new Map(
    operations().flatMap((operation) => {
      const missing = operation && missingScope(operation, caller)
      return operation && missing ? [[operation, missing] as const] : []
    }),
  )
}

function webRequest({ publicUrl }: McpParts, { method, headers, host }: FastifyRequest, reply: FastifyReply): Request {
  const gone = new AbortController()
  reply.raw.once('close', () => {
    if (!reply.raw.writableFinished) gone.abort()
  })
  const named = HEADERS.flatMap((name) => {
    const value = headers[name]
    return typeof value === 'string' ? [[name, value] as [string, string]] : []
  })
  return new Request(`${publicUrl(host)}/mcp`, { method, headers: named, signal: gone.signal })
}

async function send(
  { identity }: McpRequest,
  { outflows }: McpServices,
  reply: FastifyReply,
  response: Response,
): Promise<FastifyReply> {
  if (!response.headers.get('content-type')?.startsWith('text/event-stream')) {
    const text = await response.text()
    return text ? sendMessage(reply.code(response.status), text) : reply.code(response.status).send()
  }
  for (const [name, value] of response.headers) if (name !== 'connection') reply.header(name, value)
  const { body } = outflows.to(identity.userId).from(response.body as ReadableStream<Uint8Array>)
  return reply.code(response.status).send(body)
}
