import type { Person } from '../../../identity/contract/person.ts'
import type { TripRow } from '../../trips/server/index.ts'
import type { NotificationEvent, NotificationRow, Told } from '../contract/index.ts'

/** Where in a trip an event leads. */
const PARTS: Partial<Record<NotificationEvent, string>> = {
  booking_change: 'bookings',
  todo_due: 'todos',
  collab_message: 'together',
  packing_tagged: 'packing',
}

/** A notification in words. */
export function inWords(row: NotificationRow, trip: TripRow, actor: Person | null): Told {
  const { id, event, trip_id, count, is_read, created_at } = row
  const part = PARTS[event]
  return {
    id,
    event,
    ...WORDS[event](row, trip, actor?.name ?? 'Somebody'),
    link: `/trips/${trip_id}${part ? `?part=${part}` : ''}`,
    trip_id,
    trip_title: trip.title,
    actor,
    count,
    is_read,
    created_at,
  }
}

type Words = Pick<Told, 'title' | 'text'>

const WORDS: Record<NotificationEvent, (row: NotificationRow, trip: TripRow, who: string) => Words> = {
  trip_invite: (_, { title }, who) => ({
    title: `${who} added you to “${title}”`,
    text: 'You see the whole trip, and can plan along.',
  }),
  booking_change: ({ count, about }, { title }, who) => ({
    title: `${who} changed ${count > 1 ? `${count} bookings` : 'a booking'} in “${title}”`,
    text: about,
  }),
  trip_reminder: (_, { title, start_date }) => ({
    title: `“${title}” starts soon`,
    text: start_date ? `It starts on ${day(start_date)}.` : 'It has no dates any more.',
  }),
  todo_due: ({ about, date }, { title }) => ({
    title: `Something is to be done for “${title}”`,
    text: date ? `${about}, by ${day(date)}` : about,
  }),
  collab_message: ({ count, about }, { title }, who) => ({
    title: count > 1 ? `${count} new messages in “${title}”` : `${who} wrote in “${title}”`,
    text: count > 1 ? `${who}: ${about}` : about,
  }),
  packing_tagged: ({ count, about }, { title }, who) => ({
    title: `${who} put you down for packing in “${title}”`,
    text: count > 1 ? `${about} and more` : about,
  }),
}

const DAY = new Intl.DateTimeFormat('en-GB', { day: 'numeric', month: 'long', year: 'numeric', timeZone: 'UTC' })

const day = (date: string): string => DAY.format(new Date(`${date}T00:00:00Z`))
