import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import inject from 'light-my-request'
import type { Provider } from 'oidc-provider'
import type { Door } from '../../core/door.ts'
import { TrekError } from '../../core/errors.ts'
import { SCOPES } from '../scopes.ts'
import type { Addresses } from './addresses.ts'
import type { Limits } from './limits.ts'
import { resourceOf } from './paths.ts'
import { USEFUL_SCOPES } from './presets.ts'
import { ACCESS_PREFIX } from './secrets.ts'

export interface ServerParts {
  readonly addresses: Addresses
  /** Whether assistants may come in at all. */
  isOn(): Promise<boolean>
  /** The authorization server at this address; made when it is first needed. */
  provider(issuer: string): Promise<Provider>
  readonly limits: Limits
  readonly door: Door
}

/** What browsers are told on every path here: no cookie counts, so that any page may ask. */
const CORS = {
  'access-control-allow-origin': '*',
  'access-control-expose-headers': 'Mcp-Session-Id, MCP-Protocol-Version, WWW-Authenticate, Retry-After',
}

const PREFLIGHT = {
  'access-control-allow-methods': 'GET, POST, OPTIONS',
  'access-control-allow-headers': 'Authorization, Content-Type, MCP-Protocol-Version, *',
  'access-control-max-age': '86400',
}

/** Where the protocol is spoken; some programs guess the short paths rather than read the metadata. */
const POSTS: Record<string, string> = {
  '/oauth/token': '/oauth/token',
  '/token': '/oauth/token',
  '/oauth/register': '/oauth/register',
  '/register': '/oauth/register',
  '/oauth/revoke': '/oauth/revoke',
  '/oauth/introspect': '/oauth/introspect',
}

const GETS: Record<string, string> = {
  '/oauth/authorize': '/oauth/authorize',
  '/authorize': '/oauth/authorize',
  '/oauth/jwks': '/oauth/jwks',
}

/** RFC 8414 section 3.1, OpenID Connect Discovery section 4, and both the way programs form them from the address of `/mcp`. */
const METADATA = ['oauth-authorization-server', 'openid-configuration'].flatMap((name) => [
  `/.well-known/${name}`,
  `/.well-known/${name}/mcp`,
  `/mcp/.well-known/${name}`,
])

/** RFC 9728 section 3.1. */
const RESOURCE_METADATA = [
  '/.well-known/oauth-protected-resource',
  '/.well-known/oauth-protected-resource/mcp',
  '/mcp/.well-known/oauth-protected-resource',
]

const MOST_BODY = 56 * 1024
const FORM = 'application/x-www-form-urlencoded'

/** OAuth 2.1 over HTTP: every path that programs ask. What they are answered comes from `oidc-provider`. */
export async function authorizationServer(app: FastifyInstance, parts: ServerParts): Promise<void> {
  await app.register(async (scope) => {
    scope.addHook('onRequest', async (request, reply) => {
      reply.headers(CORS)
      if (request.method === 'OPTIONS' || (await parts.isOn())) return
      return problem(
        reply,
        404,
        'not_found',
        'Assistants cannot connect: the add-on mcp is switched off on this server',
      )
    })
    scope.removeAllContentTypeParsers()
    scope.addContentTypeParser(
      [FORM, 'application/json'],
      { parseAs: 'string' },
      async (_: unknown, body: string) => body,
    )
    scope.setErrorHandler((error, request, reply) => answerError(error as never, request, reply))

    const options = { bodyLimit: MOST_BODY, exposeHeadRoute: false, config: { anyOrigin: true } } as const
    const preflight = (path: string) =>
      scope.options(path, options, async (_request, reply) => reply.headers(PREFLIGHT).code(204).send())

    for (const path of RESOURCE_METADATA) {
      preflight(path)
      scope.get(path, options, (request, reply) =>
        reply.send(resourceMetadata(parts.addresses.issuerFor(request.host))),
      )
    }
    for (const path of METADATA) {
      preflight(path)
      scope.get(path, options, (request, reply) => serverMetadata(parts, request, reply))
    }
    for (const [path, target] of Object.entries(GETS)) {
      preflight(path)
      scope.get(path, options, (request, reply) => authorize(parts, request, reply, target))
    }
    preflight('/oauth/userinfo')
    scope.get('/oauth/userinfo', options, (request, reply) => userinfo(parts, request, reply))
    scope.get('/oauth/authorize/:uid', options, (request, reply) => pass(parts, request, reply, request.url))
    for (const [path, target] of Object.entries(POSTS)) {
      preflight(path)
      scope.post(path, options, (request, reply) =>
        target === '/oauth/register' ? register(parts, request, reply) : exchange(parts, request, reply, target),
      )
    }
  })
}

