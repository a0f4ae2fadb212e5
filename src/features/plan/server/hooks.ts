import type { Caller } from '../../../core/data/space.ts'
import type { ReadTx } from '../../../core/data/tx.ts'
import type { AnyOperation } from '../../../core/declare/operation.ts'
import { hook } from '../../../core/run/feature.ts'
import { missingScope } from '../../../core/run/rights.ts'
import type { DayEntry, EntryRef } from '../contract/entry.ts'
import { messages } from '../contract/messages.ts'

/** The entries of a day; each feature answers with its own. */
export const dayEntries = hook<{ tripId: number; dayId: number }, readonly DayEntry[], ReadTx>('day_entries')

/**
 * An entry to be put on a day, wherever it is now; the feature of its kind answers, or throws `not_found`. Throws
 * `invalid` if it cannot go to that day, `forbidden` if the caller lacks the scope to move it.
 */
export const entryFor = hook<
  Pick<DayEntry, 'kind' | 'id'> & { tripId: number; dayId: number },
  DayEntry | null,
  ReadTx
>('entry_for')

/** Entries get these keys on a day, and move there from other days; each feature writes its own. */
export const entriesPlaced = hook<{ tripId: number; dayId: number; keys: ReadonlyMap<EntryRef, string> }>(
  'entries_placed',
  { consequence: 'The order of a day is one: what stands beside what moves may get another key.' },
)

const NEEDS_SCOPE = { stop: messages.stopNeedsScope, booking: messages.bookingNeedsScope }

/** Refuses a move if the caller lacks the scope of the published tool for it. */
export function checkMayMove(
  kind: keyof typeof NEEDS_SCOPE,
  tool: Pick<AnyOperation, 'scope'>,
  caller: Pick<Caller, 'scopes'>,
): void {
  const scope = missingScope(tool, caller)
  if (scope) throw NEEDS_SCOPE[kind]({ scope })
}
