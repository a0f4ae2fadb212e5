import type { ReadTx } from '../../../core/data/tx.ts'
import { hook } from '../../../core/run/feature.ts'
import type { NewsEvent } from '../contract/news-event.ts'

/** Something happened in a trip that its people want to be told, wherever they are. */
export interface News {
  readonly tripId: number
  readonly event: NewsEvent
  /** The user ids of who is told; the one who did it never is, and guests have nowhere to hear of it. */
  readonly to: readonly number[] | 'everybody'
  /** What it is about, in the words of the people: the title of the booking, the start of the message. */
  readonly about: string
}

export const tripNews = hook<News>('trip_news', { consequence: 'Whoever changes something tells the others of it.' })

/** Something that somebody has to do by a day that is near. */
export interface DueItem {
  readonly tripId: number
  /** Names it among everything that can be due: "todo 12". Each person is told of it once for each date. */
  readonly key: string
  /** In the words of the people. */
  readonly about: string
  readonly date: string
  /** The user ids of who has to do it. */
  readonly to: readonly number[] | 'everybody'
}

/** What has to be done from a day until another, both included, and is not done yet? */
export const dueSoon = hook<{ from: string; until: string }, readonly DueItem[], ReadTx>('due_soon')