const ALL = SCOPES.map(({ scope }) => scope)

function resourceMetadata(issuer: string) {
  return {
    resource: resourceOf(issuer),
    resource_name: 'TREK',
    authorization_servers: [issuer],
    bearer_methods_supported: ['header'],
    scopes_supported: ALL,
  }
}

async function serverMetadata(parts: ServerParts, request: FastifyRequest, reply: FastifyReply) {
  const answer = await ask(parts, request, '/.well-known/oauth-authorization-server')
  const { claims_parameter_supported: _, ...metadata } = answer.json()
  return reply.send({
    ...metadata,
    userinfo_endpoint: `${metadata.issuer}/oauth/userinfo`,
    claims_supported: ['sub', 'name'],
    scopes_supported: ALL,
    response_modes_supported: ['query', 'fragment'],
  })
}

/**
 * Whose token it is (OpenID Connect Core section 5.3), since some programs show with whom they are connected. No address and
 * nothing else: nobody was asked for it.
 */
async function userinfo({ door, addresses }: ServerParts, request: FastifyRequest, reply: FastifyReply) {
  const token = /^bearer (\S+)$/i.exec(request.headers.authorization ?? '')?.[1]
  const identity = token?.startsWith(ACCESS_PREFIX) ? await door.byBearer(token, 'mcp') : null
  reply.header('cache-control', 'no-store')
  if (identity) return reply.send({ sub: String(identity.userId), name: identity.name })
  reply.header('www-authenticate', `Bearer realm="${addresses.issuerFor(request.host)}", error="invalid_token"`)
  return problem(reply, 401, 'invalid_token', 'Send an access token: Authorization: Bearer …')
}

/** Asks for access in a browser. What a program left out is what an assistant usually needs. */
async function authorize(parts: ServerParts, request: FastifyRequest, reply: FastifyReply, target: string) {
  await parts.limits.request(request.ip)
  const query = new URLSearchParams(request.url.slice(request.url.indexOf('?') + 1))
  const scopes = query.get('scope')?.split(' ').filter(Boolean) ?? []
  const known = scopes.filter((scope) => ALL.includes(scope))
  // Without any of ours the request is left as it is, so that it is refused for what it asks.
  if (!scopes.length || scopes.every((scope) => IDENTITY.has(scope))) query.set('scope', USEFUL_SCOPES.join(' '))
  else if (known.length) query.set('scope', known.join(' '))
  settleResource(query)
  // A page that posts itself would need a script in it; without the wish the answer comes in the address, as usual.
  if (query.get('response_mode') === 'form_post') query.delete('response_mode')
  return pass(parts, request, reply, `${target}?${query}`)
}

/** What programs ask of a server for log-ins, which this one is not. */
const IDENTITY = new Set(['openid', 'profile', 'email', 'offline_access'])

/** A slash at the end of the address of `/mcp` makes it no other resource. */
function settleResource(values: URLSearchParams): void {
  const resources = values.getAll('resource')
  if (!resources.length) return
  values.delete('resource')
  for (const resource of new Set(resources.map((one) => one.replace(/\/+$/, '')))) values.append('resource', resource)
}

/** Trades a code, a refresh token or the client's own word for tokens; or revokes or describes one. */
async function exchange(parts: ServerParts, request: FastifyRequest, reply: FastifyReply, target: string) {
  const form = formOf(request)
  settleResource(form)
  const scopes =
    form
      .get('scope')
      ?.split(' ')
      .filter((scope) => !IDENTITY.has(scope)) ?? []
  if (scopes.length) form.set('scope', scopes.join(' '))
  else form.delete('scope')
  if (form.get('grant_type') === 'client_credentials' && !form.get('scope')) form.set('scope', ALL.join(' '))
  const client = clientSecretIn(request, form)
  if (client !== null) await parts.limits.check(client, request.ip)
  const answer = await ask(parts, request, target, { body: form.toString(), type: FORM })
  if (client !== null && answer.statusCode === 401) await parts.limits.wrong(client, request.ip)
  return send(reply, answer)
}

