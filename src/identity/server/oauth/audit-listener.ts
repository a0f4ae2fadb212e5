import { type AdapterFactory, type AdapterPayload, type KoaContextWithOIDC, Provider } from 'oidc-provider'
import type { Database } from '../../../core/data/database.ts'
import type { Audit } from '../audit/audit.ts'
import { particularsOf } from './clients.ts'
import { findMachineGrant } from './store.ts'

interface TrailParts {
  readonly database: Database
  readonly audit: Audit
}

/** The owner and grant of the code or token in a request. */
interface Shown {
  readonly user: number
  readonly grant: number
}

/** Protocol errors have a code; errors of the library below do not. */
interface Refused {
  readonly error?: string
}

/** The codes and tokens that programs present. */
const SHOWN = new Set(['AuthorizationCode', 'AccessToken', 'RefreshToken'])

/** Event names of token requests, by grant type (RFC 6749 section 4). */
const TRADES = new Map([
  ['refresh_token', 'oauth_refresh'],
  ['client_credentials', 'oauth_machine'],
])

/** Ids that we issued, and document URLs. Anything else sent as an id may be a secret in the wrong field. */
const KNOWN_FORM = /^([\w-]{21}|[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}|https:\/\/[\w.:/-]{1,200})$/

/**
 * Records the authorization server's events in the audit log: registrations, grants, refusals, and reuse of used codes
 * or tokens. Never the code, token or secret itself.
 */
export class AuditListener {
  readonly #parts: TrailParts
  readonly #grantOf = new WeakMap<object, Shown>()

  constructor(parts: TrailParts) {
    this.#parts = parts
  }

  /** The same adapters; remembers what a request finds for as long as the request lasts. */
  watch(of: AdapterFactory): AdapterFactory {
    return (model) => {
      const rows = of(model)
      return {
        ...rows,
        find: async (id) => {
          const payload = await rows.find(id)
          if (payload) await this.#remember(model, payload)
          return payload
        },
        upsert: async (id, payload, expiresIn) => {
          await rows.upsert(id, payload, expiresIn)
          // A machine presents no code or token; its grant is known only now.
          if (model === 'ClientCredentials') await this.#remember(model, payload)
        },
      }
    }
  }

  listen(provider: Provider): void {
    const trade = (ctx: KoaContextWithOIDC) => TRADES.get(String(ctx.oidc.params?.grant_type)) ?? 'oauth_token'
    const refused = (event: string) => (ctx: KoaContextWithOIDC, error: Refused) =>
      this.#note(event, ctx, error.error ?? 'invalid_request')
    provider.on('registration_create.success', (ctx) => this.#note('oauth_register', ctx))
    provider.on('registration_create.error', refused('oauth_register'))
    provider.on('authorization.error', (ctx, error) => {
      // The consent route records a refusal by the person.
      if (error.error !== 'access_denied') refused('oauth_authorize')(ctx, error)
    })
    provider.on('grant.success', (ctx) => this.#note(trade(ctx), ctx))
    provider.on('grant.error', (ctx, error) => refused(trade(ctx))(ctx, error))
    provider.on('grant.revoked', (ctx) => {
      // Revocation at the token endpoint: a used code or token came back.
      if (ctx.oidc.route === 'token') this.#note('oauth_replay', ctx, 'invalid_grant')
      else this.#note('oauth_revoke', ctx)
    })
    provider.on('client_credentials.destroyed', () => Provider.ctx && this.#note('oauth_revoke', Provider.ctx))
    provider.on('revocation.error', refused('oauth_revoke'))
    provider.on('introspection.error', refused('oauth_introspect'))
  }

  #note(event: string, ctx: KoaContextWithOIDC, outcome = 'ok'): void {
    const grant = this.#grantOf.get(ctx)
    const { client } = ctx.oidc
    this.#parts.audit.note({
      event,
      user_id: grant?.user ?? (client && particularsOf(client as never).trek_owner) ?? null,
      way: 'oauth',
      client: client ? (client.clientName ?? client.clientId) : askingId(ctx),
      grant_id: grant ? `grant:${grant.grant}` : null,
      ip_address: ctx.ip,
      outcome,
    })
  }

  async #remember(model: string, { clientId, accountId, grantId }: AdapterPayload): Promise<void> {
    const { ctx } = Provider
    if (!ctx) return
    if (model === 'ClientCredentials') {
      const grant = await findMachineGrant(this.#parts.database.kysely, String(clientId))
      if (grant) this.#grantOf.set(ctx, { user: grant.user_id, grant: grant.id })
    } else if (SHOWN.has(model) && accountId && grantId) {
      this.#grantOf.set(ctx, { user: Number(accountId), grant: Number(grantId) })
    }
  }
}

/** The unknown id by which a program called itself, if it has the form of one. */
function askingId({ oidc, headers }: KoaContextWithOIDC): string | null {
  const basic = /^basic (\S+)$/i.exec(headers.authorization ?? '')?.[1] ?? ''
  const id = oidc.params?.client_id ?? Buffer.from(basic, 'base64').toString('utf8').split(':', 1)[0]
  return typeof id === 'string' && KNOWN_FORM.test(id) ? id : null
}
