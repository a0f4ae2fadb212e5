import { type Configuration, errors, Provider } from 'oidc-provider'
import type { Database } from '../../../core/data/database.ts'
import type { Feed } from '../../../core/data/feed.ts'
import { addressOf } from '../../../core/run/base-path.ts'
import type { RedirectRules } from '../../contract/redirects.ts'
import type { Audit } from '../audit/audit.ts'
import { cookiesOf } from '../cookie.ts'
import { isBanned } from '../store.ts'
import { rowsAdapter } from './adapter.ts'
import type { AuditListener } from './audit-listener.ts'
import { CHOICE_OF_METHODS, normaliseMetadata, PARTICULARS } from './clients.ts'
import { interactionsFor } from './interactions.ts'
import type { RequestLimiter } from './limits.ts'
import { STRANGER_HEADER } from './makers.ts'
import { PROBLEM_PATH, resourceOf } from './paths.ts'
import { featuresFor } from './protocol-features.ts'
import { REFRESH_CHAIN, signingKeyFrom } from './secrets.ts'

export interface ProviderParts {
  readonly database: Database
  readonly feed: Feed
  readonly audit: Audit
  readonly limits: RequestLimiter
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
const ACCESS_SECONDS = 3600
const REFRESH_SECONDS = 30 * 86_400
const CODE_SECONDS = 120
/** The time to log in and decide. */
const INTERACTION_SECONDS = 3600

/** The longest validity of a client assertion. */
const MOST_ASSERTION_SECONDS = 86_400

/** The settings that are the same at every public URL; new objects each time, since each provider takes its own. */
const protocol = (): Configuration => ({
  routes: {
    authorization: '/oauth/authorize',
    token: '/oauth/token',
    registration: '/oauth/register',
    revocation: '/oauth/revoke',
    introspection: '/oauth/introspect',
    jwks: '/oauth/jwks',
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
  revokeGrantPolicy: () => true,
  issueRefreshToken: async (_ctx, client) => client.grantTypeAllowed('refresh_token'),
  // Each authorization has its own grant: two installations of a program share no token chain.
  async loadExistingGrant(ctx) {
    const grantId = ctx.oidc.result?.consent?.grantId
    return grantId === undefined ? undefined : ctx.oidc.provider.Grant.find(grantId)
  },
})

/** The settings of `oidc-provider` for one public URL. */
export function configurationFor(
  issuer: string,
  { secretFor, fetch, ...parts }: ProviderParts,
  auditListener: AuditListener,
): Configuration {
  const resource = resourceOf(issuer)
  return {
    ...protocol(),
    adapter: auditListener.watch(rowsAdapter({ ...parts, chain: secretFor(REFRESH_CHAIN) })),
    jwks: { keys: [signingKeyFrom(secretFor('oauth signatures'))] },
    cookies: cookiesFor(issuer, secretFor('oauth cookies')),
    interactions: interactionsFor(issuer),
    features: featuresFor(resource, ACCESS_SECONDS),
    // Each assertion is remembered until it expires, so that it counts once (RFC 7523 section 3). So its lifetime is
    // limited.
    assertJwtClientAuthClaimsAndHeader(_ctx, { exp }) {
      if (Number(exp) * 1000 <= parts.clock().getTime() + MOST_ASSERTION_SECONDS * 1000) return
      throw new errors.InvalidClientAuth('the assertion is good for too long')
    },
    extraClientMetadata: {
      properties: [...PARTICULARS, CHOICE_OF_METHODS],
      validator(ctx, key, _value, metadata) {
        if (key !== PARTICULARS[0]) return
        if (ctx) normaliseMetadata(metadata as never, 'registered', parts)
        else if (/^https:/i.test(String(metadata.client_id))) normaliseMetadata(metadata as never, 'document', parts)
      },
    },
    // Checked before any write: a refusal for the resource must not use up the token.
    rotateRefreshToken({ oidc: { params, entities } }) {
      const requested = params?.resource ?? entities.RefreshToken?.resource
      if (requested !== resource) throw new errors.InvalidTarget(`the only resource here is ${resource}`)
      return true
    },
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
    async renderError(ctx, out, error) {
      // For programs it is an invalid request; a person can act on the specific error.
      const code = error instanceof errors.SessionNotFound ? 'session_not_found' : out.error
      if (ctx.accepts('json', 'html') === 'html') ctx.redirect(addressOf(issuer, `${PROBLEM_PATH}?error=${code}`))
      else ctx.body = out
    },
  }
}

function cookiesFor(issuer: string, key: string): Configuration['cookies'] {
  const { named } = cookiesOf(issuer)
  return {
    keys: [key],
    names: {
      session: named('trek_oauth_session'),
      interaction: named('trek_oauth_request'),
      resume: named('trek_oauth_resume'),
    },
    short: { httpOnly: true, sameSite: 'lax', signed: true },
    long: { httpOnly: true, sameSite: 'lax', signed: true },
  }
}
