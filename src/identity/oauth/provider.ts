import { type Configuration, errors, interactionPolicy, type KoaContextWithOIDC, Provider } from 'oidc-provider'
import type { Database } from '../../core/database.ts'
import type { Feed } from '../../core/feed.ts'
import type { Audit } from '../audit/audit.ts'
import { SCOPES } from '../scopes.ts'
import { isBanned } from '../store.ts'
import { rowsAdapter } from './adapter.ts'
import { mayRedirect, PARTICULARS, particularsOf, settleMetadata } from './clients.ts'
import type { Limits } from './limits.ts'
import { CONSENT_PATH, PROBLEM_PATH, resourceOf } from './paths.ts'
import { isSecret, newAccessToken, newClientSecret, newRefreshToken, signingKeyFrom, successorOf } from './secrets.ts'

export interface ProviderParts {
  readonly database: Database
  readonly feed: Feed
  readonly audit: Audit
  readonly limits: Limits
  readonly clock: () => Date
  /** A secret of this instance for one purpose, as text. */
  secretFor(purpose: string): string
  /** The guarded way out, for documents that say who a program is. */
  fetch(url: string | URL | Request, init?: RequestInit): Promise<Response>
  failed(error: unknown): void
}

/** Lifetimes in seconds. */
export const ACCESS_SECONDS = 3600
export const REFRESH_SECONDS = 30 * 86_400
const CODE_SECONDS = 120
/** How long somebody may take to log in and decide. */
const INTERACTION_SECONDS = 3600

const KNOWN = new Set(SCOPES.map(({ scope }) => scope))

/** The authorization server at one public address. `oidc-provider` speaks the protocol; here is what is particular to us. */
export function createProvider(issuer: string, parts: ProviderParts): Provider {
  const provider = new Provider(issuer, configurationFor(issuer, parts))
  provider.proxy = true
  provider.on('server_error', (_ctx, error) => parts.failed(error))
  bendModels(provider, parts)
  keepAudit(provider, parts)
  return provider
}

/** Tells the audit log what programs registered, were given, and lost. Never what they were given it for, or with. */
function keepAudit(provider: Provider, { audit }: ProviderParts): void {
  const about = ({ oidc, ip }: KoaContextWithOIDC) => {
    const { AccessToken, ClientCredentials } = oidc.entities
    const user = oidc.entities.Account?.accountId ?? particularsOf((oidc.client ?? {}) as never).trek_owner
    return {
      user_id: user === undefined ? null : Number(user),
      client: oidc.client?.clientName ?? oidc.client?.clientId ?? null,
      grant_id: AccessToken && !ClientCredentials ? `grant:${AccessToken.grantId}` : null,
      ip_address: ip,
    }
  }
  provider.on('grant.success', (ctx) => audit.note({ event: 'oauth_token', ...about(ctx), outcome: 'ok' }))
  provider.on('grant.error', (ctx, error) => audit.note({ event: 'oauth_token', ...about(ctx), outcome: error.error }))
  provider.on('registration_create.success', (ctx) =>
    audit.note({ event: 'oauth_register', ...about(ctx), outcome: 'ok' }),
  )
  provider.on('grant.revoked', (ctx, id) => {
    // Revoked where tokens are traded: a code or a token came back that had been used.
    const event = ctx.oidc.route === 'token' ? 'oauth_replay' : 'oauth_revoke'
    audit.note({ event, ...about(ctx), grant_id: `grant:${id}`, outcome: 'ok' })
  })
}

function configurationFor(issuer: string, { secretFor, fetch, ...parts }: ProviderParts): Configuration {
  const resource = resourceOf(issuer)
  return {
    adapter: rowsAdapter(parts),
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
      names: { session: 'trek_oauth_session', interaction: 'trek_oauth_request', resume: 'trek_oauth_resume' },
      short: { httpOnly: true, sameSite: 'lax', signed: true },
      long: { httpOnly: true, sameSite: 'lax', signed: true },
    },
    scopes: ['openid', 'offline_access'],
    claims: { openid: ['sub'] },
    responseTypes: ['code'],
    clientAuthMethods: ['none', 'client_secret_basic', 'client_secret_post', 'private_key_jwt'],
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
      properties: [...PARTICULARS],
      validator(ctx, key, _value, metadata) {
        if (key !== PARTICULARS[0]) return
        if (ctx) settleMetadata(metadata as never, 'registered')
        else if (/^https:/i.test(String(metadata.client_id))) settleMetadata(metadata as never, 'document')
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
    rotateRefreshToken: true,
    revokeGrantPolicy: () => true,
    fetch,
    async findAccount(_ctx, id) {
      if (await isBanned(parts.database.kysely, Number(id))) return undefined
      return { accountId: id, claims: () => ({ sub: id }) }
    },
    // Each authorization has a grant of its own: two installations of one program do not share a chain of tokens.
    async loadExistingGrant(ctx) {
      const grantId = ctx.oidc.result?.consent?.grantId
      return grantId === undefined ? undefined : ctx.oidc.provider.Grant.find(grantId)
    },
    interactions: {
      url: (_ctx, interaction) => `${CONSENT_PATH}/${interaction.uid}`,
      // Who is logged in, and what they said before, is looked up where the web session is known; so every request goes there.
      policy: [
        new interactionPolicy.Prompt(
          { name: 'login', requestable: true },
          new interactionPolicy.Check('undecided', 'a person has to decide', (ctx) =>
            ctx.oidc.result?.consent
              ? interactionPolicy.Check.NO_NEED_TO_PROMPT
              : interactionPolicy.Check.REQUEST_PROMPT,
          ),
        ),
        new interactionPolicy.Prompt({ name: 'consent', requestable: true }),
      ],
    },
    async renderError(ctx, out) {
      if (ctx.accepts('json', 'html') === 'html') ctx.redirect(`${issuer}${PROBLEM_PATH}?error=${out.error}`)
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
        allowFetch: (ctx) => (ctx ? parts.limits.mayFetch(ctx.ip) : true),
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

/** A client learns of its own tokens only. */
const isOwn = async (
  _ctx: KoaContextWithOIDC,
  client: { clientId: string },
  token: { clientId?: string | undefined },
) => token.clientId === client.clientId

/**
 * What a client may be granted at most: what it asks for beyond is left out, and it is told what it got. A client whose owner
 * chose nothing of what it asks for is refused.
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

/** The few places where what we want is a method of a model and not a setting. */
function bendModels(provider: Provider, { secretFor }: ProviderParts): void {
  const chain = secretFor('oauth refresh tokens')
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
    return mayRedirect(this as never, given)
  })
}

function override(model: { prototype: unknown }, method: string, as: (...given: never[]) => unknown): void {
  const prototype = model.prototype as Record<string, unknown>
  // A method that the library renames must not quietly come back with its own behaviour.
  if (typeof prototype[method] !== 'function') throw new Error(`oidc-provider has no ${method} any more`)
  prototype[method] = as
}
