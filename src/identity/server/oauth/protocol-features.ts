import { type Configuration, errors, type KoaContextWithOIDC } from 'oidc-provider'
import { SCOPES } from '../../contract/scopes.ts'
import { particularsOf } from './clients.ts'
import { newClientSecret } from './secrets.ts'

/** The length limit of a document URL: what an index can hold. */
const LONGEST_ID = 2000

const ALL_SCOPES = new Set(SCOPES.map(({ scope }) => scope))

/** The optional parts of the protocol that are on. Every token is for this one resource. */
export const featuresFor = (resource: string, accessSeconds: number): Configuration['features'] => ({
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
        accessTokenTTL: accessSeconds,
        accessTokenFormat: 'opaque',
      }
    },
  },
})

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
  const allowed = chosen === undefined ? ALL_SCOPES : new Set(chosen.split(' '))
  const requested = String(ctx.oidc.params?.scope ?? '')
    .split(' ')
    .filter((scope) => scope && scope !== 'openid' && scope !== 'offline_access')
  if (requested.length && !requested.some((scope) => allowed.has(scope))) {
    throw new errors.InvalidScope('none of the requested scopes may be granted to this client', requested.join(' '))
  }
  return [...allowed].join(' ')
}
