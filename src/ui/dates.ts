import { language } from './i18n.ts'

/*
 * One form for each kind of place, with the year unless it is this one:
 * a heading: Monday 5 April; a list, a card or a menu: Mon 5 Apr; a sentence: 5 Apr, or 5 Apr, 18:42; a period: 5 – 9 Apr.
 * The days of a trip are without a year inside of it, because its own dates stand above them.
 */

/** Calendar dates are `YYYY-MM-DD` without a zone, and look the same wherever the reader is. */
const asUtc = (date: string): Date => new Date(`${date}T00:00:00Z`)

/** The English of the texts is British, and so is the order of its dates and its clock of 24 hours. */
const locale = (): string => (language() === 'en' ? 'en-GB' : language())

const formats = new Map<string, Intl.DateTimeFormat>()

function format(options: Intl.DateTimeFormatOptions): Intl.DateTimeFormat {
  const key = locale() + JSON.stringify(options)
  const cached = formats.get(key)
  if (cached) return cached
  const formatter = new Intl.DateTimeFormat(locale(), options)
  formats.set(key, formatter)
  return formatter
}

const inUtc = (date: string, options: Intl.DateTimeFormatOptions): string =>
  format({ timeZone: 'UTC', ...options }).format(asUtc(date))

/** The date of a moment in the reader's time zone, `YYYY-MM-DD`. */
function localDate(at: Date): string {
  const two = (value: number) => String(value).padStart(2, '0')
  return `${at.getFullYear()}-${two(at.getMonth() + 1)}-${two(at.getDate())}`
}

/** Today in the reader's time zone, `YYYY-MM-DD`. */
export const today = (): string => localDate(new Date())

/** The year, unless all of the dates are of this year. */
const yearOf = (...dates: readonly string[]): Intl.DateTimeFormatOptions =>
  dates.every((date) => date.slice(0, 4) === today().slice(0, 4)) ? {} : { year: 'numeric' }

const HEADING = { weekday: 'long', day: 'numeric', month: 'long' } as const
const SHORT = { weekday: 'short', day: 'numeric', month: 'short' } as const
const PLAIN = { day: 'numeric', month: 'short' } as const
const CLOCK = { hour: '2-digit', minute: '2-digit', hourCycle: 'h23' } as const

/** Mon */
export const weekday = (date: string): string => inUtc(date, { weekday: 'short' })

/** 5 */
export const dayOfMonth = (date: string): string => inUtc(date, { day: 'numeric' })

/** Apr */
export const month = (date: string): string => inUtc(date, { month: 'short' })

/** Monday 5 April: a date as a heading. Among others, it has its year if any of them is of another year. */
export const longDate = (date: string, among: readonly string[] = [date]): string =>
  inUtc(date, { ...HEADING, ...yearOf(...among) })

/** Monday 5 April: the local date of an instant as a heading. */
export const longDateOf = (instant: string): string => longDate(localDate(new Date(instant)))

/** Mon 5 Apr: a date in a list, a card or a menu. */
export const shortDate = (date: string): string => inUtc(date, { ...SHORT, ...yearOf(date) })

/** Monday 5 April: a day of a trip as a heading, inside of the trip. */
export const longDay = (date: string): string => inUtc(date, HEADING)

/** Mon 5 Apr: a day of a trip in a list, a card or a menu, inside of the trip. */
export const shortDay = (date: string): string => inUtc(date, SHORT)

/** 5 – 9 Apr */
export const dateRange = (start: string, end: string): string =>
  format({ timeZone: 'UTC', ...PLAIN, ...yearOf(start, end) }).formatRange(asUtc(start), asUtc(end))

/** 5 Apr: the local date of an instant. */
export const calendarDay = (instant: string): string => {
  const at = new Date(instant)
  return format({ ...PLAIN, ...yearOf(localDate(at)) }).format(at)
}

/** 5 Apr, 18:42: the local date and time of an instant. */
export const moment = (instant: string): string => {
  const at = new Date(instant)
  return format({ ...PLAIN, ...yearOf(localDate(at)), ...CLOCK }).format(at)
}

/** A date or a moment without a zone, such as `2027-05-10T14:00`: 10 May 2027, 14:00. */
export const wallClock = (text: string): string => {
  const [date = text, time] = text.split('T')
  const options = { ...PLAIN, ...yearOf(date), ...(time && CLOCK) }
  return format({ timeZone: 'UTC', ...options }).format(time ? new Date(`${text}Z`) : asUtc(date))
}

/** 18:42: the local time of day of an instant. */
export const timeOfDay = (instant: string): string => format(CLOCK).format(new Date(instant))

/** CEST, GMT+9: the name of a time zone on a date. */
export function zoneName(timeZone: string, date: string): string {
  const parts = format({ timeZone, timeZoneName: 'short' }).formatToParts(new Date(`${date}T12:00:00Z`))
  return parts.find(({ type }) => type === 'timeZoneName')?.value ?? timeZone
}

const STEPS = [
  ['year', 31_536_000_000],
  ['month', 2_592_000_000],
  ['day', 86_400_000],
  ['hour', 3_600_000],
  ['minute', 60_000],
] as const

/** The distance of an instant from now: 3 hours ago, in 2 days; "now" if less than a minute. */
export function fromNow(instant: string, now: number): string {
  const away = Date.parse(instant) - now
  const [unit, length] =
    STEPS.find(([, step]) => Math.abs(away) >= step) ?? (['second', Number.POSITIVE_INFINITY] as const)
  return new Intl.RelativeTimeFormat(language(), { numeric: 'auto' }).format(Math.round(away / length), unit)
}
