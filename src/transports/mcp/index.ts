import { randomUUID } from 'node:crypto'
import type {} from '@fastify/compress'
import { INVALID_REQUEST, type JSONRPCMessage, type JSONRPCRequest } from '@modelcontextprotocol/server'
import type { FastifyError, FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { callerOf, STRANGERS_BODY } from '../../core/run/door.ts'
import { Admission } from './admission.ts'
import { deliveryOf } from './delivery.ts'
import { idOf, refuseSprawling, settleArguments } from './message.ts'
import type { Era, Guest, McpParts, Visit } from './parts.ts'
import { Questions } from './questions.ts'
import { bugRefusal, emptyBody, REFUSED, Refusal, refusalOf } from './refusal.ts'
import { sendJson } from './reply.ts'
import { ResourceShelf } from './resources.ts'
import type { Desk } from './server.ts'
import { type Session, Sessions } from './sessions.ts'
import { checkVersion, eraOf, plainName, SESSION_HEADER, Stateful } from './stateful.ts'
import { clientNameIn, serveStateless } from './stateless.ts'
import { Subscribers } from './subscribers.ts'
import { ToolList } from './tools.ts'
import { Upkeep } from './upkeep.ts'

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
    mcpGuest: Guest | null
  }
}

/** Serves `/mcp` in every revision of the protocol that is spoken here. */
export async function mcp(app: FastifyInstance, parts: McpParts): Promise<void> {
  const failed = (error: unknown) => app.log.error({ err: error }, 'the upkeep of /mcp failed')
  const { catalogue, database } = parts.pipeline.parts
  const desk: Desk = {
    tools: new ToolList(catalogue, parts.fixtures),
    shelf: new ResourceShelf(catalogue),
    sessions: new Sessions(parts, failed),
    subscribers: new Subscribers(parts.limits.sessionsPerUser),
  }
  const questions = new Questions(database)
  const upkeep = new Upkeep(parts, desk, questions, failed)
  await upkeep.start()

  await app.register(async (scope) => {
    const admission = new Admission(parts)
    scope.decorateRequest('mcpGuest', null)
    scope.addHook('preClose', async () => upkeep.endStreams())
    scope.addHook('onClose', () => upkeep.stop())
    scope.addHook('onRequest', async (request, reply) => {
      reply.headers(CORS)
      if (request.method !== 'OPTIONS') request.mcpGuest = await admission.admit(request)
    })
    scope.setErrorHandler(answerError)
    routes(scope, new Endpoint(parts, desk, admission, new Stateful(desk, questions)))
  })
}

function routes(scope: FastifyInstance, endpoint: Endpoint): void {
  // Compressing each answer would cost more than all else that is done for it; a proxy in front can do it.
  const options = { bodyLimit: MOST_BODY, compress: false, exposeHeadRoute: false } as const
  scope.post('/mcp', options, (request, reply) => endpoint.post(request, reply))
  scope.get('/mcp', options, (request, reply) => endpoint.get(request, reply))
  scope.delete('/mcp', options, (request, reply) => endpoint.delete(request, reply))
  // Asked before anybody has shown who they are.
  scope.options('/mcp', { ...options, bodyLimit: STRANGERS_BODY }, (_request, reply) =>
    reply.headers(PREFLIGHT).code(204).send(),
  )
  scope.route({
    method: ['PUT', 'PATCH', 'HEAD'],
    url: '/mcp',
    handler: () => {
      throw notAllowed()
    },
  })
}

class Endpoint {
  readonly #parts: McpParts
  readonly #desk: Desk
  readonly #admission: Admission
  readonly #stateful: Stateful

  constructor(parts: McpParts, desk: Desk, admission: Admission, stateful: Stateful) {
    this.#parts = parts
    this.#desk = desk
    this.#admission = admission
    this.#stateful = stateful
  }

