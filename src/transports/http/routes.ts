import type { IncomingMessage } from 'node:http'
import type { FastifyInstance } from 'fastify'

/**
 * Only this is an upgrade. Some clients offer HTTP/2 with their first request, which is then answered like any other.
 */
export const wantsSocket = ({ url = '/', headers }: IncomingMessage, arrived = (path: string) => path): boolean =>
  headers.upgrade?.toLowerCase() === 'websocket' && arrived(url).split('?', 1)[0] === '/ws'

/** Returns the methods of an address, for requests with a method that it does not accept. */
export function rememberMethods(app: FastifyInstance): (path: string) => string[] {
  const byUrl = new Map<string, { pattern: RegExp; methods: Set<string> }>()
  app.addHook('onRoute', ({ url, method }) => {
    if (url.includes('*')) return
    const pattern = new RegExp(`^${url.replace(/[.+?^${}()|[\]\\]/g, '\\$&').replace(/:\w+/g, '[^/]+')}$`)
    const entry = byUrl.get(url) ?? { pattern, methods: new Set() }
    byUrl.set(url, entry)
    for (const one of [method].flat()) entry.methods.add(one)
  })
  return (path) => {
    const allowed = new Set<string>()
    for (const { pattern, methods } of byUrl.values()) {
      if (pattern.test(path)) for (const method of methods) allowed.add(method)
    }
    return [...allowed].sort()
  }
}
