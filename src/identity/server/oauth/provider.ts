import { type Configuration, errors, interactionPolicy, type KoaContextWithOIDC, Provider } from 'oidc-provider'
import type { Database } from '../../../core/data/database.ts'
import type { Feed } from '../../../core/data/feed.ts'
import { TrekError } from '../../../core/declare/errors.ts'
import { addressOf, pathBelow } from '../../../core/run/base-path.ts'
import type { RedirectRules } from '../../contract/redirects.ts'
import { SCOPES } from '../../contract/scopes.ts'
import type { Audit } from '../audit/audit.ts'
import { cookiesOf } from '../cookie.ts'
import { isBanned } from '../store.ts'
import { rowsAdapter } from './adapter.ts'
import { AuditListener } from './audit-listener.ts'
import { CHOICE_OF_METHODS, mayRedirect, normaliseMetadata, PARTICULARS, particularsOf } from './clients.ts'
import type { Limits } from './limits.ts'
import { STRANGER_HEADER } from './makers.ts'
import { CONSENT_PATH, PROBLEM_PATH, resourceOf } from './paths.ts'
import { isSecret, newAccessToken, newClientSecret, newRefreshToken, signingKeyFrom, successorOf } from './secrets.ts'

export interface ProviderParts {
  readonly database: Database
  readonly feed: Feed
  readonly audit: Audit
  readonly limits: Limits
  readonly redirects: RedirectRules
  readonly clock: () => Date
  /** A secret of this instance for one purpose, as text. */
  secretFor(purpose: string): string
  /** The guarded way out, for client metadata documents. */
  fetch(url: string | URL | Request, init?: RequestInit): Promise<Response>
  /** Throws if that way out does not allow an address. */
  checkAddress(url: URL): void
  onError(error: unknown): void
}

/** Lifetimes in seconds. */
export const ACCESS_SECONDS = 3600
export const REFRESH_SECONDS = 30 * 86_400
const CODE_SECONDS = 120
/** The time to log in and decide. */
const INTERACTION_SECONDS = 3600

/** The longest validity of a client assertion. */
const MOST_ASSERTION_SECONDS = 86_400

/** The purpose of the secret for computing refresh tokens. */
const CHAIN = 'oauth refresh tokens'

/** The length limit of a document URL: what an index can hold. */
const LONGEST_ID = 2000

const KNOWN = new Set(SCOPES.map(({ scope }) => scope))

/** The authorization server at one public URL. `oidc-provider` implements the protocol; this adds our particulars. */
export function createProvider(issuer: string, parts: ProviderParts): Provider {
  const auditListener = new AuditListener(parts)
  const provider = new Provider(issuer, configurationFor(issuer, parts, auditListener))
  provider.proxy = true
  provider.on('server_error', (ctx, error) => {
    if (error instanceof TrekError && error.code === 'unavailable') answerLater(ctx, error)
    else parts.onError(error)
  })
  overrideModels(provider, parts)
  auditListener.listen(provider)
  return provider
}

