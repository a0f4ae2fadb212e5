import type { TripMark } from './store.ts'

/** Ongoing first, then upcoming by date, then those without dates, then past ones, the latest first. */
export function byRelevance<T extends TripMark>(trips: readonly T[], today: string): T[] {
  const rank = ({ start_date, end_date }: TripMark): number => {
    if (!start_date || !end_date) return 2
    if (end_date < today) return 3
    return start_date <= today ? 0 : 1
  }
  const ranked = trips.map((trip) => ({ trip, rank: rank(trip), date: trip.start_date ?? '' }))
  ranked.sort((a, b) => {
    if (a.rank !== b.rank) return a.rank - b.rank
    if (a.date !== b.date) return (a.date < b.date ? -1 : 1) * (a.rank === 3 ? -1 : 1)
    return b.trip.id - a.trip.id
  })
  return ranked.map(({ trip }) => trip)
}
