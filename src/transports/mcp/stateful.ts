import {
  type ClientCapabilities,
  isJSONRPCErrorResponse,
  isJSONRPCResultResponse,
  type JSONRPCMessage,
  type JSONRPCNotification,
  type JSONRPCRequest,
} from '@modelcontextprotocol/server'
import type { FastifyReply } from 'fastify'
import type { ClientRequests } from './client-requests.ts'
import { EventStream } from './event-stream.ts'
import { isNotification, isRequest } from './kinds.ts'
import { Outlet, type Text } from './outlet.ts'
import type { McpRequest } from './parts.ts'
import { listing, sendMessage, sendStream } from './reply.ts'
import { RequestTransport } from './request-transport.ts'
import { ResourceSubscription } from './resource-subscription.ts'
import { type ListedTools, type McpServices, serverFor } from './server.ts'
import type { Session } from './sessions.ts'
import { COME_BACK_MS, type Subscriber } from './subscribers.ts'
import { answerCall, isFixture } from './tools.ts'

export const SESSION_HEADER = 'mcp-session-id'

/** The notifications for changed lists. */
const LISTS_CHANGED = ['tools', 'prompts', 'resources'].map((list) => `notifications/${list}/list_changed`)

interface Initialize {
  capabilities?: ClientCapabilities
  clientInfo?: { name?: unknown; version?: unknown }
}

/** A request in progress. */
interface Running {
  /** The answer; null if the client cancels the request, and waits for none. */
  answer(): Promise<Text | null>
  cancel(notification: JSONRPCNotification): void
}

/** The revisions of the protocol with sessions. */
export class Stateful {
  readonly #services: McpServices
  readonly #clientRequests: ClientRequests
  /** The requests in progress, so that they can be cancelled. */
  readonly #running = new Map<string, Running>()

  constructor(services: McpServices, clientRequests: ClientRequests) {
    this.#services = services
    this.#clientRequests = clientRequests
  }

