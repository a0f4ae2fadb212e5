import { type AdapterFactory, type AdapterPayload, type KoaContextWithOIDC, Provider } from 'oidc-provider'
import type { Database } from '../../../core/data/database.ts'
import type { Audit } from '../audit/audit.ts'
import { particularsOf } from './clients.ts'
import { findMachineGrant } from './store.ts'

interface TrailParts {
  readonly database: Database
  readonly audit: Audit
}

/** Whose code or token a request came with, and what it lives by. */
interface Shown {
  readonly user: number
  readonly grant: number
}

/** An error of the protocol has a code; one of the library below it has not. */
interface Refused {
  readonly error?: string
}

/** What programs come with. */
const SHOWN = new Set(['AuthorizationCode', 'AccessToken', 'RefreshToken'])

/** What asking for tokens is called, by the type of the grant (RFC 6749 section 4). */
const TRADES = new Map([
  ['refresh_token', 'oauth_refresh'],
  ['client_credentials', 'oauth_machine'],
])

/** Ids that we gave out, and addresses of documents. Whatever else is sent as an id may be a secret in the wrong field. */
const KNOWN_FORM = /^([\w-]{21}|[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}|https:\/\/[\w.:/-]{1,200})$/

/**
 * Tells the audit log what the authorization server does: who registered, who was given or refused what, and what came back
 * that had been used. Never with which code, token or secret.
 */
export class AuditListener {
  readonly #parts: TrailParts
  readonly #shown = new WeakMap<object, Shown>()

  constructor(parts: TrailParts) {
    this.#parts = parts
  }

  /** The same rows; what a request finds among them is remembered for as long as the request lasts. */
  watch(of: AdapterFactory): AdapterFactory {
    return (model) => {
      const rows = of(model)
      return {
        ...rows,
        find: async (id) => {
          const found = await rows.find(id)
          if (found) await this.#remember(model, found)
          return found
        },
        upsert: async (id, payload, expiresIn) => {
          await rows.upsert(id, payload, expiresIn)
          // A machine comes with nothing but itself: what it lives by is known when it is let in.
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
      // That somebody said no is told where they said it.
      if (error.error !== 'access_denied') refused('oauth_authorize')(ctx, error)
    })
    provider.on('grant.success', (ctx) => this.#note(trade(ctx), ctx))
    provider.on('grant.error', (ctx, error) => refused(trade(ctx))(ctx, error))
    provider.on('grant.revoked', (ctx) => {
      // Revoked where tokens are traded: a code or a token came back that had been used.
      if (ctx.oidc.route === 'token') this.#note('oauth_replay', ctx, 'invalid_grant')
      else this.#note('oauth_revoke', ctx)
    })
    provider.on('client_credentials.destroyed', () => Provider.ctx && this.#note('oauth_revoke', Provider.ctx))
    provider.on('revocation.error', refused('oauth_revoke'))
    provider.on('introspection.error', refused('oauth_introspect'))
  }

  #note(event: string, ctx: KoaContextWithOIDC, outcome = 'ok'): void {
    const shown = this.#shown.get(ctx)
    const { client } = ctx.oidc
    this.#parts.audit.note({
      event,
      user_id: shown?.user ?? (client && particularsOf(client as never).trek_owner) ?? null,
      way: 'oauth',
      client: client ? (client.clientName ?? client.clientId) : askingId(ctx),
      grant_id: shown ? `grant:${shown.grant}` : null,
      ip_address: ctx.ip,
      outcome,
    })
  }

  async #remember(model: string, { clientId, accountId, grantId }: AdapterPayload): Promise<void> {
    const { ctx } = Provider
    if (!ctx) return
    if (model === 'ClientCredentials') {
      const grant = await findMachineGrant(this.#parts.database.kysely, String(clientId))
      if (grant) this.#shown.set(ctx, { user: grant.user_id, grant: grant.id })
    } else if (SHOWN.has(model) && accountId && grantId) {
      this.#shown.set(ctx, { user: Number(accountId), grant: Number(grantId) })
    }
  }
}

/** The id by which a program called itself that is not known here, if it looks like one. */
function askingId({ oidc, headers }: KoaContextWithOIDC): string | null {
  const basic = /^basic (\S+)$/i.exec(headers.authorization ?? '')?.[1] ?? ''
  const id = oidc.params?.client_id ?? Buffer.from(basic, 'base64').toString('utf8').split(':', 1)[0]
  return typeof id === 'string' && KNOWN_FORM.test(id) ? id : null
}
