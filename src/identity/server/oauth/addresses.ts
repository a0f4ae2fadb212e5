import { resourceOf } from './paths.ts'

/** Under which addresses this server is the authorization server, and which tokens are therefore meant for it. */
export interface Addresses {
  /** The public address for a request that came to this host, without a slash at the end. */
  issuerFor(host: string | undefined): string
  /** Whether a token whose audience this is was made for `/mcp` of this server. */
  isOurs(audience: unknown): boolean
}

const LOOPBACK = /^(localhost|127\.0\.0\.1|\[::1\])(:\d+)?$/

/**
 * With APP_URL there is one address. Without, the server is reached on its own machine alone, by any of the names that has for
 * itself, and programs insist on the one they were given.
 */
export function addressesOf(appUrl: string | null, port: () => number): Addresses {
  if (appUrl) return { issuerFor: () => appUrl, isOurs: (audience) => audience === resourceOf(appUrl) }
  return {
    issuerFor: (host) => (host && LOOPBACK.test(host) ? `http://${host}` : `http://localhost:${port()}`),
    isOurs(audience) {
      const url = typeof audience === 'string' ? URL.parse(audience) : null
      return url?.protocol === 'http:' && LOOPBACK.test(url.host) && url.pathname === '/mcp'
    },
  }
}