  async post(request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> {
    if (!accepts(request, ['application/json', 'text/event-stream'])) {
      throw new Refusal(406, REFUSED, 'Send Accept: application/json, text/event-stream')
    }
    if (request.body === undefined) throw emptyBody()
    settleArguments(request.body)
    refuseSprawling(request.body)
    const era = eraOf(request.headers, request.body)
    if (era === 'stateless') {
      const visit = this.#visit(request, reply, 'stateless', null, clientNameIn(request.body))
      return serveStateless(visit, this.#desk, this.#admission, request, reply)
    }
    const session = await this.#session(request)
    if (era === 'initialize') {
      if (session) throw new Refusal(400, INVALID_REQUEST, 'This session is open already', idOf(request.body))
      const message = request.body as JSONRPCRequest
      return this.#stateful.open(this.#visit(request, reply, 'sessions', null, null), message, reply)
    }
    if (!session)
      throw new Refusal(400, INVALID_REQUEST, `${NO_SESSION_YET}: send initialize first`, idOf(request.body))
    const visit = this.#visit(request, reply, 'sessions', session.id, session.client?.name)
    return this.#stateful.post(visit, session, request.body as JSONRPCMessage, reply)
  }

  async get(request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> {
    if (!accepts(request, ['text/event-stream'])) throw new Refusal(406, REFUSED, 'Send Accept: text/event-stream')
    const session = await this.#requiredSession(request)
    return this.#stateful.stream(
      this.#visit(request, reply, 'sessions', session.id, session.client?.name),
      session,
      reply,
    )
  }

  async delete(request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> {
    const session = await this.#requiredSession(request)
    await this.#desk.sessions.end(session.id)
    return reply.code(204).send()
  }

  async #requiredSession(request: FastifyRequest): Promise<Session> {
    const session = await this.#session(request)
    if (session) return session
    // Newer revisions have neither sessions nor these methods.
    const version = request.headers['mcp-protocol-version']
    throw version === undefined ? new Refusal(400, INVALID_REQUEST, NO_SESSION_YET) : notAllowed()
  }

  /** The session that the request names; null when it names none. */
  async #session(request: FastifyRequest): Promise<Session | null> {
    const id = request.headers[SESSION_HEADER]
    if (id === undefined) return null
    const session = await this.#desk.sessions.find(String(id), guestOf(request))
    checkVersion(request.headers['mcp-protocol-version'])
    return session
  }

  #visit(request: FastifyRequest, reply: FastifyReply, era: Era, session: string | null, clientName: unknown): Visit {
    const guest = guestOf(request)
    const client = plainName(clientName) ?? guest.identity.client
    const caller = callerOf(guest.identity, 'mcp', client)
    const delivery = deliveryOf(request, reply, session)
    return { ...guest, parts: this.#parts, era, caller, log: request.log, delivery }
  }
}

const NO_SESSION_YET = `The header ${SESSION_HEADER} is missing`

function guestOf({ mcpGuest }: FastifyRequest): Guest {
  if (!mcpGuest) throw new Error('A request reached the endpoint without passing the door')
  return mcpGuest
}

function accepts({ headers: { accept } }: FastifyRequest, types: readonly string[]): boolean {
  return accept === undefined || accept.includes('*/*') || types.every((type) => accept.includes(type))
}

const notAllowed = () =>
  new Refusal(405, REFUSED, `This method is not served here; these are: ${METHODS}`, { headers: { allow: METHODS } })

/** Whatever goes wrong is answered as a JSON-RPC error, and a bug is in the log under the id that is answered. */
async function answerError(error: FastifyError, request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> {
  const known = refusalOf(error, MOST_BODY)
  const incident = randomUUID()
  if (!known) request.log.error({ err: error, incident }, 'a request to /mcp failed')
  const refusal = known ?? bugRefusal(incident)
  return sendJson(reply.code(refusal.status).headers(refusal.headers), JSON.stringify(refusal))
}
