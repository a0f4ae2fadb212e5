import { z } from 'zod'
import { messages } from './messages.ts'

/** What stands on a day: a place that one visits, a note, something that is booked. */
export type EntryKind = 'stop' | 'note' | 'booking'

/** Names an entry of a day: its kind and the id that it has there. */
export const EntryRef = z
  .string()
  .max(30)
  .regex(/^(stop|note|booking):[1-9]\d{0,15}$/, { error: messages.entryForm.key })
export type EntryRef = string

/** An entry as far as its place in the day is concerned. */
export interface DayEntry {
  readonly kind: EntryKind
  readonly id: number
  /** Its place in the order of the day. Null: nobody has put this booking anywhere, so it stands by its time. */
  readonly order_key: string | null
  /** When it begins on this day, HH:MM. */
  readonly time: string | null
  /** A booking that began on an earlier day and ends on a later one. */
  readonly goesOn?: boolean
}

export const refOf = ({ kind, id }: Pick<DayEntry, 'kind' | 'id'>): EntryRef => `${kind}:${id}`

/** The kind and the id in the name of an entry. */
export function entryIn(ref: EntryRef): Pick<DayEntry, 'kind' | 'id'> {
  const [kind, id] = ref.split(':')
  return { kind: kind as EntryKind, id: Number(id) }
}

/** Where in its day something goes; without a neighbour it is the end. */
export const neighbours = {
  before: EntryRef.optional().describe('Entry of the day it goes in front of: stop:12, note:3 or booking:4.'),
  after: EntryRef.optional().describe('Entry it goes behind.'),
}
