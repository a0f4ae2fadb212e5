import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import type { Authenticator } from '../../../core/run/authentication.ts'
import { addressOf, pathAt } from '../../../core/run/base-path.ts'
import { isLoopback, type RedirectRules, redirectProblem } from '../../contract/redirects.ts'
import { OFFERED_SCOPES, SCOPES } from '../../contract/scopes.ts'
import {
  clientSecretIn,
  FORM,
  formOf,
  IDENTITY,
  IDENTITY_PARAMETERS,
  normaliseResource,
  parsedJson,
  replaceScope,
  withoutNulls,
} from './forms.ts'
import type { RequestLimiter } from './limits.ts'
import { makerOf, openerOf, personOf } from './makers.ts'
import { answerError, ask, MOST_BODY, type ProviderBackend, problem, proxyToProvider, send } from './provider-proxy.ts'
import { ACCESS_PREFIX } from './secrets.ts'

export interface ServerParts extends ProviderBackend {
  /** Whether assistants can connect at all. */
  isOn(): Promise<boolean>
  readonly limits: RequestLimiter
  readonly redirects: RedirectRules
  readonly authenticator: Authenticator
  /** Whether anyone has authorized or added this program. */
  isClientKnown(id: string): Promise<boolean>
}

/** CORS for every path here: no cookie counts, so any page may call. */
const CORS = {
  'access-control-allow-origin': '*',
  'access-control-expose-headers': 'Mcp-Session-Id, MCP-Protocol-Version, WWW-Authenticate, Retry-After',
}

const PREFLIGHT = {
  'access-control-allow-methods': 'GET, POST, OPTIONS',
  'access-control-allow-headers': 'Authorization, Content-Type, MCP-Protocol-Version, *',
  'access-control-max-age': '86400',
}

/** Endpoints of the protocol. Some programs guess the short paths instead of reading the metadata. */
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

/**
 * RFC 8414 section 3.1 and OpenID Connect Discovery section 4, also in the forms that programs derive from the URL of
 * `/mcp`.
 */
const METADATA = ['oauth-authorization-server', 'openid-configuration'].flatMap((name) => [
  `/.well-known/${name}`,
  `/.well-known/${name}/mcp`,
  `/.well-known/${name}/mcp/`,
  `/mcp/.well-known/${name}`,
])

/**
 * RFC 9728 section 3.1: document paths and the resource of each. Programs compare the resource with the URL they were
 * given.
 */
const RESOURCE_METADATA: Record<string, string> = {
  '/.well-known/oauth-protected-resource': '/mcp',
  '/.well-known/oauth-protected-resource/mcp': '/mcp',
  '/.well-known/oauth-protected-resource/mcp/': '/mcp/',
  '/mcp/.well-known/oauth-protected-resource': '/mcp',
}

/** OAuth 2.1 over HTTP: every path that programs call. `oidc-provider` creates the answers. */
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

    for (const [path, endpoint] of Object.entries(RESOURCE_METADATA)) {
      preflight(path)
      scope.get(path, options, (request, reply) =>
        reply.send(resourceMetadata(parts.addresses.issuerFor(request.host), endpoint)),
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
    scope.get('/oauth/authorize/:uid', options, (request, reply) => proxyToProvider(parts, request, reply, request.url))
    for (const [path, target] of Object.entries(POSTS)) {
      preflight(path)
      scope.post(path, options, (request, reply) =>
        target === '/oauth/register' ? register(parts, request, reply) : exchange(parts, request, reply, target),
      )
    }
  })
}

const ALL = SCOPES.map(({ scope }) => scope)
const OFFERED = OFFERED_SCOPES.map(({ scope }) => scope)

function resourceMetadata(issuer: string, endpoint: string) {
  return {
    resource: addressOf(issuer, endpoint),
    resource_name: 'TREK',
    authorization_servers: [issuer],
    bearer_methods_supported: ['header'],
    scopes_supported: OFFERED,
  }
}

async function serverMetadata(parts: ServerParts, request: FastifyRequest, reply: FastifyReply) {
  const answer = await ask(parts, request, '/.well-known/oauth-authorization-server')
  const { claims_parameter_supported: _, ...metadata } = answer.json()
  return reply.send({
    ...metadata,
    userinfo_endpoint: addressOf(metadata.issuer, '/oauth/userinfo'),
    claims_supported: ['sub', 'name'],
    scopes_supported: OFFERED,
    response_modes_supported: ['query', 'fragment'],
  })
}

/**
 * The owner of a token (OpenID Connect Core section 5.3): some programs show the connected account. Returns only id and
 * name: nobody consented to more.
 */
