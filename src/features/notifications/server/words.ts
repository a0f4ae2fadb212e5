import { type Caller, holdsScope } from '../../../core/data/space.ts'
import { keyOf } from '../../../core/declare/message.ts'
import { messages as core } from '../../../core/run/messages.ts'
import type { Person } from '../../../identity/contract/person.ts'
import type { TripRow } from '../../trips/server/index.ts'
import type { NotificationRow, Told } from '../contract/index.ts'
import { messages } from '../contract/messages.ts'
import { NEWS } from '../contract/news.generated.ts'
import type { NewsEvent } from '../contract/news-event.ts'

interface About {
  readonly trip: TripRow
  readonly actor: Person | null
  /** The scopes of the reader. */
  readonly scopes: Caller['scopes']
}

/** A notification with its texts; its subject is shown only to readers who have access to the original. */
export function inWords(row: NotificationRow, { trip, actor, scopes }: About): Omit<Told, 'url'> {
  const { id, event, trip_id, about, count, is_read, created_at } = row
  const { part, words, scope }: NewsEvent = NEWS[event]
  const who = actor?.name ?? core.somebody()
  const texts = words({ who, trip: trip.title, starts: trip.start_date, about, day: row.date, count })
  const text = scope !== null && !holdsScope(scopes, scope) ? messages.hidden({ scope }) : texts.text
  return {
    id,
    event,
    title: texts.title.text,
    title_message: keyOf(texts.title),
    text: typeof text === 'string' ? text : text.text,
    text_message: typeof text === 'string' ? NO_MESSAGE : keyOf(text),
    link: `/trips/${trip_id}${part ? `?part=${part}` : ''}`,
    trip_id,
    trip_title: trip.title,
    actor,
    count,
    is_read,
    created_at,
  }
}

/** Used for a text that people wrote themselves. */
const NO_MESSAGE: Told['text_message'] = { key: '', params: {} }
