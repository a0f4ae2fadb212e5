import type { Message } from '../../../core/declare/message.ts'
import type { Scope } from '../../../core/declare/operation.ts'

/** What is known of a notification when it is put into words. */
export interface Happened {
  /** Who did it, the last of them if there were several. */
  readonly who: string | Message
  /** The title of the trip. */
  readonly trip: string
  /** The day the trip starts; null when it has no dates. */
  readonly starts: string | null
  /** The title of the booking, the start of the message, the to-do. */
  readonly about: string
  /** The day it is about. */
  readonly day: string | null
  /** How often it happened. */
  readonly count: number
}

/** A kind of event that people are notified of. */
export interface NewsEvent<Name extends string = string> {
  readonly name: Name
  /** Its place among what people choose to be told of, the lowest first; neighbours are ten apart. */
  readonly order: number
  /** The scope that a program needs to be told what it is about; null where any will do. */
  readonly scope: Scope | null
  /** The tab of the trip page it leads to; the first one when left out. */
  readonly part?: string
  /**
   * Which unread notification of the same trip another one goes into: the last one whoever caused it, or, when left out, one
   * that the same person caused within ten minutes.
   */
  readonly joins?: 'anyone'
  /** A text that is only what it is about, in the words of the people, is no message. A day goes by the name `date`: the app writes it out. */
  words(happened: Happened): { readonly title: Message; readonly text: Message | string }
}

/**
 * Declares one in `contract/news.ts` of the feature that tells of it. `npm run generate` finds it there; its icon is in the
 * registration of the feature, its name for people in `notifications.events` of the texts.
 */
export const newsEvent = <Name extends string>(declared: NewsEvent<Name>): NewsEvent<Name> => declared