async function userinfo({ authenticator, addresses }: ServerParts, request: FastifyRequest, reply: FastifyReply) {
  const token = /^bearer (\S+)$/i.exec(request.headers.authorization ?? '')?.[1]
  const identity = token?.startsWith(ACCESS_PREFIX) ? await authenticator.identifyBearer(token, 'mcp') : null
  reply.header('cache-control', 'no-store')
  if (identity) return reply.send({ sub: String(identity.userId), name: identity.name })
  reply.header('www-authenticate', `Bearer realm="${addresses.issuerFor(request.host)}", error="invalid_token"`)
  return problem(reply, 401, 'invalid_token', 'Send an access token: Authorization: Bearer …')
}

/**
 * Requests access in a browser. Without named scopes the person chooses and is asked for all of them, including
 * permanent deletion, which the page never ticks itself. Published scopes without tools are accepted and left out.
 */
async function authorize(parts: ServerParts, request: FastifyRequest, reply: FastifyReply, target: string) {
  const query = new URLSearchParams(request.url.slice(request.url.indexOf('?') + 1))
  const person = await parts.authenticator.identifyCookie(request.headers.cookie)
  const opener = openerOf(request)
  const maker = person ? personOf(person.userId, opener) : opener
  const id = query.get('client_id') ?? ''
  await parts.limits.request(maker, { id, isKnown: () => parts.isClientKnown(id) })
  replaceScope(query, (scopes) => {
    if (scopes.every((scope) => IDENTITY.has(scope))) return OFFERED
    const valid = scopes.filter((scope) => ALL.includes(scope))
    const offered = valid.filter((scope) => OFFERED.includes(scope))
    if (offered.length) return offered
    // If no scope is ours, leave the request unchanged, so that its own scopes cause the refusal.
    return valid.length ? valid : scopes
  })
  normaliseResource(query)
  for (const name of IDENTITY_PARAMETERS) query.delete(name)
  // A form post would need a script in the page. Without the parameter, the answer is in the redirect URL as usual.
  if (query.get('response_mode') === 'form_post') query.delete('response_mode')
  const answer = await ask(parts, request, `${target}?${query}`, { maker })
  if (answer.statusCode === 400 && answer.payload.includes('"invalid_redirect_uri"')) {
    const reason = redirectProblem(query.get('redirect_uri') ?? '', parts.redirects)
    if (reason) return problem(reply, 400, 'invalid_redirect_uri', `redirect_uri ${reason.text}`)
  }
  const error = errorElsewhere(answer.headers.location, parts.addresses.issuerFor(request.host))
  // The person has not been asked yet: an error alone must not redirect to a stranger's site (RFC 9700 section 4.11.2).
  return error === null ? send(reply, answer) : problem(reply, 400, error.error, error.description)
}

/**
 * The error with which the browser would be redirected to a foreign site (not this server or the browser's machine), or
 * null.
 */
function errorElsewhere(location: unknown, issuer: string): { error: string; description: string } | null {
  const url = typeof location === 'string' ? URL.parse(location) : null
  if (!url || pathAt(issuer, url) !== null || isLoopback(url.href)) return null
  const answer = new URLSearchParams(url.hash.slice(1) || url.search)
  const error = answer.getAll('error').at(-1) ?? ''
  return {
    error: /^[a-z_]+$/.test(error) ? error : 'invalid_request',
    description: answer.getAll('error_description').at(-1) ?? 'the request could not be continued',
  }
}

/** Exchanges a code, refresh token or client credentials for tokens; or revokes or introspects a token. */
async function exchange(parts: ServerParts, request: FastifyRequest, reply: FastifyReply, target: string) {
  const form = formOf(request)
  normaliseResource(form)
  replaceScope(form, (scopes) => {
    const ours = scopes.filter((scope) => !IDENTITY.has(scope))
    return !ours.length && form.get('grant_type') === 'client_credentials' ? ALL : ours
  })
  const client = clientSecretIn(request, form)
  const maker = makerOf(request)
  if (client !== null) await parts.limits.check(client, maker)
  const answer = await ask(parts, request, target, { body: { body: form.toString(), type: FORM } })
  if (answer.statusCode === 401 && client !== null) await parts.limits.wrongSecret(client, maker)
  if (answer.statusCode >= 400) await parts.limits.refused(maker)
  return send(reply.header('cache-control', 'no-store'), answer)
}

async function register(parts: ServerParts, request: FastifyRequest, reply: FastifyReply) {
  await parts.limits.registration(makerOf(request))
  const metadata = withoutNulls(parsedJson(typeof request.body === 'string' ? request.body : ''))
  const answer = await ask(parts, request, '/oauth/register', {
    body: { body: JSON.stringify(metadata), type: 'application/json' },
  })
  if (answer.statusCode !== 201) return send(reply, answer)
  const { trek_source: _, ...registered } = answer.json() as Record<string, unknown>
  const scopes =
    typeof metadata.scope === 'string' ? metadata.scope.split(' ').filter((scope) => ALL.includes(scope)) : []
  return reply
    .code(201)
    .header('cache-control', 'no-store')
    .send({ ...registered, scope: (scopes.length ? scopes : OFFERED).join(' ') })
}
