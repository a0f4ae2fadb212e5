/** SigV4 encoding: everything but letters, digits and four signs (AWS, Create a signed request). */
const encoded = (text: string): string =>
  encodeURIComponent(text).replace(/[!'()*]/g, (sign) => `%${sign.charCodeAt(0).toString(16).toUpperCase()}`)

export function encodedKey(key: string): string {
  const parts = key.split('/')
  // URL parsing removes these parts, and so would name another object.
  if (parts.some((part) => part === '.' || part === '..')) throw new Error(`${key} cannot be a name`)
  return parts.map(encoded).join('/')
}

/** The URL of an object, or of the bucket if `key` is null. */
export function addressOf(base: string, key: string | null, query: Readonly<Record<string, string>> = {}): string {
  const search = Object.entries(query).map(([name, value]) => `${encoded(name)}=${encoded(value)}`)
  return `${base}${key === null ? '' : `/${encodedKey(key)}`}${search.length ? `?${search.join('&')}` : ''}`
}
