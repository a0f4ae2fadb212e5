import type { IncomingMessage, ServerResponse } from 'node:http'
import helmet from 'helmet'
import { basePathOf } from '../../core/run/base-path.ts'

/**
 * The security headers of every answer. `appUrl` is the public URL if it is known. They are the same for every answer,
 * so helmet runs once: running it each time would cost a tenth of a small request.
 */
export function securityHeaders(appUrl: string | null): Record<string, string> {
  const headers: Record<string, string> = {}
  const answer = {
    setHeader: (name: string, value: unknown) => {
      headers[name.toLowerCase()] = String(value)
    },
    removeHeader: () => {},
  }
  helmet(policy(appUrl))({} as IncomingMessage, answer as unknown as ServerResponse, () => {})
  return headers
}

function policy(appUrl: string | null) {
  const isHttps = appUrl?.startsWith('https:') ?? false
  return {
    contentSecurityPolicy: {
      useDefaults: false,
      directives: {
        'default-src': ["'self'"],
        'base-uri': ["'none'"],
        'connect-src': ["'self'"],
        'font-src': ["'self'", 'data:'],
        'form-action': ["'self'"],
        'frame-ancestors': ["'none'"],
        'img-src': ["'self'", 'data:', 'blob:'],
        'object-src': ["'none'"],
        'script-src': ["'self'"],
        'style-src': ["'self'"],
        'worker-src': ["'self'", 'blob:'],
      },
    },
    // Has no effect over plain HTTP, where browsers only warn about it.
    crossOriginOpenerPolicy: false,
    originAgentCluster: false,
    // It applies to the whole host, on every port, and with a base path others share the host.
    strictTransportSecurity: isHttps && !basePathOf(appUrl) ? { maxAge: 31_536_000, includeSubDomains: false } : false,
    // Not no-referrer: forms of our own pages would then send no Origin.
    referrerPolicy: { policy: 'same-origin' },
    xFrameOptions: { action: 'deny' },
  } as const
}
