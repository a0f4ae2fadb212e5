import { bech32 } from '@scure/base'
import { z } from 'zod'

/** Parsers for the text of variables. */

export const numberIn = (min: number, max: number) =>
  z
    .string()
    .regex(/^\d+$/)
    .transform(Number)
    .refine((value) => value >= min && value <= max)

export const wholeNumber = (min: number, max: number, what = 'a whole number') => ({
  type: numberIn(min, max),
  allowed: `${what} from ${min} to ${max}`,
})

export const oneOf = <const T extends readonly string[]>(words: T) =>
  z.enum(words) as unknown as z.ZodType<T[number], string>

export const flag = z.enum(['true', 'false']).transform((word) => word === 'true')

const SECONDS: Record<string, number> = { s: 1, m: 60, h: 3600, d: 86_400 }

export const duration = z
  .string()
  .regex(/^[1-9]\d{0,6}[smhd]$/)
  .transform((text) => Number(text.slice(0, -1)) * (SECONDS[text.slice(-1)] as number))

const MEGABYTE = 1024 * 1024
const UNITS: Record<string, number> = { MB: MEGABYTE, GB: 1024 * MEGABYTE, TB: 1024 * 1024 * MEGABYTE }

export const bytes = z
  .string()
  .regex(/^\d{1,6}[MGT]B$/)
  .transform((size) => Number(size.slice(0, -2)) * (UNITS[size.slice(-2)] as number))

export const text = z.string().min(1)

function isPublicUrl(value: string): boolean {
  if (!URL.canParse(value)) return false
  const { protocol, pathname, search, hash, username } = new URL(value)
  return /^https?:$/.test(protocol) && PUBLIC_PATH.test(pathname) && !search && !hash && !username
}

/** Characters that browsers, programs and proxies send unchanged, in URLs and cookies. */
const PUBLIC_PATH = /^(\/[\w.~-]+)*\/?$/

export const publicUrl = z
  .string()
  .refine(isPublicUrl, { abort: true })
  .transform((value) => {
    const { origin, pathname } = new URL(value)
    return origin + pathname.replace(/\/$/, '')
  })

/** The URL of a service that the server calls. */
export const serviceUrl = z
  .string()
  .refine((value) => /^https?:\/\/[^\s/?#]+/.test(value) && URL.canParse(value))
  .transform((value) => value.replace(/\/+$/, ''))

/** A bucket and a name prefix. */
export const bucketUrl = z
  .string()
  .regex(/^s3:\/\/[A-Za-z0-9][A-Za-z0-9._-]{1,62}(\/[A-Za-z0-9_][A-Za-z0-9._-]*)*\/?$/)
  .transform((value) => value.replace(/\/$/, ''))

/** Headers in OpenTelemetry's form: W3C Baggage without properties. */
export const headerList = z
  .string()
  .regex(/^$|^[\w!#$%&'*+.^`|~-]+=[\x21-\x2b\x2d-\x7e]*(\s*,\s*[\w!#$%&'*+.^`|~-]+=[\x21-\x2b\x2d-\x7e]*)*$/)
  .transform((list) => list.split(',').filter(Boolean))
  .refine((pairs) => pairs.every((pair) => !/%(?![0-9a-f]{2})/i.test(pair)))
  .transform((pairs) => Object.fromEntries(pairs.map(headerOf)))

function headerOf(pair: string): [name: string, value: string] {
  const at = pair.indexOf('=')
  return [pair.slice(0, at).trim().toLowerCase(), decodeURIComponent(pair.slice(at + 1).trim())]
}

export const part = z
  .string()
  .regex(/^(0?\.\d+|[01](\.0*)?)$/)
  .transform(Number)

export const hostList = z
  .string()
  .transform((value) =>
    value
      .split(',')
      .map((host) => host.trim().toLowerCase())
      .filter(Boolean),
  )
  .refine((hosts) => hosts.every((host) => /^[a-z0-9.-]+$|^\[[0-9a-f:]+\]$/.test(host)))

const NETWORK = '(loopback|linklocal|uniquelocal|[0-9a-fA-F]*[.:][0-9a-fA-F.:]*(/\\d{1,3})?)'

export const trustedProxies = z
  .string()
  .regex(new RegExp(`^(true|false|${NETWORK}(\\s*,\\s*${NETWORK})*)$`))
  .transform((value) => (value === 'true' || value === 'false' ? value === 'true' : value))

export const LOG_LEVELS = ['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent'] as const

export const GEOCODERS = ['embedded', 'nominatim', 'photon', 'google'] as const

/** age keys with their checksum (BIP 173), by prefix and number of bytes. */
const ageKey = (form: RegExp, kinds: Record<string, number>) =>
  z
    .string()
    .regex(form)
    .refine((key) => {
      const decoded = bech32.decodeUnsafe(key, false)
      return !!decoded && bech32.fromWordsUnsafe(decoded.words)?.length === kinds[decoded.prefix]
    })

export const ageRecipient = ageKey(/^age1[0-9a-z]+$/, { age: 32, age1pq: 1216, age1tag: 33, age1tagpq: 1249 })

/** A key as age-keygen writes it: below comments. */
export const ageIdentity = z
  .string()
  .transform((text) => text.replace(/^\s*#.*$/gm, '').trim())
  .pipe(
    ageKey(/^AGE-SECRET-KEY-(PQ-)?1[0-9A-Z]+$/, {
      'age-secret-key-': 32,
      'age-secret-key-pq-': 32,
    }),
  )
