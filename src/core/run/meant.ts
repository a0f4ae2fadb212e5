/**
 * Values as clients send them. Many programs, not the models behind them, send numbers, booleans, lists and objects as
 * text. A text that is the exact notation of such a value is converted. Other text stays text and is rejected where
 * another kind is needed. Nothing is guessed: no spaces, exponents, commas, units, `yes` or `0x10`.
 */

/** The forms that can arrive as text. */
export type Form = 'number' | 'boolean' | 'list' | 'object'

/**
 * The most names, lists and objects in JSON. No valid input has so many, and parsing a megabyte of them takes far
 * longer than counting them.
 */
export const MOST_PARTS = 20_000

export function hasTooManyParts(json: string): boolean {
  if (json.length < MOST_PARTS) return false
  const part = /"\s*:|[[{]/g
  let parts = 0
  while (parts <= MOST_PARTS && part.test(json)) parts++
  return parts > MOST_PARTS
}

/** The value that a text means in this form, or the text itself. `longest` is the longest JSON text of such a value. */
export function meantBy(text: string, form: Form | undefined, longest: number): unknown {
  switch (form) {
    case 'number':
      return numberIn(text) ?? text
    case 'boolean':
      return text === 'true' ? true : text === 'false' ? false : text
    case 'list':
    case 'object': {
      const value = text.length <= longest ? jsonIn(text) : undefined
      return isOf(form, value) ? value : text
    }
    default:
      return text
  }
}

const isOf = (form: Form, value: unknown): boolean =>
  typeof value === 'object' && value !== null && Array.isArray(value) === (form === 'list')

function jsonIn(text: string): unknown {
  // Only a list or an object is needed, and a failed parse costs more than a check of the first character.
  if (!/^\s*[[{]/.test(text) || hasTooManyParts(text)) return undefined
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

/** The longest numeral that is parsed. */
const LONGEST_NUMERAL = 40

/** Numbers with at most this many digits are all distinct. */
const DIGITS_KEPT = 15

/** Whether a text is a plain decimal number: digits, optionally with a sign and a point. */
export const isNumeral = (text: string): boolean => text.length <= LONGEST_NUMERAL && /^-?\d+(\.\d+)?$/.test(text)

/** The number that a text represents, if it does so exactly. */
function numberIn(text: string): number | undefined {
  if (!isNumeral(text)) return undefined
  const value = Number(text)
  const [, sign, whole = '', decimals = ''] = /^(-?)0*(\d+?)(?:\.(\d*?)0*)?$/.exec(text) ?? []
  if (!decimals && Number.isInteger(value)) return Number.isSafeInteger(value) ? value : undefined
  const isKept = whole.length + decimals.length <= DIGITS_KEPT || String(value) === `${sign}${whole}.${decimals}`
  return isKept ? value : undefined
}
