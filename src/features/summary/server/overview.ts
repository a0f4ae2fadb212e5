import type { Output } from '../../../core/declare/operation.ts'
import type { get_trip_summary, SummaryDay } from '../contract/index.ts'
import { BRIEF } from './fit.ts'

/** A trip in a few plain lines: its facts and progress, then a line for each day. */
export function asOverview(summary: Output<typeof get_trip_summary>): string {
  const { trip, members, days = [], omitted } = summary
  const people = members && [members.owner, ...members.collaborators].map(({ name }) => name)
  return [
    trip.title,
    ...('description' in trip && trip.description ? [trip.description] : []),
    ...('currency' in trip
      ? [`${trip.start_date ? `${trip.start_date} to ${trip.end_date}` : 'No dates yet'} · ${trip.currency}`]
      : []),
    ...(people ? [`Travellers: ${people.join(', ')}`] : []),
    ...standing(summary),
    '',
    ...days.map(line),
    ...omitted
      .filter(({ section, reason }) => section === 'days' && !reason.startsWith(BRIEF))
      .map(({ reason }) => `Days: ${reason}.`),
  ].join('\n')
}

/** The progress of lists, as far as the caller can see them. */
function standing(summary: Output<typeof get_trip_summary>) {
  const { days, reservations, packing, todos, budget, collab_notes, omitted } = summary
  const isCut = (section: string) => omitted.some((one) => one.section === section && !one.reason.startsWith(BRIEF))
  const counted = (section: string, count: number, one: string, many: string) =>
    `${isCut(section) ? 'more than ' : ''}${count} ${count === 1 ? one : many}`
  const stops = days?.reduce((sum, day) => sum + day.assignments.length, 0)
  const parts = [
    days && `${counted('days', days.length, 'day', 'days')} with ${counted('days', stops ?? 0, 'stop', 'stops')}`,
    reservations && counted('reservations', reservations.length, 'booking', 'bookings'),
    packing && `${packing.checked} of ${packing.total} packed`,
    todos &&
      `${todos.filter((todo) => todo.checked).length} of ${counted('todos', todos.length, 'to-dos', 'to-dos')} done`,
    budget && `costs ${budget.currency} ${budget.total}`,
    ...(budget?.unconverted.map(({ currency, amount }) => `not converted ${currency} ${amount}`) ?? []),
    collab_notes && counted('collab_notes', collab_notes.length, 'note', 'notes'),
  ].filter(Boolean)
  return parts.length ? [parts.join(' · ')] : []
}

function line({ day_number, date, title, assignments }: SummaryDay): string {
  const stops = assignments.map(({ place, place_time }) =>
    [place_time ?? place.place_time, place.name].filter(Boolean).join(' '),
  )
  return `Day ${day_number}${date ? ` (${date})` : ''}${title ? `: ${title}` : ''} – ${stops.join(', ') || 'nothing planned yet'}`
}
