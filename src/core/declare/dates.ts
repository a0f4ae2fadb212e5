/**
 * Sums of calendar dates, `YYYY-MM-DD`. A date has no zone, so the sums are made in UTC, where every day has 24 hours.
 * `Temporal.PlainDate` can replace them once the Node and the browsers that TREK supports have it.
 */

const DAY_MS = 86_400_000

const toTime = (date: string): number => Date.parse(`${date}T00:00:00Z`)

/** The date this many days later; earlier if negative. */
export const addDays = (date: string, days: number): string =>
  new Date(toTime(date) + days * DAY_MS).toISOString().slice(0, 10)

/** How many days from one date to another; negative if it is earlier. */
export const daysBetween = (from: string, to: string): number => Math.round((toTime(to) - toTime(from)) / DAY_MS)

/** Every date of a range, including both ends. */
export const datesOf = (start: string, end: string): string[] =>
  Array.from({ length: daysBetween(start, end) + 1 }, (_, index) => addDays(start, index))
