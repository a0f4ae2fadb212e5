import { datesOf } from '../../../core/declare/dates.ts'
import type { Unsound } from '../../../core/run/sound.ts'
import type { TripRow } from '../../trips/server/index.ts'
import type { DayRow } from './store.ts'

/**
 * Checks that days are numbered without gaps; that dated days come first, in order, each within the dates of the trip;
 * and that the trip lasts from the first of them to the last.
 */
export function faultsOf({ id: tripId, start_date, end_date }: TripRow, days: readonly DayRow[]): Unsound[] {
  const dates = start_date && end_date ? datesOf(start_date, end_date) : []
  const broken: Unsound[] = []
  let last: string | null = ''
  for (const [index, { id, day_number, date }] of days.entries()) {
    const faults = [
      day_number !== index + 1 && `is number ${day_number} where ${index + 1} comes next`,
      date !== null && !dates.includes(date) && `has the date ${date}, which is not one of the trip`,
      date !== null && (last === null || date <= last) && `has the date ${date}, out of order`,
    ]
    broken.push(...faults.flatMap((says) => (says ? [{ entity: 'day', id, says }] : [])))
    last = date
  }
  const dated = days.flatMap(({ date }) => date ?? [])
  if (dated.length && (dated[0] !== start_date || dated.at(-1) !== end_date)) {
    const says = `lasts from ${start_date} to ${end_date}, its days from ${dated[0]} to ${dated.at(-1)}`
    broken.push({ entity: 'trip', id: tripId, says })
  }
  return broken
}
