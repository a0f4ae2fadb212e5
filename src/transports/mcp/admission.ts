import type { FastifyRequest } from 'fastify'
import type { Identity } from '../../core/run/authentication.ts'
import { addressOf } from '../../core/run/base-path.ts'
import type { Catalogue } from '../../core/run/catalogue.ts'
import { mcpAddon } from './addon.ts'
import type { AuthenticatedRequest, McpParts } from './parts.ts'
import { RateLimit } from './rate.ts'
import { REFUSED, Refusal } from './refusal.ts'

/** RFC 6750: the scheme, one space, and a token of these characters. */
const BEARER = /^bearer ([A-Za-z0-9\-._~+/]+=*)$/i

/** Admits a request after three checks in this order: add-on, token, rate. The session is looked up later. */
export class Admission {
  readonly #parts: McpParts
  readonly #rate: RateLimit
  readonly #scopes: string

  constructor(parts: McpParts, onError: (error: unknown) => void) {
    const { database } = parts.pipeline.parts
    this.#parts = parts
    this.#rate = new RateLimit(parts.limits.requestsPerMinute, { database, onError })
    this.#scopes = usefulScopes(parts.pipeline.parts.catalogue).join(' ')
  }

  async admit(request: FastifyRequest): Promise<AuthenticatedRequest> {
    const { pipeline, authenticator } = this.#parts
    const settings = await pipeline.parts.settings.current()
    if (!settings.addonOn(mcpAddon)) {
      throw new Refusal(403, REFUSED, 'Assistants cannot connect: the add-on mcp is switched off on this server')
    }
    const { authorization } = request.headers
    const token = BEARER.exec(authorization ?? '')?.[1]
    const identity = token === undefined ? null : await authenticator.identifyBearer(token, 'mcp')
    if (!identity) throw this.#unauthenticated(request, authorization !== undefined)
    this.count(identity)
    return { identity, settings }
  }

  /** Counts one message of this client. Throws above the limit. */
  count({ userId, clientId }: Identity): void {
    // All clients unknown to OAuth count as one, however many tokens the person has.
    const wait = this.#rate.count(`${userId} ${clientId ?? ''}`)
    if (wait !== null) {
      throw new Refusal(429, REFUSED, `Too many requests; try again in ${wait} seconds`, {
        headers: { 'retry-after': String(wait) },
      })
    }
  }

  close(): Promise<void> {
    return this.#rate.close()
  }

  /** Tells a client with an OAuth token which scopes this request needs. */
  insufficientScope(
    request: FastifyRequest,
    granted: Iterable<string>,
    missing: readonly string[],
    id: string | number,
  ): Refusal {
    const scope = [...new Set([...granted, ...missing])].sort().join(' ')
    const message = `This needs the scope ${missing.join(' and ')}, which was not granted`
    return new Refusal(403, REFUSED, message, {
      id,
      data: { code: 'forbidden', details: { scope: missing[0] } },
      headers: this.#challenge(request, { error: 'insufficient_scope', scope, error_description: message }),
    })
  }

  #unauthenticated(request: FastifyRequest, tried: boolean): Refusal {
    const message = tried
      ? 'The token is not known here, or it has expired or been revoked; connect again'
      : 'Send a token: Authorization: Bearer …'
    return new Refusal(401, REFUSED, message, {
      headers: this.#challenge(request, { ...(tried && { error: 'invalid_token' }), scope: this.#scopes }),
    })
  }

  /** Names the metadata of exactly the requested address: some clients compare the two. */
  #challenge({ host, routeOptions }: FastifyRequest, more: Record<string, string>): Record<string, string> {
    const parameters = {
      resource_metadata: addressOf(
        this.#parts.publicUrl(host),
        `/.well-known/oauth-protected-resource${routeOptions.url}`,
      ),
      ...more,
    }
    const pairs = Object.entries(parameters).map(([name, value]) => `${name}="${value}"`)
    return { 'www-authenticate': `Bearer ${pairs.join(', ')}` }
  }
}

/**
 * The scopes that a client should request first: all that tools, resources and prompts need. The person consents to
 * each; those that delete permanently are not preselected.
 */
function usefulScopes({ operations, resources, prompts }: Catalogue): string[] {
  const scopes = [
    ...[...operations.values()].filter(({ operation }) => operation.expose.includes('mcp')),
    ...resources.map(({ operation }) => operation),
  ].flatMap(({ operation }) => operation.scope ?? [])
  const read = prompts.flatMap(({ prompt }) => prompt.reads.flatMap(({ scope }) => scope ?? []))
  return [...new Set([...scopes, ...read])].sort()
}
