import { z } from 'zod'
import { messages } from './messages.ts'

/** An entry of a day: a visit to a place, a note or a booking. */
export type EntryKind = 'stop' | 'note' | 'booking'

/** Identifies an entry of a day: its kind and its id. */
export const EntryRef = z
  .string()
  .max(30)
  .regex(/^(stop|note|booking):[1-9]\d{0,15}$/, { error: messages.entryForm.key })
export type EntryRef = string

/** The fields of an entry that decide its place in the day. */
export interface DayEntry {
  readonly kind: EntryKind
  readonly id: number
  /** Its place in the order of the day. Null for a booking that nobody has moved: its time decides. */
  readonly order_key: string | null
  /** Its start on this day, HH:MM. */
  readonly time: string | null
  /** A booking that began on an earlier day and ends on a later one. */
  readonly goesOn?: boolean
}

export const refOf = ({ kind, id }: Pick<DayEntry, 'kind' | 'id'>): EntryRef => `${kind}:${id}`

/** The kind and the id of an entry reference. */
export function entryIn(ref: EntryRef): Pick<DayEntry, 'kind' | 'id'> {
  const [kind, id] = ref.split(':')
  return { kind: kind as EntryKind, id: Number(id) }
}

/** The target in a day; without a neighbour, the end. */
export const neighbours = {
  before: EntryRef.optional().describe('Entry of the day to put it before: stop:12, note:3 or booking:4.'),
  after: EntryRef.optional().describe('Entry to put it after.'),
}
