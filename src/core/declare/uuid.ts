const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[1-8][0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/

/** Whether a text is a UUID (RFC 9562) in lower case. */
export const isUuid = (text: string): boolean => UUID.test(text)

const hex = Array.from({ length: 256 }, (_, byte) => byte.toString(16).padStart(2, '0'))

/** Random bytes, fetched many at once: each fetch costs as much as a small write. */
const pool = new Uint8Array(1000)
const BYTES = 10
let taken = pool.length

/**
 * A new UUID of version 7 (RFC 9562, section 5.7): 48 bits of milliseconds, then random bits. Those created in a row
 * are adjacent in an index. `crypto.randomUUID` is missing where the app is used without https.
 */
export function newUuid(): string {
  if (taken === pool.length) {
    crypto.getRandomValues(pool)
    taken = 0
  }
  let random = ''
  for (const end = taken + BYTES; taken < end; taken++) random += hex[pool[taken] as number]
  const time = Date.now().toString(16).padStart(12, '0')
  const variant = '89ab'[(pool[taken - 1] as number) & 3]
  return `${time.slice(0, 8)}-${time.slice(8)}-7${random.slice(0, 3)}-${variant}${random.slice(3, 6)}-${random.slice(6, 18)}`
}
