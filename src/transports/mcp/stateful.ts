import {
  type ClientCapabilities,
  isJSONRPCErrorResponse,
  isJSONRPCResultResponse,
  type JSONRPCMessage,
  type JSONRPCNotification,
  type JSONRPCRequest,
} from '@modelcontextprotocol/server'
import type { FastifyReply } from 'fastify'
import { EventStream } from './event-stream.ts'
import { Exchange } from './exchange.ts'
import { isNotification, isRequest } from './kinds.ts'
import { Outlet, type Text } from './outlet.ts'
import type { Visit } from './parts.ts'
import type { Questions } from './questions.ts'
import { listing, sendMessage, sendStream } from './reply.ts'
import { type Desk, type Listing, serverFor } from './server.ts'
import type { Session } from './sessions.ts'
import { COME_BACK_MS, type Subscriber } from './subscribers.ts'
import { answerCall, isFixture } from './tools.ts'
import { Watch } from './watch.ts'

export const SESSION_HEADER = 'mcp-session-id'

/** What is said when the lists are others than the client knows. */
const LISTS_CHANGED = ['tools', 'prompts', 'resources'].map((list) => `notifications/${list}/list_changed`)

interface Initialize {
  capabilities?: ClientCapabilities
  clientInfo?: { name?: unknown; version?: unknown }
}

/** A request that is being answered. */
interface Running {
  /** The answer; null when the client cancels the request, and waits for none. */
  answer(): Promise<Text | null>
  cancel(notification: JSONRPCNotification): void
}

/** The revisions of the protocol that have sessions. */
export class Stateful {
  readonly #desk: Desk
  readonly #questions: Questions
  /** The requests that are being answered, so that they can be cancelled. */
  readonly #running = new Map<string, Running>()

  constructor(desk: Desk, questions: Questions) {
    this.#desk = desk
    this.#questions = questions
  }

