import type { ReadTx } from '../../../core/data/tx.ts'
import { forbidden } from '../../../core/declare/errors.ts'
import { hook } from '../../../core/run/feature.ts'
import type { DayEntry, EntryRef } from '../contract/entry.ts'

/** What stands on a day: each feature tells of its own entries. */
export const dayEntries = hook<{ tripId: number; dayId: number }, readonly DayEntry[], ReadTx>('day_entries')

/**
 * An entry that is to be put on a day, on whichever day it is: told by the feature whose kind that is, or `not_found`. `invalid`
 * where it cannot come to that day, `forbidden` where the caller has no scope to move it.
 */
export const entryFor = hook<
  Pick<DayEntry, 'kind' | 'id'> & { tripId: number; dayId: number },
  DayEntry | null,
  ReadTx
>('entry_for')

/** Entries get these keys on a day, and come to that day where they are on another: each feature writes its own. */
export const entriesPlaced = hook<{ tripId: number; dayId: number; keys: ReadonlyMap<EntryRef, string> }>(
  'entries_placed',
  { consequence: 'The order of a day is one: what stands beside what moves may get another key.' },
)

/** Refuses to move something where the caller could not call the published tool for it: `barred` says why. */
export function checkMayMove(what: string, barred: string | null): void {
  if (barred !== null) throw forbidden(`Moving ${what} ${barred}`)
}
