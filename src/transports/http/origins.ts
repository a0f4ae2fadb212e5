import { isIP } from 'node:net'
import type { FastifyRequest } from 'fastify'
import { messages } from './messages.ts'

/**
 * Decides which host names are ours and which pages can send requests. A page that points its own name at our address
 * (DNS rebinding) is detected by Host, a page of another site by Origin.
 */
export class Origins {
  readonly #own: URL | null
  /** `host` or `host:port`, lower case. */
  readonly #named: ReadonlySet<string>

  constructor(appUrl: string | null, allowedHosts: readonly string[]) {
    this.#own = appUrl ? new URL(appUrl) : null
    this.#named = new Set(allowedHosts.map((host) => host.trim().toLowerCase()))
  }

  /**
   * Whether this is a name of ours: of APP_URL, of ALLOWED_HOSTS, localhost, or an IP address, which cannot be rebound.
   */
  knowsHost(host: string | undefined): boolean {
    const url = hostUrl(host)
    if (!url) return false
    return isPlainAddress(url.hostname) || this.#isNamed(url)
  }

  /** Whether a page of this origin can send requests with its own token. Without Origin it is no page. */
  knowsOrigin(origin: string | undefined): boolean {
    if (origin === undefined) return true
    const url = originUrl(origin)
    return url !== null && (isPlainAddress(url.hostname) || this.#isNamed(url))
  }

  /** Whether the page is our own, so that its cookie is intended. Another port of the same machine is another page. */
  isOwn(request: FastifyRequest): boolean {
    const { origin } = request.headers
    if (origin === undefined) return false
    const url = originUrl(origin)
    if (!url) return false
    return url.host === hostUrl(request.host)?.host || url.origin === this.#own?.origin || this.#isListed(url)
  }

  /** Whether a request with a cookie comes from our own page, according to the browser. */
  isOwnPage(request: FastifyRequest): boolean {
    if (request.headers.origin === undefined) return request.headers['sec-fetch-site'] === 'same-origin'
    return this.isOwn(request)
  }

  #isNamed(url: URL): boolean {
    return url.hostname === this.#own?.hostname || this.#isListed(url)
  }

  #isListed(url: URL): boolean {
    return this.#named.has(url.hostname) || this.#named.has(url.host)
  }
}

function hostUrl(host: string | undefined): URL | null {
  if (!host || !/^[\w.:[\]-]+$/.test(host)) return null
  return URL.parse(`http://${host}`)
}

function originUrl(origin: string): URL | null {
  const url = URL.parse(origin)
  // `null`, a path, or anything else that is not exactly an origin is never ours.
  return url && /^https?:$/.test(url.protocol) && url.origin === origin.toLowerCase() ? url : null
}

const isPlainAddress = (hostname: string): boolean =>
  hostname === 'localhost' || isIP(hostname.replace(/^\[|\]$/g, '')) !== 0

/** Rejects a request to a host name that is not ours. */
export function checkHost(request: FastifyRequest, origins: Origins): void {
  // Behind a proxy both names are checked: a rebound page could send a forwarded one of its own.
  for (const host of new Set([request.headers.host, request.host])) {
    if (!origins.knowsHost(host)) {
      throw messages.unknownHost({ host: host || messages.noHost() })
    }
  }
}

const CHANGES_NOTHING = new Set(['GET', 'HEAD', 'OPTIONS'])

/** Rejects pages of other sites for writes, WebSockets and `/mcp`. */
export function checkOrigin(request: FastifyRequest, origins: Origins): void {
  const { url, config } = request.routeOptions
  const guarded =
    !CHANGES_NOTHING.has(request.method) ||
    request.headers.upgrade !== undefined ||
    url === '/mcp' ||
    url?.startsWith('/mcp/')
  if (!guarded || config.anyOrigin || origins.knowsOrigin(request.headers.origin)) return
  throw messages.otherSite()
}
