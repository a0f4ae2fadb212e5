/**
 * Values as clients send them. Many programs, not the models behind them, send numbers, booleans, lists and objects as text. What
 * such a text says exactly is taken as that; everything else stays the text that it is, and is refused by whoever wants another
 * kind. Nothing is guessed: no spaces, exponents, commas, units, `yes` or `0x10`.
 */

/** What a field holds that may come as text. */
export type Form = 'number' | 'boolean' | 'list' | 'object'

/** Names, lists and objects. No input has so many, and to parse a megabyte of them takes far longer than to count them. */
export const MOST_PARTS = 20_000

export function hasTooManyParts(json: string): boolean {
  if (json.length < MOST_PARTS) return false
  const part = /"\s*:|[[{]/g
  let parts = 0
  while (parts <= MOST_PARTS && part.test(json)) parts++
  return parts > MOST_PARTS
}

/** What a text says as a value of this form, or the text itself. `longest` is how long such a value can be as JSON. */
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
  // Only a list or an object is wanted, and to fail at parsing costs more than to look at the first sign.
  if (!/^\s*[[{]/.test(text) || hasTooManyParts(text)) return undefined
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

/** The longest numeral that is looked at. */
const LONGEST_NUMERAL = 40

/** Every number of so many digits is another one. */
const DIGITS_KEPT = 15

/** Whether a text is a number as people write it: digits, a sign before and a point between them at most. */
export const isNumeral = (text: string): boolean => text.length <= LONGEST_NUMERAL && /^-?\d+(\.\d+)?$/.test(text)

/** The number that a text is, unless it would become another one. */
function numberIn(text: string): number | undefined {
  if (!isNumeral(text)) return undefined
  const value = Number(text)
  const [, sign, whole = '', decimals = ''] = /^(-?)0*(\d+?)(?:\.(\d*?)0*)?$/.exec(text) ?? []
  if (!decimals && Number.isInteger(value)) return Number.isSafeInteger(value) ? value : undefined
  const isKept = whole.length + decimals.length <= DIGITS_KEPT || String(value) === `${sign}${whole}.${decimals}`
  return isKept ? value : undefined
}
