import { type KoaContextWithOIDC, Provider } from 'oidc-provider'
import { TrekError } from '../../../core/declare/errors.ts'
import { AuditListener } from './audit-listener.ts'
import { mayRedirect } from './clients.ts'
import { configurationFor, type ProviderParts } from './configuration.ts'
import { isSecret, newAccessToken, newRefreshToken, REFRESH_CHAIN, successorOf } from './secrets.ts'

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

/** Reports temporary errors so that a program retries and does not take its token for invalid. */
function answerLater(ctx: KoaContextWithOIDC, { message, retryAfter = 1 }: TrekError): void {
  if (ctx.status < 500) return
  ctx.status = 503
  ctx.set('retry-after', String(retryAfter))
  ctx.body = { error: 'temporarily_unavailable', error_description: message }
}

/** Behaviour that requires overriding model methods, not just settings. */
function overrideModels(provider: Provider, { secretFor, redirects }: ProviderParts): void {
  const chain = secretFor(REFRESH_CHAIN)
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