function configurationFor(
  issuer: string,
  { secretFor, fetch, ...parts }: ProviderParts,
  auditListener: AuditListener,
): Configuration {
  const resource = resourceOf(issuer)
  const { named } = cookiesOf(issuer)
  return {
    adapter: auditListener.watch(rowsAdapter({ ...parts, chain: secretFor(CHAIN) })),
    jwks: { keys: [signingKeyFrom(secretFor('oauth signatures'))] },
    routes: {
      authorization: '/oauth/authorize',
      token: '/oauth/token',
      registration: '/oauth/register',
      revocation: '/oauth/revoke',
      introspection: '/oauth/introspect',
      jwks: '/oauth/jwks',
    },
    cookies: {
      keys: [secretFor('oauth cookies')],
      names: {
        session: named('trek_oauth_session'),
        interaction: named('trek_oauth_request'),
        resume: named('trek_oauth_resume'),
      },
      short: { httpOnly: true, sameSite: 'lax', signed: true },
      long: { httpOnly: true, sameSite: 'lax', signed: true },
    },
    scopes: ['openid', 'offline_access'],
    claims: { openid: ['sub'] },
    responseTypes: ['code'],
    clientAuthMethods: ['none', 'client_secret_basic', 'client_secret_post', 'private_key_jwt'],
    // Each assertion is remembered until it expires, so that it counts once (RFC 7523 section 3). So its lifetime is
    // limited.
    assertJwtClientAuthClaimsAndHeader(_ctx, { exp }) {
      if (Number(exp) * 1000 <= parts.clock().getTime() + MOST_ASSERTION_SECONDS * 1000) return
      throw new errors.InvalidClientAuth('the assertion is good for too long')
    },
    enabledJWA: {
      clientAuthSigningAlgValues: ['RS256', 'PS256', 'ES256', 'EdDSA', 'Ed25519'],
      idTokenSigningAlgValues: ['EdDSA'],
    },
    clientDefaults: {
      grant_types: ['authorization_code', 'refresh_token'],
      response_types: ['code'],
      token_endpoint_auth_method: 'client_secret_basic',
      id_token_signed_response_alg: 'EdDSA',
    },
    extraClientMetadata: {
      properties: [...PARTICULARS, CHOICE_OF_METHODS],
      validator(ctx, key, _value, metadata) {
        if (key !== PARTICULARS[0]) return
        if (ctx) normaliseMetadata(metadata as never, 'registered', parts)
        else if (/^https:/i.test(String(metadata.client_id))) normaliseMetadata(metadata as never, 'document', parts)
      },
    },
    ttl: {
      AccessToken: ACCESS_SECONDS,
      ClientCredentials: ACCESS_SECONDS,
      RefreshToken: REFRESH_SECONDS,
      AuthorizationCode: CODE_SECONDS,
      Interaction: INTERACTION_SECONDS,
      Session: INTERACTION_SECONDS,
      IdToken: ACCESS_SECONDS,
    },
    pkce: { required: () => true },
    clientBasedCORS: () => true,
    expiresWithSession: () => false,
    issueRefreshToken: async (_ctx, client) => client.grantTypeAllowed('refresh_token'),
    // Checked before any write: a refusal for the resource must not use up the token.
    rotateRefreshToken({ oidc: { params, entities } }) {
      const wanted = params?.resource ?? entities.RefreshToken?.resource
      if (wanted !== resource) throw new errors.InvalidTarget(`the only resource here is ${resource}`)
      return true
    },
    revokeGrantPolicy: () => true,
    // Fetches documents and keys at URLs named by strangers.
    async fetch(url, init) {
      const stranger = Provider.ctx?.headers[STRANGER_HEADER]
      if (typeof stranger === 'string') await parts.limits.lookUp(decodeURIComponent(stranger))
      return fetch(url, init)
    },
    async findAccount(_ctx, id) {
      if (await isBanned(parts.database.kysely, Number(id))) return undefined
      return { accountId: id, claims: () => ({ sub: id }) }
    },
    // Each authorization has its own grant: two installations of a program share no token chain.
    async loadExistingGrant(ctx) {
      const grantId = ctx.oidc.result?.consent?.grantId
      return grantId === undefined ? undefined : ctx.oidc.provider.Grant.find(grantId)
    },
    interactions: {
      url: (_ctx, interaction) => pathBelow(issuer, `${CONSENT_PATH}/${interaction.uid}`),
      // The login and earlier consent are looked up where the web session is known, so every request goes there.
      policy: [
        new interactionPolicy.Prompt(
          { name: 'login', requestable: true },
          new interactionPolicy.Check('undecided', 'a person has to decide', (ctx) => {
            if (!ctx.oidc.result?.consent) return interactionPolicy.Check.REQUEST_PROMPT
            if (!ctx.oidc.account) throw new errors.AccessDenied('this account was blocked meanwhile')
            return interactionPolicy.Check.NO_NEED_TO_PROMPT
          }),
        ),
        new interactionPolicy.Prompt({ name: 'consent', requestable: true }),
      ],
    },
    async renderError(ctx, out, error) {
      // For programs it is an invalid request; a person can act on the specific error.
      const code = error instanceof errors.SessionNotFound ? 'session_not_found' : out.error
      if (ctx.accepts('json', 'html') === 'html') ctx.redirect(addressOf(issuer, `${PROBLEM_PATH}?error=${code}`))
      else ctx.body = out
    },
    features: {
      devInteractions: { enabled: false },
      userinfo: { enabled: false },
      rpInitiatedLogout: { enabled: false },
      dPoP: { enabled: false },
      pushedAuthorizationRequests: { enabled: false },
      clientCredentials: { enabled: true },
      revocation: { enabled: true, allowedPolicy: isOwn },
      introspection: { enabled: true, allowedPolicy: isOwn },
      registration: { enabled: true, issueRegistrationAccessToken: false, secretFactory: newClientSecret },
      clientIdMetadataDocument: {
        enabled: true,
        ack: 'draft-02',
        allowFetch: (_ctx, id) => id.length <= LONGEST_ID,
      },
      resourceIndicators: {
        enabled: true,
        defaultResource: (_ctx, _client, oneOf) => oneOf ?? resource,
        useGrantedResource: () => true,
        async getResourceServerInfo(ctx, indicator, client) {
          if (indicator !== resource) throw new errors.InvalidTarget(`the only resource here is ${resource}`)
          return {
            scope: allowedFor(ctx, client as never),
            audience: resource,
            accessTokenTTL: ACCESS_SECONDS,
            accessTokenFormat: 'opaque',
          }
        },
      },
    },
  }
}