  /** The outlet for an answer; its stream, if it needs one, counts towards the person's limit. */
  outletFor({ identity, parts }: McpRequest, reply: FastifyReply): Outlet {
    const openStream = () => new EventStream(this.#services.outflows.to(identity.userId), parts.limits.keepAliveSeconds)
    return new Outlet(reply, openStream)
  }

  /** Answers `initialize` and opens the requested session. */
  async open(mcpRequest: McpRequest, message: JSONRPCRequest, reply: FastifyReply): Promise<FastifyReply> {
    const { capabilities: offered, clientInfo } = (message.params ?? {}) as Initialize
    const capabilities = askable(offered)
    const initialize = { ...message, params: { ...message.params, capabilities } }
    const transport = this.#transport(mcpRequest, initialize, null, this.outletFor(mcpRequest, reply))
    const answer = await transport.serve(serverFor(mcpRequest, this.#services, null, { tools: null }))
    if (!answer) throw new Error('initialize cannot be cancelled')
    if (isJSONRPCResultResponse(answer)) {
      const session = await this.#services.sessions.open(mcpRequest, {
        protocolVersion: (answer.result as { protocolVersion: string }).protocolVersion,
        capabilities,
        client: { name: plainName(clientInfo?.name) ?? 'unknown', version: plainName(clientInfo?.version) ?? '' },
      })
      reply.header(SESSION_HEADER, session.id)
    }
    return sendMessage(reply, JSON.stringify(answer))
  }

  /** Answers a message: a request, or a client's answer or notification. `session` is null for clients without one. */
  async post(
    mcpRequest: McpRequest,
    session: Session | null,
    message: JSONRPCMessage,
    reply: FastifyReply,
  ): Promise<FastifyReply> {
    const outlet = this.outletFor(mcpRequest, reply)
    const work = async () => {
      const answer = await this.answer(mcpRequest, session, message, outlet)
      if (answer !== null) outlet.answer(answer)
      // A cancelled request gets no answer; the connection just ends.
      else if (isRequest(message)) outlet.open()
    }
    return outlet.send(work(), ([answer]) => answer as Text)
  }

  /** The answer to a message, or null. Earlier messages go to the outlet. */
  async answer(
    mcpRequest: McpRequest,
    session: Session | null,
    message: JSONRPCMessage,
    outlet: Outlet,
  ): Promise<Text | null> {
    if (isRequest(message)) return this.#request(mcpRequest, session, message, outlet)
    if (!session) return null
    if (isNotification(message)) this.#notice(session, message)
    else if (isJSONRPCResultResponse(message) || isJSONRPCErrorResponse(message)) {
      await this.#clientRequests.answer(session.id, message)
    }
    return null
  }

  /** Opens the stream on which the session gets notifications. */
  async stream(mcpRequest: McpRequest, session: Session, reply: FastifyReply): Promise<FastifyReply> {
    const { sessions, subscribers, registry, outflows } = this.#services
    subscribers.admit(mcpRequest.identity.userId, session.id)
    const onError = (error: unknown) => mcpRequest.request.log.error({ err: error }, 'a resource could not be followed')
    const { keepAliveSeconds } = mcpRequest.parts.limits
    const outflow = outflows.to(mcpRequest.identity.userId)
    const stream = new EventStream(outflow, keepAliveSeconds, () => sessions.touch(session.id))
    const notify = (method: string, params?: object) =>
      stream.send({ jsonrpc: '2.0', method, ...(params && { params }) })
    const subscription = new ResourceSubscription(
      mcpRequest,
      registry,
      (uri) => notify('notifications/resources/updated', { uri }),
      onError,
    )
    const subscriber: Subscriber = {
      identity: mcpRequest.identity,
      sessionId: session.id,
      listsChanged() {
        for (const method of LISTS_CHANGED) notify(method)
      },
      reload: async () => subscription.follow(await sessions.subscriptions(session.id)),
      end: (comeBackMs) => {
        subscribers.remove(subscriber)
        subscription.stop()
        stream.end(comeBackMs)
      },
    }
    const begin = async () => {
      // The session may have ended, or been put to sleep, before this stream was registered.
      if (!(await sessions.living([session.id])).has(session.id)) return subscriber.end(COME_BACK_MS)
      await subscriber.reload()
      if (session.listsChanged) await sessions.noteListsSent([session.id], mcpRequest.settings)
    }
    stream.onClose(() => subscriber.end())
    subscribers.add(subscriber)
    if (session.listsChanged) subscriber.listsChanged()
    begin().catch(onError)
    return sendStream(reply, stream)
  }

  async #request(
    mcpRequest: McpRequest,
    session: Session | null,
    message: JSONRPCRequest,
    outlet: Outlet,
  ): Promise<Text | null> {
    const running =
      message.method === 'tools/call' && !isFixture(mcpRequest, message)
        ? straight(mcpRequest, message)
        : this.#throughServer(mcpRequest, session, message, outlet)
    const key = session && runningKey(session, message.id)
    if (key) this.#running.set(key, running)
    try {
      if (session?.listsChanged && outlet.readsStreams && !message.method.endsWith('/list')) {
        for (const method of LISTS_CHANGED) outlet.open().send({ jsonrpc: '2.0', method })
        await this.#services.sessions.noteListsSent([session.id], mcpRequest.settings)
      }
      return await running.answer()
    } finally {
      if (key && this.#running.get(key) === running) this.#running.delete(key)
    }
  }

  #throughServer(mcpRequest: McpRequest, session: Session | null, message: JSONRPCRequest, outlet: Outlet): Running {
    const transport = this.#transport(mcpRequest, message, session, outlet)
    return {
      cancel: (notification) => transport.cancel(notification),
      answer: async () => {
        const listed: ListedTools = { tools: null }
        const answer = await transport.serve(serverFor(mcpRequest, this.#services, session, listed))
        if (!answer) return null
        return listed.tools ? listing(message.id, listed.tools, {}) : JSON.stringify(answer)
      },
    }
  }

  #notice(session: Session, notification: JSONRPCNotification): void {
    if (notification.method !== 'notifications/cancelled') return
    const { requestId } = (notification.params ?? {}) as { requestId?: string | number }
    if (requestId !== undefined) this.#running.get(runningKey(session, requestId))?.cancel(notification)
  }

  #transport(
    mcpRequest: McpRequest,
    message: JSONRPCRequest,
    session: Session | null,
    outlet: Outlet,
  ): RequestTransport {
    const transport = new RequestTransport(message, session, this.#clientRequests, outlet)
    transport.onerror = (error) => mcpRequest.request.log.debug({ err: error }, 'mcp')
    return transport
  }
}

/**
 * A tool call that asks the client for nothing while it runs. It uses no server of the SDK: creating one, and
 * validating call and result again, costs more than most tools.
 */
function straight(mcpRequest: McpRequest, message: JSONRPCRequest): Running {
  const { promise: cancelled, resolve } = Promise.withResolvers<null>()
  return { cancel: () => resolve(null), answer: () => Promise.race([answerCall(mcpRequest, message), cancelled]) }
}

/** Ids can be numbers or texts, and `1` is not `"1"`. */
const runningKey = ({ id }: Session, requestId: string | number): string => `${id} ${JSON.stringify(requestId)}`

/** The capabilities that a server request can use; the others are not stored. */
function askable({ elicitation, sampling, roots }: ClientCapabilities = {}): ClientCapabilities {
  const modes = (offered: object, names: readonly string[]) =>
    Object.fromEntries(names.filter((mode) => mode in offered).map((mode) => [mode, {}]))
  return {
    ...(elicitation && { elicitation: modes(elicitation, ['form', 'url']) }),
    ...(sampling && { sampling: modes(sampling, ['tools', 'context']) }),
    ...(roots && { roots: {} }),
  }
}

/** The name of a program for display: one short line. */
export function plainName(name: unknown): string | null {
  if (typeof name !== 'string') return null
  return name.slice(0, 1000).replace(/\p{C}/gu, '').trim().slice(0, 100) || null
}
