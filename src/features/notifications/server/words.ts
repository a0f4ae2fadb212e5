import { type Caller, holdsScope } from '../../../core/data/space.ts'
import type { Person } from '../../../identity/contract/person.ts'
import type { TripRow } from '../../trips/server/index.ts'
import type { NotificationRow, Told } from '../contract/index.ts'
import { NEWS } from '../contract/news.generated.ts'
import type { NewsEvent } from '../contract/news-event.ts'

interface About {
  readonly trip: TripRow
  readonly actor: Person | null
  /** What whoever reads it was granted. */
  readonly scopes: Caller['scopes']
}

/** A notification in words; what it is about is told to those alone who could read it where it happened. */
export function inWords(row: NotificationRow, { trip, actor, scopes }: About): Omit<Told, 'url'> {
  const { id, event, trip_id, about, count, is_read, created_at } = row
  const { part, words, scope }: NewsEvent = NEWS[event]
  const hidden = scope !== null && !holdsScope(scopes, scope)
  return {
    id,
    event,
    ...words({
      who: actor?.name ?? 'Somebody',
      trip: trip.title,
      starts: trip.start_date && day(trip.start_date),
      about,
      day: row.date && day(row.date),
      count,
    }),
    ...(hidden && { text: `What it is about is left out: that needs the scope ${scope}.` }),
    link: `/trips/${trip_id}${part ? `?part=${part}` : ''}`,
    trip_id,
    trip_title: trip.title,
    actor,
    count,
    is_read,
    created_at,
  }
}

const DAY = new Intl.DateTimeFormat('en-GB', { day: 'numeric', month: 'long', year: 'numeric', timeZone: 'UTC' })

const day = (date: string): string => DAY.format(new Date(`${date}T00:00:00Z`))
