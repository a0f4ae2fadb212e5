import { randomUUID } from 'node:crypto'
import websocket from '@fastify/websocket'
import type { FastifyInstance, FastifyRequest } from 'fastify'
import type { Caller } from '../../core/data/space.ts'
import { type Authenticator, callerOf } from '../../core/run/authentication.ts'
import { messages as core } from '../../core/run/messages.ts'
import type { Pipeline } from '../../core/run/pipeline.ts'
import { refusal, sendProblem } from '../http/problem.ts'
import { Unread } from '../http/unread.ts'
import { Connection, type ConnectionLimits, LIMITS } from './connection.ts'
import { Connections } from './connections.ts'
import { LARGEST_FRAME } from './contract.ts'
import { messages } from './messages.ts'
import type { Presence } from './presence.ts'
import { Snapshots } from './snapshots.ts'

export { Presence } from './presence.ts'
export { frameReference } from './reference.ts'

export interface LiveParts {
  readonly pipeline: Pipeline
  readonly authenticator: Authenticator
  /** Tracks presence; its `observe` belongs in the pipeline's parts. */
  readonly presence: Presence
  readonly limits?: Partial<ConnectionLimits>
}

/** The open connections of this process, and the waiting bytes. */
export interface LiveStats {
  websockets(): number
  unread(): number
}

/** Live updates at `/ws`: for people in the app, authenticated by their session cookie. */
export async function live(app: FastifyInstance, parts: LiveParts): Promise<LiveStats> {
  const { pipeline, authenticator, presence } = parts
  const limits = { ...LIMITS, ...parts.limits }
  const callers = new WeakMap<FastifyRequest, Caller>()
  const onError = (error: unknown) => app.log.error({ err: error, bug: randomUUID() }, 'bug')
  const connections = new Connections({ pipeline, authenticator, onError })
  const unread = new Unread({ person: limits.unreadOfPerson, all: limits.unreadOfAll })
  const snapshots = new Snapshots(unread, limits.kept)
  const beat = setInterval(() => connections.beat(), limits.beat).unref()

  // Registered before the plugin, whose own hook closes without a bye.
  app.addHook('preClose', async () => {
    clearInterval(beat)
    connections.close()
  })
  await app.register(websocket, {
    options: { maxPayload: LARGEST_FRAME },
    errorHandler: (error, socket, request) => {
      request.log.debug({ err: error }, 'socket failed')
      socket.terminate()
    },
  })

  app.route({
    method: 'GET',
    url: '/ws',
    preValidation: async (request) => {
      if (!request.ws) return
      const caller = await callerAt(request, authenticator)
      connections.admit(caller.userId, request.raw.socket, limits)
      callers.set(request, caller)
    },
    handler: async (_request, reply) => sendProblem(reply.header('upgrade', 'websocket'), refusal(426)),
    wsHandler: (socket, request) => {
      const connection = new Connection(socket, {
        pipeline,
        presence,
        unread,
        snapshots,
        caller: callers.get(request) as Caller,
        log: request.log,
        limits,
      })
      connections.add(connection)
      socket.once('close', () => connections.delete(connection))
    },
  })
  return { websockets: () => connections.open, unread: () => unread.all }
}

async function callerAt(request: FastifyRequest, authenticator: Authenticator): Promise<Caller> {
  const { origin, cookie } = request.headers
  // A program sends no Origin; a page always does, and only our own page can use the cookie.
  if (origin !== undefined && !request.server.origins.isOwn(request)) {
    throw messages.otherSite()
  }
  const identity = await authenticator.identifyCookie(cookie)
  if (!identity) throw core.notLoggedIn()
  return callerOf(identity, 'web')
}
