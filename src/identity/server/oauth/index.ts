import type { FastifyInstance } from 'fastify'
import type { Provider } from 'oidc-provider'
import type { Database } from '../../../core/data/database.ts'
import type { Feed } from '../../../core/data/feed.ts'
import type { Message } from '../../../core/declare/message.ts'
import type { Authenticator } from '../../../core/run/authentication.ts'
import type { Catalogue } from '../../../core/run/catalogue.ts'
import { type Feature, feature, rows } from '../../../core/run/feature.ts'
import * as contract from '../../contract/oauth.ts'
import { OAuthClient, OAuthGrant, OAuthRegistration } from '../../contract/oauth.ts'
import type { RedirectRules } from '../../contract/redirects.ts'
import type { AttemptLimiter } from '../attempt-limiter.ts'
import type { Audit } from '../audit/audit.ts'
import type { CredentialKind } from '../credential-kind.ts'
import type { LastUsedTracker } from '../last-used.ts'
import { accessTokens } from './access-tokens.ts'
import { type Addresses, addressesOf } from './addresses.ts'
import { authorizationServer } from './authorization-server.ts'
import { consentRoutes } from './consent.ts'
import { oauthHandlers } from './handlers.ts'
import { RequestLimiter } from './limits.ts'
import { resourceOf } from './paths.ts'
import { type ProbeLeftovers, removeProbeLeftovers } from './probe-leftovers.ts'
import { CLIENT_ID, isClientKnown, listSpentGrants, removeOldArtifacts, removeUnusedRegistrations } from './store.ts'
import type { WebTokens } from './web-token.ts'

export interface OAuthParts {
  readonly database: Database
  readonly feed: Feed
  readonly uses: LastUsedTracker
  readonly attempts: AttemptLimiter
  readonly audit: Audit
  readonly webTokens: WebTokens
  /** The public URL, or null if unknown. */
  readonly appUrl: string | null
  /** The operator's rules for redirects. */
  readonly redirects: RedirectRules
  readonly clock: () => Date
  secretFor(purpose: string): string
  /** The guarded way out. */
  fetch(url: string | URL | Request, init?: RequestInit): Promise<Response>
  /** Throws if that way out does not allow an address. */
  checkAddress(url: URL): void
  onError(error: unknown): void
  readonly readOnly: Message | null
  /** The catalogue, available after start, and whether the add-on for assistants is on. */
  catalogue(): Catalogue
  isOn(): Promise<boolean>
}

export interface OAuth {
  readonly feature: Feature
  /** Authenticates the access tokens of this server. */
  readonly credentialKind: CredentialKind
  readonly addresses: Addresses
  routes(app: FastifyInstance, authenticator: Authenticator): Promise<void>
  /** Removes what a connection test left behind. */
  forget(leftovers: ProbeLeftovers): Promise<void>
  /** Removes expired codes and tokens, abandoned grants, and programs that nobody authorized. */
  tidy(now: Date): Promise<void>
}

const HOUR = 3_600_000
const DAY = 24 * HOUR
/** Without APP_URL, the port of the issuer comes from the client's request, so bound the number. */
const MOST_PROVIDERS = 10

/** The authorization server (OAuth 2.1) and its operations: clients, grants, and tokens of the app itself. */
export function createOAuth(parts: OAuthParts): OAuth {
  const { database, feed, audit, clock, redirects, secretFor, fetch, checkAddress, onError } = parts
  const limits = new RequestLimiter(parts.attempts)
  let port = 0
  const addresses = addressesOf(parts.appUrl, () => port)
  const providers = new Map<string, Promise<Provider>>()
  const tools = () => [...parts.catalogue().operations.values()].map(({ operation }) => operation)

  /** Created on demand: most requests do not need it, and loading it takes time and memory. */
  function provider(issuer: string): Promise<Provider> {
    let provider = providers.get(issuer)
    if (!provider) {
      provider = import('./provider.ts').then(({ createProvider }) =>
        createProvider(issuer, {
          database,
          feed,
          audit,
          limits,
          redirects,
          clock,
          secretFor,
          fetch,
          checkAddress,
          onError,
        }),
      )
      providers.set(issuer, provider)
      const oldest = providers.size > MOST_PROVIDERS && providers.keys().next().value
      if (oldest) providers.delete(oldest)
    }
    return provider
  }

  const credentialKind = accessTokens({ database, uses: parts.uses, addresses, clock, readOnly: parts.readOnly })
  const issuer = () => addresses.issuerFor(undefined)

  return {
    feature: feature({
      name: 'oauth',
      contract,
      handlers: oauthHandlers({
        webTokens: parts.webTokens,
        redirects,
        isOn: parts.isOn,
        mcpAddress: () => ({ url: resourceOf(issuer()), is_public: parts.appUrl !== null }),
        titleOf: (operation) => parts.catalogue().operation(operation)?.operation.title ?? operation,
      }),
      entities: [rows(OAuthClient), rows(OAuthGrant), rows(OAuthRegistration, () => false)],
    }),
    credentialKind,
    addresses,

    async routes(app, authenticator) {
      app.addHook('onListen', async () => {
        const address = app.server.address()
        if (address && typeof address === 'object') port = address.port
      })
      await authorizationServer(app, {
        addresses,
        isOn: parts.isOn,
        provider,
        limits,
        redirects,
        authenticator,
        isClientKnown: async (id) => CLIENT_ID.test(id) && isClientKnown(database.kysely, id),
      })
      consentRoutes(app, {
        database,
        feed,
        authenticator,
        audit,
        addresses,
        redirects,
        clock,
        isOn: parts.isOn,
        provider,
        toolsOf: (scope) =>
          tools()
            .filter(({ expose }) => expose.includes('mcp'))
            .filter((tool) => (scope === null ? tool.scope === null : [tool.scope].flat().includes(scope as never)))
            .map(({ name, title }) => ({ name, title })),
      })
    },

    forget: (leftovers) => removeProbeLeftovers(database.kysely, parts.attempts, leftovers),

    async tidy(now) {
      await removeOldArtifacts(database.kysely, now.toISOString())
      const spent = await listSpentGrants(database.kysely, new Date(now.getTime() - HOUR).toISOString())
      const { endGrant } = spent.length ? await import('./adapter.ts') : { endGrant: null }
      for (const { id } of spent) await endGrant?.({ database, feed, clock }, id, 'oauth_expired')
      const before = (ms: number) => new Date(now.getTime() - ms).toISOString()
      await removeUnusedRegistrations(database.kysely, before(DAY), before(365 * DAY))
    },
  }
}
