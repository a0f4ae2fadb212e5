import { addDays, daysBetween } from '../../../core/declare/dates.ts'
import type { TripCard } from '../contract/index.ts'

/** The phase of a trip today. A trip without dates is an idea. */
export type Phase = 'ongoing' | 'upcoming' | 'idea' | 'past'

type Dated = Pick<TripCard, 'start_date' | 'end_date'>

export function phaseOf({ start_date, end_date }: Dated, today: string): Phase {
  if (!start_date || !end_date) return 'idea'
  if (end_date < today) return 'past'
  return start_date > today ? 'upcoming' : 'ongoing'
}

export const lengthOf = ({ start_date, end_date }: Dated): number | null =>
  start_date && end_date ? daysBetween(start_date, end_date) + 1 : null

const ORDER: readonly Phase[] = ['ongoing', 'upcoming', 'idea', 'past']

/** Ongoing first, then upcoming ones by date, then ideas, then past ones, the latest first. */
export function inOrder<T extends Dated & { id: number }>(trips: readonly T[], today: string): T[] {
  return trips.toSorted((a, b) => {
    const [phase, other] = [phaseOf(a, today), phaseOf(b, today)]
    if (phase !== other) return ORDER.indexOf(phase) - ORDER.indexOf(other)
    const direction = phase === 'past' ? -1 : 1
    return direction * (a.start_date ?? '').localeCompare(b.start_date ?? '') || b.id - a.id
  })
}

/** The trip to highlight: the ongoing one, or else the next. */
export const spotlightOf = <T extends Dated & { id: number }>(trips: readonly T[], today: string): T | undefined =>
  inOrder(trips, today).find((trip) => ['ongoing', 'upcoming'].includes(phaseOf(trip, today)))

/** The default end of a trip that begins on this day. */
export const usualEnd = (start: string): string => addDays(start, 6)
