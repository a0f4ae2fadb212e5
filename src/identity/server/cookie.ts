import { createHmac, timingSafeEqual } from 'node:crypto'
import { basePathOf, pathBelow } from '../../core/run/base-path.ts'

/** The names and scope of a server's cookies. */
export interface Cookies {
  readonly session: string
  /** Marks a session that ends with the browser; better-auth does not prolong it. */
  readonly short: string
  /** The name of another cookie on this server. */
  named(name: string): string
  /** The `Path` of a cookie: all of this server, or below one of our paths. */
  path(path?: string): string
  readonly secure: boolean
}

/**
 * A server with its own host uses the same names with and without https. Below a path, others share the host: browsers
 * then send the cookies to this server only, and accept them with https from https pages only (`__Secure-`; `__Host-`
 * would need `/`).
 */
export function cookiesOf(appUrl: string | null): Cookies {
  const secure = appUrl?.startsWith('https:') ?? false
  const base = basePathOf(appUrl)
  const named = (name: string) => (base && secure ? `__Secure-${name}` : name)
  return {
    session: named('trek_session'),
    short: named('trek_session_short'),
    named,
    path: (path = '') => pathBelow(appUrl, path) || '/',
    secure,
  }
}

/** The value of a cookie in a `Cookie` header, or undefined. */
export function cookieValue(header: string, name: string): string | undefined {
  for (const part of header.split(';')) {
    const equals = part.indexOf('=')
    if (equals > 0 && part.slice(0, equals).trim() === name) return part.slice(equals + 1).trim()
  }
  return undefined
}

/**
 * The session token in a `Cookie` header, if it has our signature (`<token>.<HMAC-SHA256, base64>`, percent-encoded, as
 * better-auth writes it).
 */
export function tokenOfCookie(header: string, name: string, key: string): string | null {
  const raw = cookieValue(header, name)
  if (!raw || raw.length > 500) return null
  const value = decoded(raw)
  const dot = value.lastIndexOf('.')
  if (dot < 1) return null
  const token = value.slice(0, dot)
  // Compared as text, since different base64 texts can decode to the same bytes.
  const expected = Buffer.from(createHmac('sha256', key).update(token).digest('base64'))
  const signature = Buffer.from(value.slice(dot + 1))
  return signature.length === expected.length && timingSafeEqual(signature, expected) ? token : null
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text)
  } catch {
    return ''
  }
}