  /** What a request is answered with: its stream, if it needs one, is counted with the others of the person. */
  outletFor({ identity, parts }: Visit, reply: FastifyReply): Outlet {
    const openStream = () => new EventStream(this.#desk.outflows.to(identity.userId), parts.limits.keepAliveSeconds)
    return new Outlet(reply, openStream)
  }

  /** Answers `initialize` and opens the session that it asks for. */
  async open(visit: Visit, message: JSONRPCRequest, reply: FastifyReply): Promise<FastifyReply> {
    const { capabilities: offered, clientInfo } = (message.params ?? {}) as Initialize
    const capabilities = askable(offered)
    const asked = { ...message, params: { ...message.params, capabilities } }
    const exchange = this.#exchange(visit, asked, null, this.outletFor(visit, reply))
    const answer = await exchange.serve(serverFor(visit, this.#desk, null, { tools: null }))
    if (!answer) throw new Error('initialize cannot be cancelled')
    if (isJSONRPCResultResponse(answer)) {
      const session = await this.#desk.sessions.open(visit, {
        protocolVersion: (answer.result as { protocolVersion: string }).protocolVersion,
        capabilities,
        client: { name: plainName(clientInfo?.name) ?? 'unknown', version: plainName(clientInfo?.version) ?? '' },
      })
      reply.header(SESSION_HEADER, session.id)
    }
    return sendMessage(reply, JSON.stringify(answer))
  }

  /** Answers a message: a request, or what the client has to say to one of ours. Null is for who keeps no session. */
  async post(
    visit: Visit,
    session: Session | null,
    message: JSONRPCMessage,
    reply: FastifyReply,
  ): Promise<FastifyReply> {
    const outlet = this.outletFor(visit, reply)
    const work = async () => {
      const answer = await this.answer(visit, session, message, outlet)
      if (answer !== null) outlet.answer(answer)
      // Of a request that was cancelled, the connection ends without an answer.
      else if (isRequest(message)) outlet.open()
    }
    return outlet.send(work(), ([answer]) => answer as Text)
  }

  /** The answer to a message; null where there is none. What is said before it goes to the outlet. */
  async answer(visit: Visit, session: Session | null, message: JSONRPCMessage, outlet: Outlet): Promise<Text | null> {
    if (isRequest(message)) return this.#request(visit, session, message, outlet)
    if (!session) return null
    if (isNotification(message)) this.#notice(session, message)
    else if (isJSONRPCResultResponse(message) || isJSONRPCErrorResponse(message)) {
      await this.#questions.answer(session.id, message)
    }
    return null
  }

  /** Opens the stream on which the session hears of changes. */
  async stream(visit: Visit, session: Session, reply: FastifyReply): Promise<FastifyReply> {
    const { sessions, subscribers, shelf, outflows } = this.#desk
    subscribers.admit(visit.identity.userId, session.id)
    const failed = (error: unknown) => visit.request.log.error({ err: error }, 'a resource could not be followed')
    const { keepAliveSeconds } = visit.parts.limits
    const outflow = outflows.to(visit.identity.userId)
    const stream = new EventStream(outflow, keepAliveSeconds, () => sessions.touch(session.id))
    const notify = (method: string, params?: object) =>
      stream.send({ jsonrpc: '2.0', method, ...(params && { params }) })
    const watch = new Watch(visit, shelf, (uri) => notify('notifications/resources/updated', { uri }), failed)
    const subscriber: Subscriber = {
      identity: visit.identity,
      sessionId: session.id,
      listsChanged() {
        for (const method of LISTS_CHANGED) notify(method)
      },
      reload: async () => watch.follow(await sessions.subscriptions(session.id)),
      end: (comeBackMs) => {
        subscribers.remove(subscriber)
        watch.stop()
        stream.end(comeBackMs)
      },
    }
    const begin = async () => {
      // It may have ended, or made room for another, before anybody could reach this stream.
      if (!(await sessions.living([session.id])).has(session.id)) return subscriber.end(COME_BACK_MS)
      await subscriber.reload()
      if (session.listsChanged) await sessions.told([session.id], visit.settings)
    }
    stream.onClose(() => subscriber.end())
    subscribers.add(subscriber)
    if (session.listsChanged) subscriber.listsChanged()
    begin().catch(failed)
    return sendStream(reply, stream)
  }

  async #request(visit: Visit, session: Session | null, message: JSONRPCRequest, outlet: Outlet): Promise<Text | null> {
    const running =
      message.method === 'tools/call' && !isFixture(visit, message)
        ? straight(visit, message)
        : this.#throughServer(visit, session, message, outlet)
    const key = session && runningKey(session, message.id)
    if (key) this.#running.set(key, running)
    try {
      if (session?.listsChanged && outlet.readsStreams && !message.method.endsWith('/list')) {
        for (const method of LISTS_CHANGED) outlet.open().send({ jsonrpc: '2.0', method })
        await this.#desk.sessions.told([session.id], visit.settings)
      }
      return await running.answer()
    } finally {
      if (key && this.#running.get(key) === running) this.#running.delete(key)
    }
  }

  #throughServer(visit: Visit, session: Session | null, message: JSONRPCRequest, outlet: Outlet): Running {
    const exchange = this.#exchange(visit, message, session, outlet)
    return {
      cancel: (notification) => exchange.cancel(notification),
      answer: async () => {
        const listed: Listing = { tools: null }
        const answer = await exchange.serve(serverFor(visit, this.#desk, session, listed))
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

  #exchange(visit: Visit, message: JSONRPCRequest, session: Session | null, outlet: Outlet): Exchange {
    const exchange = new Exchange(message, session, this.#questions, outlet)
    exchange.onerror = (error) => visit.request.log.debug({ err: error }, 'mcp')
    return exchange
  }
}

/**
 * A call of a tool, which asks the client for nothing while it runs. It takes no server of the SDK: to make one, and to have it
 * read the call and the result once more, costs more than most tools do.
 */
function straight(visit: Visit, message: JSONRPCRequest): Running {
  const { promise: cancelled, resolve } = Promise.withResolvers<null>()
  return { cancel: () => resolve(null), answer: () => Promise.race([answerCall(visit, message), cancelled]) }
}

/** Ids may be numbers or texts, and `1` is not `"1"`. */
const runningKey = ({ id }: Session, requestId: string | number): string => `${id} ${JSON.stringify(requestId)}`

/** What can be asked of a client, as far as it is ever asked: the rest of what it says of itself is not kept. */
function askable({ elicitation, sampling, roots }: ClientCapabilities = {}): ClientCapabilities {
  const modes = (offered: object, known: readonly string[]) =>
    Object.fromEntries(known.filter((mode) => mode in offered).map((mode) => [mode, {}]))
  return {
    ...(elicitation && { elicitation: modes(elicitation, ['form', 'url']) }),
    ...(sampling && { sampling: modes(sampling, ['tools', 'context']) }),
    ...(roots && { roots: {} }),
  }
}

/** What a program calls itself, fit to be shown: one short line. */
export function plainName(name: unknown): string | null {
  if (typeof name !== 'string') return null
  return name.slice(0, 1000).replace(/\p{C}/gu, '').trim().slice(0, 100) || null
}
