import { addDays } from '../../../core/declare/dates.ts'

/** A local moment is `YYYY-MM-DD` or `YYYY-MM-DDTHH:MM`, in local time of the place. */

export const dateOf = (moment: string | null | undefined): string | null => moment?.slice(0, 10) || null
export const timeOf = (moment: string | null | undefined): string | null => moment?.slice(11) || null

export const momentOf = (date: string | null, time: string | null): string | null =>
  date && time ? `${date}T${time}` : date

/** The same moment this many days later. */
export const shifted = <M extends string | null>(moment: M, days: number): M =>
  (moment && addDays(moment.slice(0, 10), days) + moment.slice(10)) as M

/** The instant, in milliseconds, of a local time in a zone; null when any part is unknown. */
export function instantOf(date: string | null, time: string | null, zone: string | null): number | null {
  if (!date || !time || !zone) return null
  const wanted = Date.parse(`${date}T${time}:00Z`)
  // Applied twice, because the first guess may be on the other side of a clock change.
  const guess = wanted - offsetAt(wanted, zone)
  return wanted - offsetAt(guess, zone)
}

const formats = new Map<string, Intl.DateTimeFormat>()

/** The offset of a zone from UTC at an instant, in milliseconds. */
function offsetAt(instant: number, zone: string): number {
  let format = formats.get(zone)
  if (!format) {
    format = new Intl.DateTimeFormat('en-CA', {
      ...{ timeZone: zone, hourCycle: 'h23', year: 'numeric', month: '2-digit', day: '2-digit' },
      ...{ hour: '2-digit', minute: '2-digit', second: '2-digit' },
    } as Intl.DateTimeFormatOptions)
    formats.set(zone, format)
  }
  const parts = Object.fromEntries(format.formatToParts(instant).map(({ type, value }) => [type, Number(value)]))
  const { year = 0, month = 1, day = 1, hour = 0, minute = 0, second = 0 } = parts
  return Date.UTC(year, month - 1, day, hour, minute, second) - Math.floor(instant / 1000) * 1000
}
