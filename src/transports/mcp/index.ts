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
export type { McpLimits, McpParts } from './parts.ts'

/** The largest request body, in bytes. */
const MOST_BODY = 1_048_576

const METHODS = 'GET, POST, DELETE, OPTIONS'

/** Every origin is allowed: only the token counts, and cookies are ignored. */
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

/** The open streams of this process, and the sessions of the instance. */
export interface McpStats {
  streams(): number
  unread(): number
  sessions(): Promise<number>
}

/** Serves `/mcp` in every supported revision of the protocol. */
export async function mcp(app: FastifyInstance, parts: McpParts): Promise<McpStats> {
  const onError = (error: unknown) => {
    // The database logs its own failures.
    if (!(error instanceof DatabaseUnavailable)) app.log.error({ err: error }, 'the upkeep of /mcp failed')
  }
  const { catalogue, database } = parts.pipeline.parts
  const services: McpServices = {
    tools: new ToolList(catalogue, parts.fixtures),
    registry: new ResourceRegistry(catalogue),
    sessions: new Sessions(parts, onError),
    subscribers: new Subscribers(parts.limits.sessionsPerUser, parts.limits.streams ?? MOST_STREAMS),
    outflows: new Outflows({ ...UNREAD_BOUNDS, ...parts.limits.unread }),
  }
  const clientRequests = new ClientRequests(database)
  const upkeep = new Upkeep(parts, services, clientRequests, onError)
  await upkeep.start()

  await app.register(async (scope) => {
    const admission = new Admission(parts, onError)
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

/** The paths of the endpoint. People and programs add or remove the slash. */
const PATHS = ['/mcp', '/mcp/']

function routes(scope: FastifyInstance, endpoint: Endpoint): void {
  // Compressing each answer would cost more than all other work on it; a proxy in front can do it.
  const options = { bodyLimit: MOST_BODY, compress: false, exposeHeadRoute: false } as const
  for (const path of PATHS) {
    scope.post(path, options, (request, reply) => endpoint.post(request, reply))
    scope.get(path, options, (request, reply) => endpoint.get(request, reply))
    scope.delete(path, options, (request, reply) => endpoint.delete(request, reply))
    // Answered before authentication.
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
      // A client that starts again may still send the id of its previous session.
      const message = settled(body as JSONRPCRequest, 'sessions')
      const mcpRequest = this.#mcpRequest(request, reply, 'sessions', {})
      return this.#observed(message, () => this.#stateful.open(mcpRequest, message, reply))
    }
    const id = request.headers[SESSION_HEADER]
    if (id === undefined && !standsAlone(body)) {
      throw new Refusal(400, INVALID_REQUEST, `${NO_SESSION_YET}: send initialize first`, idOf(request.body))
    }
    const session = id === undefined ? null : await this.#sessionFor(String(id), request)
    const message = isRequest(body) ? settled(body, 'sessions') : body
    const mcpRequest = this.#mcpRequest(request, reply, 'sessions', { session })
    return this.#observed(message, () => this.#stateful.post(mcpRequest, session, message, reply))
  }

  /** Handles each message as if it had arrived by itself, one after the other. */
  async #batch(messages: readonly unknown[], request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> {
    const id = request.headers[SESSION_HEADER]
    const header = request.headers['mcp-protocol-version']
    if (id === undefined || (header !== undefined && header !== WITH_BATCHES)) throw notAMessage(ONE_AT_A_TIME)
    const session = await this.#sessionFor(String(id), request)
    if (session.protocolVersion !== WITH_BATCHES) throw notAMessage(ONE_AT_A_TIME)
    refuseBatch(messages)
    const outlet = this.#stateful.outletFor(this.#mcpRequest(request, reply, 'sessions', { session }), reply)
    if (!readsJson(request)) outlet.open()
    const batch = randomUUID()
    const work = async () => {
      for (const [index, message] of messages.entries()) {
        const answer = await this.#ofBatch({ message, batch, index }, request, reply, outlet).catch((error) => {
          const refusal = refusalFor(error, request)
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

  /** The answer to one message of a batch, or null. */
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
    const session = await this.#sessionFor(String(request.headers[SESSION_HEADER]), request)
    const message = isRequest(body) ? settled(body, 'sessions') : body
    const mcpRequest = this.#mcpRequest(request, reply, 'sessions', { session, message, batch })
    return this.#observed(message, () => this.#stateful.answer(mcpRequest, session, message, outlet))
  }

  async get(request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> {
    refuseUnread(request)
    const session = await this.#sessionFor(requiredSession(request), request)
    return this.#stateful.stream(this.#mcpRequest(request, reply, 'sessions', { session }), session, reply)
  }

  async delete(request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> {
    const session = requiredSession(request)
    checkSessionVersion(request.headers)
    await this.#services.sessions.end(session, authenticatedOf(request))
    return reply.code(204).send()
  }

  /** Handles a message in the trace context that the client sends in it. */
  #observed<T>(message: JSONRPCMessage, run: () => Promise<T>): Promise<T> {
    const { observer, catalogue } = this.#parts.pipeline.parts
    if (!observer || !isRequest(message)) return run()
    const { method, params } = message
    const { name: tool, _meta: meta } = (params ?? {}) as { name?: unknown; _meta?: TraceHeaders | null }
    const isTool = method === 'tools/call' && catalogue.operation(String(tool)) !== undefined
    const name = isTool ? `${method} ${tool}` : isMethod(method) ? method : 'unknown'
    return observer.during({ kind: 'message', name, meta: meta ?? {} }, run)
  }

  async #sessionFor(id: string, request: FastifyRequest): Promise<Session> {
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

/** Details of a message besides its request. */
interface Particulars {
  readonly session?: Session | null
  readonly clientName?: string | null
  readonly message?: unknown
  /** Identifies the batch; null outside of one. */
  readonly batch?: string | null
}

/** Parses the sent message, or throws a readable refusal. */
function read(sent: unknown): JSONRPCMessage {
  normaliseArguments(sent)
  refuseSprawling(sent)
  return understood(sent)
}

/** Whether this is answered for clients without a session, as some are: it does not depend on one. */
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

/** Reports every failure as a JSON-RPC error; a bug is logged under the reported id. */
function refusalFor(error: FastifyError, request: FastifyRequest): Refusal {
  return refusalOf(error, MOST_BODY, request) ?? bugRefusal(notedBug(error, request, 'a request to /mcp failed'))
}

async function answerError(error: FastifyError, request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> {
  const refusal = refusalFor(error, request)
  reply.code(refusal.status).headers(refusal.headers)
  const text = JSON.stringify(refusal)
  // An error in a request's parameters is a normal answer to it.
  return refusal.status === 200 ? sendMessage(reply, text) : sendJson(reply, text)
}
