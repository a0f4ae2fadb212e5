import { today } from '../../../ui/dates.ts'
import { language } from '../../../ui/i18n.ts'

/** The local time of the reader, like 18:42. */
export const clockOf = (instant: string): string =>
  new Intl.DateTimeFormat(language(), { timeStyle: 'short' }).format(new Date(instant))

/** A date as a heading of the chat; with its year only if that is not the current one. */
export function chatDate(date: string): string {
  const year = date.slice(0, 4) === today().slice(0, 4) ? undefined : ('numeric' as const)
  return new Intl.DateTimeFormat(language(), {
    weekday: 'long',
    day: 'numeric',
    month: 'long',
    year,
    timeZone: 'UTC',
  }).format(new Date(`${date}T00:00:00Z`))
}
