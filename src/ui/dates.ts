import { language } from './i18n.ts'

/** Calendar dates are `YYYY-MM-DD` without a zone, and look the same wherever the reader is. */
const asUtc = (date: string): Date => new Date(`${date}T00:00:00Z`)

const formats = new Map<string, Intl.DateTimeFormat>()

function format(options: Intl.DateTimeFormatOptions): Intl.DateTimeFormat {
  const key = language() + JSON.stringify(options)
  const cached = formats.get(key)
  if (cached) return cached
  const formatter = new Intl.DateTimeFormat(language(), { timeZone: 'UTC', ...options })
  formats.set(key, formatter)
  return formatter
}

/** Today in the reader's time zone, `YYYY-MM-DD`. */
export function today(): string {
  const now = new Date()
  const two = (value: number) => String(value).padStart(2, '0')
  return `${now.getFullYear()}-${two(now.getMonth() + 1)}-${two(now.getDate())}`
}

/** Mon */
export const weekday = (date: string): string => format({ weekday: 'short' }).format(asUtc(date))

/** 5 */
export const dayOfMonth = (date: string): string => format({ day: 'numeric' }).format(asUtc(date))

/** Apr */
export const month = (date: string): string => format({ month: 'short' }).format(asUtc(date))

/** Monday, April 5 */
export const longDay = (date: string): string =>
  format({ weekday: 'long', day: 'numeric', month: 'long' }).format(asUtc(date))

/** Monday, April 5 among dates of this year; Monday, April 5, 2027 if one of the dates is of another year. */
export const longDayAmong = (date: string, dates: readonly string[] = [date]): string =>
  dates.every((one) => one.slice(0, 4) === today().slice(0, 4))
    ? longDay(date)
    : format({ weekday: 'long', day: 'numeric', month: 'long', year: 'numeric' }).format(asUtc(date))

/** Apr 5 – 9, 2027 */
export const dateRange = (start: string, end: string): string =>
  format({ day: 'numeric', month: 'short', year: 'numeric' }).formatRange(asUtc(start), asUtc(end))

/** Apr 5, 2027: the local date of an instant. */
export const calendarDay = (instant: string): string =>
  new Intl.DateTimeFormat(language(), { dateStyle: 'medium' }).format(new Date(instant))

/** The local date and time of an instant. */
export const moment = (instant: string): string =>
  new Intl.DateTimeFormat(language(), { dateStyle: 'medium', timeStyle: 'short' }).format(new Date(instant))

/** A date or a moment without a zone, such as `2027-05-10T14:00`: May 10, 2027, 2:00 PM. */
export const wallClock = (text: string): string =>
  text.includes('T')
    ? format({ dateStyle: 'medium', timeStyle: 'short' }).format(new Date(`${text}Z`))
    : format({ dateStyle: 'medium' }).format(asUtc(text))

/** The local time of day of an instant. */
export const timeOfDay = (instant: string): string =>
  new Intl.DateTimeFormat(language(), { timeStyle: 'short' }).format(new Date(instant))

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
