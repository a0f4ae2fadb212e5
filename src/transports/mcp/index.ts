import { randomUUID } from 'node:crypto'
import type {} from '@fastify/compress'
import { INVALID_REQUEST, type JSONRPCMessage, type JSONRPCRequest } from '@modelcontextprotocol/server'
import type { FastifyError, FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { DatabaseUnavailable } from '../../core/data/database.ts'
import { callerOf, STRANGERS_BODY } from '../../core/run/authentication.ts'
import type { TraceHeaders } from '../../core/run/observer.ts'
import { notedBug } from '../http/unexpected.ts'
import { Admission } from './admission.ts'
import { asksInBatch, ONE_AT_A_TIME, refuseBatch } from './batch.ts'
import { ClientRequests } from './client-requests.ts'
import { deliveryOf } from './delivery.ts'
import { isNotification, isRequest } from './kinds.ts'
import { idOf, normaliseArguments, notAMessage, refuseSprawling, understood } from './message.ts'
import { Outflows, UNREAD_BOUNDS } from './outflow.ts'
import type { Outlet, Text } from './outlet.ts'
import { isMethod, isServedAlone, settled } from './params.ts'
import type { AuthenticatedRequest, Era, McpParts, McpRequest } from './parts.ts'
import { bugRefusal, emptyBody, REFUSED, Refusal, refusalOf } from './refusal.ts'
import { readsJson, readsStreams, sendJson, sendMessage } from './reply.ts'
import { ResourceRegistry } from './resources.ts'
import type { McpServices } from './server.ts'
import { type Session, Sessions } from './sessions.ts'
import { plainName, SESSION_HEADER, Stateful } from './stateful.ts'
import { clientNameIn, serveStateless } from './stateless.ts'
import { MOST_STREAMS, Subscribers } from './subscribers.ts'
import { ToolList } from './tools.ts'
import { Upkeep } from './upkeep.ts'
import { checkSessionVersion, checkVersion, eraOf, WITH_BATCHES } from './versions.ts'

export { mcpAddon } from './addon.ts'
export type { Fixtures } from './fixtures.ts'
export type { Limits, McpParts } from './parts.ts'

/** The most a request may hold, in bytes. */
const MOST_BODY = 1_048_576

const METHODS = 'GET, POST, DELETE, OPTIONS'

/** A browser may come from anywhere the server lets in: what counts is the token, and no cookie is looked at. */
const CORS = {
  'access-control-allow-origin': '*',
  'access-control-expose-headers': 'Mcp-Session-Id, MCP-Protocol-Version, WWW-Authenticate, Retry-After',
}

const PREFLIGHT = {
  'access-control-allow-methods': METHODS,
  'access-control-allow-headers': 'Authorization, *',
  'access-control-max-age': '86400',
}

declare module 'fastify' {
  interface FastifyRequest {
    mcpAuthenticated: AuthenticatedRequest | null
  }
}

/** How much of assistants is open: streams at this process, sessions at all. */
export interface McpFigures {
  streams(): number
  unread(): number
  sessions(): Promise<number>
}

/** Serves `/mcp` in every revision of the protocol that is spoken here. */
export async function mcp(app: FastifyInstance, parts: McpParts): Promise<McpFigures> {
  const failed = (error: unknown) => {
    // The database tells of its own troubles.
    if (!(error instanceof DatabaseUnavailable)) app.log.error({ err: error }, 'the upkeep of /mcp failed')
  }
  const { catalogue, database } = parts.pipeline.parts
  const services: McpServices = {
    tools: new ToolList(catalogue, parts.fixtures),
    registry: new ResourceRegistry(catalogue),
    sessions: new Sessions(parts, failed),
    subscribers: new Subscribers(parts.limits.sessionsPerUser, parts.limits.streams ?? MOST_STREAMS),
    outflows: new Outflows({ ...UNREAD_BOUNDS, ...parts.limits.unread }),
  }
  const clientRequests = new ClientRequests(database)
  const upkeep = new Upkeep(parts, services, clientRequests, failed)
  await upkeep.start()

  await app.register(async (scope) => {
    const admission = new Admission(parts, failed)
    scope.decorateRequest('mcpAuthenticated', null)
    scope.addHook('preClose', async () => upkeep.endStreams())
    scope.addHook('onClose', async () => {
      await Promise.all([upkeep.stop(), admission.close()])
    })
    scope.addHook('onRequest', async (request, reply) => {
      reply.headers(CORS)
      if (request.method !== 'OPTIONS') request.mcpAuthenticated = await admission.admit(request)
    })
    scope.setErrorHandler(answerError)
    routes(scope, new Endpoint(parts, services, admission, new Stateful(services, clientRequests)))
  })
  const { subscribers, outflows, sessions } = services
  return { streams: () => subscribers.size, unread: () => outflows.waiting, sessions: () => sessions.count() }
}

/** The addresses of the endpoint. People and programs put a slash at the end, or take it off. */
const PATHS = ['/mcp', '/mcp/']

function routes(scope: FastifyInstance, endpoint: Endpoint): void {
  // Compressing each answer would cost more than all else that is done for it; a proxy in front can do it.
  const options = { bodyLimit: MOST_BODY, compress: false, exposeHeadRoute: false } as const
  for (const path of PATHS) {
    scope.post(path, options, (request, reply) => endpoint.post(request, reply))
    scope.get(path, options, (request, reply) => endpoint.get(request, reply))
    scope.delete(path, options, (request, reply) => endpoint.delete(request, reply))
    // Asked before anybody has shown who they are.
    scope.options(path, { ...options, bodyLimit: STRANGERS_BODY }, (_request, reply) =>
      reply.headers(PREFLIGHT).code(204).send(),
    )
    scope.route({
      method: ['PUT', 'PATCH', 'HEAD'],
      url: path,
      handler: () => {
        throw notAllowed()
      },
    })
  }
}

class Endpoint {
  readonly #parts: McpParts
  readonly #services: McpServices
  readonly #admission: Admission
  readonly #stateful: Stateful

  constructor(parts: McpParts, services: McpServices, admission: Admission, stateful: Stateful) {
    this.#parts = parts
    this.#services = services
    this.#admission = admission
    this.#stateful = stateful
  }

  async post(request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> {
    refuseUnread(request)
    if (request.body === undefined) throw emptyBody()
    if (Array.isArray(request.body)) return this.#batch(request.body, request, reply)
    const body = read(request.body)
    checkVersion(request.headers, body)
    const era = eraOf(request.headers, body)
    if (era === 'stateless') {
      const mcpRequest = this.#mcpRequest(request, reply, 'stateless', { clientName: clientNameIn(body) })
      return this.#observed(body, () =>
        serveStateless(mcpRequest, this.#services, this.#admission, body, request, reply),
      )
    }
    if (era === 'initialize') {
      // Whoever begins anew may still send the id of the session that went before.
      const message = settled(body as JSONRPCRequest, 'sessions')
      const mcpRequest = this.#mcpRequest(request, reply, 'sessions', {})
      return this.#observed(message, () => this.#stateful.open(mcpRequest, message, reply))
    }
    const id = request.headers[SESSION_HEADER]
    if (id === undefined && !standsAlone(body)) {
      throw new Refusal(400, INVALID_REQUEST, `${NO_SESSION_YET}: send initialize first`, idOf(request.body))
    }
    const session = id === undefined ? null : await this.#found(String(id), request)
    const message = isRequest(body) ? settled(body, 'sessions') : body
    const mcpRequest = this.#mcpRequest(request, reply, 'sessions', { session })
    return this.#observed(message, () => this.#stateful.post(mcpRequest, session, message, reply))
  }

  /** Handles each message as if it had come by itself, one after the other. */
  async #batch(messages: readonly unknown[], request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> {
    const id = request.headers[SESSION_HEADER]
    const header = request.headers['mcp-protocol-version']
    if (id === undefined || (header !== undefined && header !== WITH_BATCHES)) throw notAMessage(ONE_AT_A_TIME)
    const session = await this.#found(String(id), request)
    if (session.protocolVersion !== WITH_BATCHES) throw notAMessage(ONE_AT_A_TIME)
    refuseBatch(messages)
    const outlet = this.#stateful.outletFor(this.#mcpRequest(request, reply, 'sessions', { session }), reply)
    if (!readsJson(request)) outlet.open()
    const batch = randomUUID()
    const work = async () => {
      for (const [index, message] of messages.entries()) {
        const answer = await this.#ofBatch({ message, batch, index }, request, reply, outlet).catch((error) => {
          const refusal = told(error, request)
          return JSON.stringify({ ...refusal.toJSON(), ...idOf(message) })
        })
        if (answer !== null) outlet.answer(answer)
        await outlet.read()
      }
    }
    return outlet.send(work(), (answers) => {
      if (!messages.some(asksInBatch)) reply.code(400)
      return `[${answers.join(',')}]`
    })
  }

  /** The answer to one message of a batch; null where there is none. */
  async #ofBatch(
    { message: sent, batch, index }: { message: unknown; batch: string; index: number },
    request: FastifyRequest,
    reply: FastifyReply,
    outlet: Outlet,
  ): Promise<Text | null> {
    // Authentication has counted the first.
    if (index) this.#admission.count(authenticatedOf(request).identity)
    if (Array.isArray(sent)) throw notAMessage('A batch holds messages, and no other batch')
    const body = read(sent)
    if (eraOf({}, body) !== 'session')
      throw notAMessage('What names a version in _meta is sent by itself, not in a batch')
    const session = await this.#found(String(request.headers[SESSION_HEADER]), request)
    const message = isRequest(body) ? settled(body, 'sessions') : body
    const mcpRequest = this.#mcpRequest(request, reply, 'sessions', { session, message, batch })
    return this.#observed(message, () => this.#stateful.answer(mcpRequest, session, message, outlet))
  }

  async get(request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> {
    refuseUnread(request)
    const session = await this.#found(requiredSession(request), request)
    return this.#stateful.stream(this.#mcpRequest(request, reply, 'sessions', { session }), session, reply)
  }

  async delete(request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> {
    const session = requiredSession(request)
    checkSessionVersion(request.headers)
    await this.#services.sessions.end(session, authenticatedOf(request))
    return reply.code(204).send()
  }

  /** Does what a message asks for, as a part of the trace that the client names in it. */
  #observed<T>(message: JSONRPCMessage, run: () => Promise<T>): Promise<T> {
    const { observer, catalogue } = this.#parts.pipeline.parts
    if (!observer || !isRequest(message)) return run()
    const { method, params } = message
    const { name: tool, _meta: meta } = (params ?? {}) as { name?: unknown; _meta?: TraceHeaders | null }
    const isTool = method === 'tools/call' && catalogue.operation(String(tool)) !== undefined
    const name = isTool ? `${method} ${tool}` : isMethod(method) ? method : 'unknown'
    return observer.during({ kind: 'message', name, meta: meta ?? {} }, run)
  }

  async #found(id: string, request: FastifyRequest): Promise<Session> {
    const session = await this.#services.sessions.find(id, authenticatedOf(request))
    checkSessionVersion(request.headers)
    return session
  }

  #mcpRequest(
    request: FastifyRequest,
    reply: FastifyReply,
    era: Era,
    { session = null, clientName = session?.client?.name, message = request.body, batch = null }: Particulars,
  ): McpRequest {
    const authenticated = authenticatedOf(request)
    const client = plainName(clientName) ?? authenticated.identity.client
    const caller = callerOf(authenticated.identity, 'mcp', client)
    const delivery = deliveryOf(request, reply, { session: session?.id ?? null, message, batch })
    return { ...authenticated, parts: this.#parts, era, caller, request, delivery }
  }
}

