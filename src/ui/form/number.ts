/** Digits in groups, all separated by the same sign, and perhaps decimals after another sign: 1,234.50 */
const GROUPED = /^([-+]?[1-9]\d{0,2}([.,٬\s'’])(?:\d{2,3}\2)*\d{3})(?:(?!\2)[.,٫](\d*))?$/
const PLAIN = /^[-+]?(?:\d+(?:[.,٫]\d*)?|[.,٫]\d+)(?:e[-+]?\d+)?$/i

const GROUP_SIGNS = /[.,٬\s'’]/g
const DIRECTION_MARKS = /[\u200e\u200f\u061c]/g

const partsIn = (language: string): Intl.NumberFormatPart[] => new Intl.NumberFormat(language).formatToParts(1234567.5)

const signIn = (language: string, type: 'decimal' | 'group'): string | undefined =>
  partsIn(language).find((part) => part.type === type)?.value

/** A text with the digits 0 to 9 instead of those of the language, and with an ASCII minus. */
function inAscii(text: string, language: string): string {
  const format = new Intl.NumberFormat(language, { useGrouping: false })
  const digits = new Map(Array.from({ length: 10 }, (_, digit) => [format.format(digit), String(digit)]))
  const known = [...text].map((sign) => digits.get(sign) ?? sign).join('')
  return known.replace(DIRECTION_MARKS, '').replace('−', '-').trim()
}

/**
 * The number that a person has typed; NaN if it is none. It can have groups, and a point or a comma before its decimals.
 * Only a text such as `1.234` is ambiguous: its sign separates groups if it does so in the language, and decimals otherwise.
 */
export function numberIn(text: string, language: string): number {
  const plain = inAscii(text, language)
  const grouped = GROUPED.exec(plain)
  if (grouped) {
    const [, whole = '', sign = '', decimals] = grouped
    const digits = whole.replace(GROUP_SIGNS, '')
    const isClear = decimals !== undefined || !PLAIN.test(plain)
    if (isClear || sign === signIn(language, 'group')) return Number(`${digits}.${decimals ?? ''}`)
  }
  return PLAIN.test(plain) ? Number(plain.replace(/[,٫]/, '.')) : Number.NaN
}

/** A number as a form shows it, in the language of the page and without groups. */
export const numberText = (value: number, language: string): string =>
  String(value).replace('.', signIn(language, 'decimal') ?? '.')
