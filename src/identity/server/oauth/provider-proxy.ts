import type { FastifyReply, FastifyRequest } from 'fastify'
import inject from 'light-my-request'
import type { Provider } from 'oidc-provider'
import { ERRORS, type ErrorCode, TrekError } from '../../../core/declare/errors.ts'
import { basePathOf, pathBelow } from '../../../core/run/base-path.ts'
import type { Addresses } from './addresses.ts'
import { FORM } from './forms.ts'
import { type Maker, makerOf, STRANGER_HEADER, strangerOf } from './makers.ts'
import { PROBLEM_PATH } from './paths.ts'

/** The size limit of a request in bytes, the same as in `oidc-provider`. */
export const MOST_BODY = 56 * 1024

/** The `oidc-provider` that requests are proxied to. */
export interface ProviderBackend {
  readonly addresses: Addresses
  /** The authorization server at this address, created on demand. */
  provider(issuer: string): Promise<Provider>
}

interface Body {
  readonly body: string
  readonly type: string
}

export const proxyToProvider = async (
  side: ProviderBackend,
  request: FastifyRequest,
  reply: FastifyReply,
  path: string,
) => send(reply, await ask(side, request, path))

interface Sent {
  readonly body?: Body
  /** Who is counted for fetches during the request. */
  readonly maker?: Maker
}

/** Passes the request to `oidc-provider` under the public URL, whatever address a reverse proxy put into it. */
export async function ask(
  side: ProviderBackend,
  request: FastifyRequest,
  path: string,
  { body, maker = makerOf(request) }: Sent = {},
) {
  const issuer = side.addresses.issuerFor(request.host)
  const provider = await side.provider(issuer)
  const { host, protocol } = new URL(issuer)
  const { accept, authorization, cookie } = request.headers
  const answer = provider.callback()
  // The provider prepends this to every URL it issues.
  const baseUrl = basePathOf(issuer)
  return inject((incoming, answered) => answer(Object.assign(incoming, { baseUrl }), answered), {
    method: request.method as 'GET' | 'POST',
    url: path,
    remoteAddress: request.ip,
    headers: {
      host,
      'x-forwarded-proto': protocol.slice(0, -1),
      [STRANGER_HEADER]: encodeURIComponent(strangerOf(maker)),
      ...(accept !== undefined && { accept }),
      ...(authorization !== undefined && { authorization }),
      ...(cookie !== undefined && { cookie }),
      ...(body && { 'content-type': body.type }),
    },
    ...(body && { payload: body.body }),
  })
}

type Answered = Awaited<ReturnType<typeof ask>>

/** Sends the provider's own answer: redirect, body, and the cookies that tie a request to a browser. */
export function send(reply: FastifyReply, { statusCode, headers, rawPayload }: Answered): FastifyReply {
  for (const name of ['cache-control', 'pragma', 'location', 'www-authenticate', 'retry-after']) {
    const value = headers[name]
    if (value !== undefined) reply.header(name, value)
  }
  const cookies = [headers['set-cookie'] ?? []]
    .flat()
    .filter((cookie) => !/^(__Secure-)?trek_oauth_session/.test(cookie))
  if (cookies.length) reply.header('set-cookie', cookies)
  reply.code(statusCode)
  // The target page must not learn where the person came from.
  if (headers.location) return reply.header('referrer-policy', 'no-referrer').send()
  return reply.type(String(headers['content-type'] ?? 'application/json')).send(rawPayload)
}

/** An error in the form that programs read; a person sent here for consent gets a page. */
export function problem(reply: FastifyReply, status: number, error: string, error_description: string): FastifyReply {
  reply.header('cache-control', 'no-store')
  if (isSomebodySentHere(reply.request)) {
    return reply.redirect(pathBelow(reply.server.publicUrl, `${PROBLEM_PATH}?error=${error}`), 303)
  }
  return reply.code(status).send({ error, error_description })
}

const isSomebodySentHere = ({ method, headers, routeOptions }: FastifyRequest): boolean =>
  method === 'GET' &&
  /^\/(oauth\/)?authorize(\/|$)/.test(routeOptions.url ?? '') &&
  /\btext\/html\b/.test(headers.accept ?? '')

/** Errors for which a later retry makes sense. */
const LATER: Partial<Record<ErrorCode, string>> = {
  rate_limited: 'too_many_requests',
  unavailable: 'temporarily_unavailable',
}

/** Errors in the form of RFC 6749 section 5.2. */
export function answerError(error: Error & { statusCode?: number }, request: FastifyRequest, reply: FastifyReply) {
  const later = error instanceof TrekError && LATER[error.code]
  if (later) {
    if (error.retryAfter !== undefined) reply.header('retry-after', Math.ceil(error.retryAfter))
    return problem(reply, ERRORS[error.code].status, later, error.message)
  }
  if (error instanceof TrekError) return problem(reply, 400, 'invalid_request', error.message)
  const status = error.statusCode ?? 500
  if (status === 413)
    return problem(reply, 413, 'invalid_request', `The request is too large: at most ${MOST_BODY} bytes`)
  if (status === 415) return problem(reply, 400, 'invalid_request', `Send the body as ${FORM}`)
  if (status < 500) return problem(reply, status, 'invalid_request', 'The request could not be read')
  request.log.error({ err: error }, 'the authorization server failed')
  return problem(reply, 500, 'server_error', 'Something went wrong on the server')
}