/** What is known of a message besides the request that it came with. */
interface Particulars {
  readonly session?: Session | null
  readonly clientName?: string | null
  readonly message?: unknown
  /** Of a batch, what tells it from others. */
  readonly batch?: string | null
}

/** The message that was sent, or a refusal in words. */
function read(sent: unknown): JSONRPCMessage {
  normaliseArguments(sent)
  refuseSprawling(sent)
  return understood(sent)
}

/** Whether this is answered to clients that keep no session, as some do not: whatever it says stands for itself. */
const standsAlone = (message: JSONRPCMessage): boolean =>
  isRequest(message) ? isServedAlone(message.method) : isNotification(message)

const NO_SESSION_YET = `The header ${SESSION_HEADER} is missing`

function authenticatedOf({ mcpAuthenticated }: FastifyRequest): AuthenticatedRequest {
  if (!mcpAuthenticated) throw new Error('A request reached the endpoint without authentication')
  return mcpAuthenticated
}

function requiredSession({ headers }: FastifyRequest): string {
  const id = headers[SESSION_HEADER]
  if (id !== undefined) return String(id)
  // Newer revisions have neither sessions nor these methods.
  throw headers['mcp-protocol-version'] === undefined ? new Refusal(400, INVALID_REQUEST, NO_SESSION_YET) : notAllowed()
}

function refuseUnread(request: FastifyRequest): void {
  if (readsJson(request) || readsStreams(request)) return
  throw new Refusal(406, REFUSED, 'Send Accept: application/json, text/event-stream; one of the two is enough')
}

const notAllowed = () =>
  new Refusal(405, REFUSED, `This method is not served here; these are: ${METHODS}`, { headers: { allow: METHODS } })

/** Whatever goes wrong is told as a JSON-RPC error, and a bug is in the log under the id that is told. */
function told(error: FastifyError, request: FastifyRequest): Refusal {
  return refusalOf(error, MOST_BODY, request) ?? bugRefusal(notedBug(error, request, 'a request to /mcp failed'))
}

async function answerError(error: FastifyError, request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> {
  const refusal = told(error, request)
  reply.code(refusal.status).headers(refusal.headers)
  const text = JSON.stringify(refusal)
  // What is wrong with a request's parameters is an answer to it, as any other.
  return refusal.status === 200 ? sendMessage(reply, text) : sendJson(reply, text)
}
