import { resourceOf } from './paths.ts'

/** The addresses of this authorization server, and the tokens that are valid for it. */
export interface Addresses {
  /** The public address for a request to this host, without a trailing slash. */
  issuerFor(host: string | undefined): string
  /** Whether this audience is `/mcp` of this server. */
  isOurs(audience: unknown): boolean
}

const LOOPBACK = /^(localhost|127\.0\.0\.1|\[::1\])(:\d+)?$/

/**
 * With APP_URL there is one address. Without it, the server is reachable only from its own machine, under several local
 * names, and programs insist on the one they were given.
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