/** Reports temporary errors so that a program retries and does not take its token for invalid. */
function answerLater(ctx: KoaContextWithOIDC, { message, retryAfter = 1 }: TrekError): void {
  if (ctx.status < 500) return
  ctx.status = 503
  ctx.set('retry-after', String(retryAfter))
  ctx.body = { error: 'temporarily_unavailable', error_description: message }
}

/** A client can see only its own tokens. */
const isOwn = async (
  _ctx: KoaContextWithOIDC,
  client: { clientId: string },
  token: { clientId?: string | undefined },
) => token.clientId === client.clientId

/**
 * The scopes that a client can be granted. Others are left out, and the answer lists the granted ones. Throws if the
 * owner of the client chose none of the requested scopes.
 */
function allowedFor(ctx: KoaContextWithOIDC, client: Record<string, unknown>): string {
  const { trek_scopes: chosen } = particularsOf(client)
  const allowed = chosen === undefined ? KNOWN : new Set(chosen.split(' '))
  const asked = String(ctx.oidc.params?.scope ?? '')
    .split(' ')
    .filter((scope) => scope && scope !== 'openid' && scope !== 'offline_access')
  if (asked.length && !asked.some((scope) => allowed.has(scope))) {
    throw new errors.InvalidScope('none of the requested scopes may be granted to this client', asked.join(' '))
  }
  return [...allowed].join(' ')
}

/** Behaviour that requires overriding model methods, not just settings. */
function overrideModels(provider: Provider, { secretFor, redirects }: ProviderParts): void {
  const chain = secretFor(CHAIN)
  override(provider.AccessToken, 'generateTokenId', function (this: { format?: string }) {
    this.format = 'opaque'
    return newAccessToken()
  })
  override(provider.ClientCredentials, 'generateTokenId', function (this: { format?: string }) {
    this.format = 'opaque'
    return newAccessToken()
  })
  override(provider.RefreshToken, 'generateTokenId', () => {
    const rotated = Provider.ctx?.oidc.entities.RotatedRefreshToken
    return rotated ? successorOf(rotated.jti, chain) : newRefreshToken()
  })
  override(provider.Client, 'compareClientSecret', async function (this: { clientSecret: string }, given: string) {
    return isSecret(given, this.clientSecret)
  })
  override(provider.Client, 'redirectUriAllowed', function (this: object, given: unknown) {
    return mayRedirect(this as never, given, redirects)
  })
}

function override(model: { prototype: unknown }, method: string, as: (...given: never[]) => unknown): void {
  const prototype = model.prototype as Record<string, unknown>
  // If the library renames a method, its own behaviour must not return unnoticed.
  if (typeof prototype[method] !== 'function') throw new Error(`oidc-provider has no ${method} any more`)
  prototype[method] = as
}