/** The id of the client that proves itself with a secret in this request, or null. */
function clientSecretIn({ headers: { authorization } }: FastifyRequest, form: URLSearchParams): string | null {
  if (form.get('client_secret')) return form.get('client_id') ?? ''
  const basic = /^basic (\S+)$/i.exec(authorization ?? '')?.[1]
  return basic ? (Buffer.from(basic, 'base64').toString('utf8').split(':', 1)[0] ?? '') : null
}

/** The form that was sent; some programs send it as JSON. */
function formOf({ body, headers }: FastifyRequest): URLSearchParams {
  const text = typeof body === 'string' ? body : ''
  if (!headers['content-type']?.startsWith('application/json')) return new URLSearchParams(text)
  const json = parsedJson(text)
  const form = new URLSearchParams()
  for (const [name, value] of Object.entries(json)) {
    for (const one of [value].flat()) if (['string', 'number'].includes(typeof one)) form.append(name, String(one))
  }
  return form
}

function parsedJson(text: string): Record<string, unknown> {
  try {
    const json: unknown = JSON.parse(text)
    if (json && typeof json === 'object' && !Array.isArray(json)) return json as Record<string, unknown>
  } catch {
    // Said below, as for everything else that is no object.
  }
  throw new TrekError('invalid', 'The body is not a JSON object')
}

async function register(parts: ServerParts, request: FastifyRequest, reply: FastifyReply) {
  await parts.limits.registration(request.ip)
  const asked = parsedJson(typeof request.body === 'string' ? request.body : '')
  const answer = await ask(parts, request, '/oauth/register', { body: JSON.stringify(asked), type: 'application/json' })
  if (answer.statusCode !== 201) return send(reply, answer)
  const { trek_source: _, ...registered } = answer.json() as Record<string, unknown>
  const scopes = typeof asked.scope === 'string' ? asked.scope.split(' ').filter((scope) => ALL.includes(scope)) : []
  return reply
    .code(201)
    .header('cache-control', 'no-store')
    .send({ ...registered, scope: (scopes.length ? scopes : ALL).join(' ') })
}

interface Body {
  readonly body: string
  readonly type: string
}

const pass = async (parts: ServerParts, request: FastifyRequest, reply: FastifyReply, path: string) =>
  send(reply, await ask(parts, request, path))

/** Hands the request to the server as it was meant: under the public address, whatever a proxy made of it. */
async function ask(parts: ServerParts, request: FastifyRequest, path: string, body?: Body) {
  const issuer = parts.addresses.issuerFor(request.host)
  const provider = await parts.provider(issuer)
  const { host, protocol } = new URL(issuer)
  const { accept, authorization, cookie } = request.headers
  return inject(provider.callback(), {
    method: request.method as 'GET' | 'POST',
    url: path,
    remoteAddress: request.ip,
    headers: {
      host,
      'x-forwarded-proto': protocol.slice(0, -1),
      ...(accept !== undefined && { accept }),
      ...(authorization !== undefined && { authorization }),
      ...(cookie !== undefined && { cookie }),
      ...(body && { 'content-type': body.type }),
    },
    ...(body && { payload: body.body }),
  })
}

type Answered = Awaited<ReturnType<typeof ask>>

/** Of its own: where the server sends somebody, what it says, and the cookies that tie a request to a browser. */
function send(reply: FastifyReply, { statusCode, headers, rawPayload }: Answered): FastifyReply {
  for (const name of ['cache-control', 'pragma', 'location', 'www-authenticate']) {
    const value = headers[name]
    if (value !== undefined) reply.header(name, value)
  }
  const cookies = [headers['set-cookie'] ?? []].flat().filter((cookie) => !/^trek_oauth_session/.test(cookie))
  if (cookies.length) reply.header('set-cookie', cookies)
  reply.code(statusCode)
  // No page that this leads to learns where somebody came from.
  if (headers.location) return reply.header('referrer-policy', 'no-referrer').send()
  return reply.type(String(headers['content-type'] ?? 'application/json')).send(rawPayload)
}

const problem = (reply: FastifyReply, status: number, error: string, error_description: string) =>
  reply.code(status).header('cache-control', 'no-store').send({ error, error_description })

/** Errors as RFC 6749 section 5.2 has them. */
function answerError(error: Error & { statusCode?: number }, request: FastifyRequest, reply: FastifyReply) {
  if (error instanceof TrekError && error.code === 'rate_limited') {
    if (error.retryAfter !== undefined) reply.header('retry-after', Math.ceil(error.retryAfter))
    return problem(reply, 429, 'too_many_requests', error.message)
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
