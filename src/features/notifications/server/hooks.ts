import type { ReadTx } from '../../../core/data/tx.ts'
import { hook } from '../../../core/run/feature.ts'
import type { NewsEvent } from '../contract/news-event.ts'

/** Something happened in a trip that its people want to know. */
export interface News {
  readonly tripId: number
  readonly event: NewsEvent
  /** The user ids of the recipients; the person who did it and guests never get it. */
  readonly to: readonly number[] | 'everybody'
  /** The subject, in the words of people: the title of the booking, the start of the message. */
  readonly about: string
}

export const tripNews = hook<News>('trip_news', { consequence: 'Whoever changes something tells the others of it.' })

/** Something that somebody has to do soon. */
export interface DueItem {
  readonly tripId: number
  /** Identifies it among everything due: "todo 12". Each person is notified once for each date. */
  readonly key: string
  /** In the words of people. */
  readonly about: string
  readonly date: string
  /** The user ids of the people who have to do it. */
  readonly to: readonly number[] | 'everybody'
}

/** What is due from one day to another, both included, and not done yet? */
export const dueSoon = hook<{ from: string; until: string }, readonly DueItem[], ReadTx>('due_soon')
