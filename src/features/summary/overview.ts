import type { TripCard } from '../trips/contract.ts'
import type { DayPlan } from './contract.ts'

/** A trip in a few plain lines: what it is, then a line for each day. */
export function asOverview(trip: TripCard, days: readonly DayPlan[]): string {
  const when = trip.start_date ? `${trip.start_date} to ${trip.end_date}` : 'No dates yet'
  const people = trip.member_count === 1 ? '1 person' : `${trip.member_count} people`
  return [
    trip.title,
    ...(trip.description ? [trip.description] : []),
    `${when} · ${days.length} days · ${people} · ${trip.currency}`,
    '',
    ...days.map(line),
  ].join('\n')
}

function line({ day_number, date, title, assignments }: DayPlan): string {
  const stops = assignments.map(({ place, place_time }) =>
    [place_time ?? place.place_time, place.name].filter(Boolean).join(' '),
  )
  return `Day ${day_number}${date ? ` (${date})` : ''}${title ? `: ${title}` : ''} – ${stops.join(', ') || 'nothing planned yet'}`
}
