import { z } from 'zod'
import type { Param } from './message.ts'
import { wrong } from './value-messages.ts'

/**
 * The value types of fields. The server, the browser and the published JSON schema check them in the same way. Each
 * error states what is allowed.
 */

/** A row's id: a positive integer, never reused. */
export const Id = z.int().positive({ error: wrong.positive.key })

// Control characters, lone surrogates, and the bidirectional embeddings and overrides that can make a text look like
// another (Unicode TR 36, section 2.5). Line breaks and tabs are allowed in prose only.
// biome-ignore lint/suspicious/noControlCharactersInRegex: refusing them is the point
const UNSAFE_IN_LINE = /[\u0000-\u001f\u007f-\u009f\u2028\u2029\u202a-\u202e\u2066-\u2069]|\p{Surrogate}/u
// biome-ignore lint/suspicious/noControlCharactersInRegex: refusing them is the point
const UNSAFE_IN_PROSE = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069]|\p{Surrogate}/u

const text = (max: number, unsafe: RegExp) =>
  z
    .string()
    .max(max)
    .refine((value) => !unsafe.test(value), {
      error: wrong.controlCharacters.key,
    })

/** The last `max` characters of a text, without those that a line cannot contain: for names given by other systems. */
export const lineOf = (input: string, max: number): string =>
  input.normalize('NFC').slice(-max).replace(new RegExp(UNSAFE_IN_LINE, 'gu'), '').trim()

/** The category of packing items and notes that are created without one. Apps show its translation. */
export const DEFAULT_CATEGORY = 'General'

/** One non-empty line of text, trimmed. */
export const Line = (max: number) => text(max, UNSAFE_IN_LINE).trim().min(1, { error: wrong.empty.key })

/** The id or name of a row, as text. A number is accepted as an id. */
export const IdOrName = (max: number) =>
  z.preprocess((input) => (typeof input === 'number' ? String(input) : input), Line(max))

/** Text of several lines; can be empty. */
export const Prose = (max: number) => text(max, UNSAFE_IN_PROSE)

/**
 * Text that matches a pattern with at most `max` characters. Longer text gets the same error, without being matched.
 */
export const Pattern = (max: number, pattern: RegExp, error: string) =>
  z.string().max(max, { error, abort: true }).regex(pattern, { error })

const DATE = /^(\d{4})-(\d{2})-(\d{2})$/

function isRealDate(value: string): boolean {
  const parts = DATE.exec(value)
  if (!parts) return false
  const day = new Date(`${value}T00:00:00Z`)
  return !Number.isNaN(day.getTime()) && day.toISOString().startsWith(value)
}

/** A calendar date that exists, `YYYY-MM-DD`. */
export const CalendarDate = Pattern(10, DATE, wrong.date.key).refine(
  (value) => !DATE.test(value) || isRealDate(value),
  { error: wrong.realDate.key },
)

/** A time of day, 00:00 to 23:59, stored as `HH:MM`; 9:30 becomes 09:30. */
export const ClockTime = Pattern(5, /^([01]?\d|2[0-3]):[0-5]\d$/, wrong.time.key).overwrite((time) =>
  time.padStart(5, '0'),
)

/** A moment in UTC, ISO 8601 with milliseconds. */
export const Instant = z.iso.datetime({ precision: 3 }).max(24)

/** A colour, `#rrggbb`. */
export const Colour = Pattern(7, /^#[0-9a-fA-F]{6}$/, wrong.colour.key)

const EMOJI = /^\p{RGI_Emoji}$/v

/** One emoji. Old ones are stored in their coloured form, so that ❤ and ❤️ are equal. */
export const Emoji = z
  .string()
  .max(40, { error: wrong.emoji.key })
  .overwrite((text) => (EMOJI.test(`${text}\ufe0f`) ? `${text}\ufe0f` : text))
  .refine((text) => EMOJI.test(text), { error: wrong.emoji.key })

const CURRENCIES = new Set(Intl.supportedValuesOf('currency'))

/** An ISO 4217 currency code; lower case is accepted and stored as upper case. */
export const Currency = z
  .string()
  .length(3, { error: wrong.currency.key })
  .toUpperCase()
  .refine((code) => CURRENCIES.has(code), { error: wrong.knownCurrency.key })

/** An ISO 3166-1 alpha-2 country code; lower case is accepted and stored as upper case. */
export const CountryCode = z
  .string()
  .length(2, { error: wrong.country.key })
  .toUpperCase()
  .regex(/^[A-Z]{2}$/, { error: wrong.country.key })

export const Latitude = z.number().min(-90, { error: wrong.latitude.key }).max(90, { error: wrong.latitude.key })

export const Longitude = z.number().min(-180, { error: wrong.longitude.key }).max(180, { error: wrong.longitude.key })

/** A web address, http or https. */
export const WebAddress = (max: number) =>
  text(max, UNSAFE_IN_LINE).refine((value) => /^https?:\/\/[^\s/]+/i.test(value) && URL.canParse(value), {
    error: wrong.webAddress.key,
  })

/** An amount of money of at least zero, in the units of its currency (12.50, not 1250). */
export const Amount = z.number().min(0).max(1e12)

const digits = new Map<string, number>()

/** How many decimals an amount of this currency has: 2 for EUR, 0 for JPY (ISO 4217, as the runtime knows it). */
export function currencyDigits(currency: string): number {
  const cached = digits.get(currency)
  if (cached !== undefined) return cached
  const digitCount =
    new Intl.NumberFormat('en', { style: 'currency', currency }).resolvedOptions().maximumFractionDigits ?? 2
  digits.set(currency, digitCount)
  return digitCount
}

/** A message by its key, for translation; its English text is beside it. */
export const MessageKey = z.object({
  key: z.string().describe('Key of the message, for translation.'),
  params: z.record(z.string(), z.unknown() as z.ZodType<Param>).describe('Values for its placeholders.'),
})
export type MessageKey = z.output<typeof MessageKey>
