import { createHmac, timingSafeEqual } from 'node:crypto'

export const SESSION_COOKIE = 'trek_session'

/** Marks a session that ends with the browser; better-auth then does not prolong it. */
export const SHORT_COOKIE = 'trek_session_short'

/** The value of a cookie in a `Cookie` header, or undefined. */
export function cookieValue(header: string, name: string): string | undefined {
  for (const part of header.split(';')) {
    const equals = part.indexOf('=')
    if (equals > 0 && part.slice(0, equals).trim() === name) return part.slice(equals + 1).trim()
  }
  return undefined
}

/**
 * The session token in a `Cookie` header, if our signature is on it (`<token>.<HMAC-SHA256, base64>`, percent-encoded, as
 * better-auth writes it).
 */
export function tokenOfCookie(header: string, key: string): string | null {
  const raw = cookieValue(header, SESSION_COOKIE)
  if (!raw || raw.length > 500) return null
  const value = decoded(raw)
  const dot = value.lastIndexOf('.')
  if (dot < 1) return null
  const token = value.slice(0, dot)
  // As text, since some characters of base64 can be exchanged without changing the bytes.
  const wanted = Buffer.from(createHmac('sha256', key).update(token).digest('base64'))
  const given = Buffer.from(value.slice(dot + 1))
  return given.length === wanted.length && timingSafeEqual(given, wanted) ? token : null
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text)
  } catch {
    return ''
  }
}
