import type { Message } from '../../../core/declare/message.ts'
import type { Scope } from '../../../core/declare/operation.ts'

/** The facts that the texts of a notification are made from. */
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
  /** How many times it happened. */
  readonly count: number
}

/** A kind of event that people are notified of. */
export interface NewsEvent<Name extends string = string> {
  readonly name: Name
  /** Its place in the preferences, lowest first; neighbours are ten apart. */
  readonly order: number
  /** The scope that a program needs to see the subject; null if any is enough. */
  readonly scope: Scope | null
  /** The tab of the trip page that it opens; the first one when absent. */
  readonly part?: string
  /**
   * The unread notification of the same trip that a new one is merged into: the last one by anyone, or, when absent,
   * one by the same person within ten minutes.
   */
  readonly joins?: 'anyone'
  /** A text that only repeats the subject is not a message. The app formats a day, in the parameter `date`. */
  words(happened: Happened): { readonly title: Message; readonly text: Message | string }
}

/**
 * Declares one in `contract/news.ts` of its feature, where `npm run generate` finds it. Its icon is in the registration
 * of the feature, its name in `notifications.events` of the texts.
 */
export const newsEvent = <Name extends string>(declared: NewsEvent<Name>): NewsEvent<Name> => declared
