import type { FastifyRequest } from 'fastify'
import type { Caller } from '../../core/data/space.ts'
import { type Authenticator, type Identity, callerOf as identified } from '../../core/run/authentication.ts'
import { messages } from './messages.ts'

const BEARER = /^Bearer +([^\s]+)$/i
const READS = new Set(['GET', 'HEAD'])

declare module 'fastify' {
  interface FastifyRequest {
    caller: Caller | null
  }
}

/** Authenticates before the body is read. */
export const admitCallers = (authenticator: Authenticator) => async (request: FastifyRequest) => {
  request.caller = await callerFrom(request, authenticator)
}

export function callerOf({ caller }: FastifyRequest): Caller {
  if (!caller) throw new Error('A request reached its handler without authentication')
  return caller
}

/** The caller: a program by its token, or a person by the cookie of the app. If a token is sent, only it counts. */
async function callerFrom(request: FastifyRequest, authenticator: Authenticator): Promise<Caller> {
  const { authorization, cookie } = request.headers
  if (authorization !== undefined) return identified(await byToken(authorization, authenticator), 'rest')
  const identity = await authenticator.identifyCookie(cookie)
  if (!identity) {
    throw messages.notLoggedIn()
  }
  if (!READS.has(request.method) && !request.server.origins.isOwnPage(request)) {
    throw messages.notFromApp()
  }
  return identified(identity, 'web')
}

async function byToken(authorization: string, authenticator: Authenticator): Promise<Identity> {
  const token = BEARER.exec(authorization)?.[1]
  const identity = token && (await authenticator.identifyBearer(token, 'rest'))
  if (!identity) {
    throw messages.unknownToken()
  }
  return identity
}
