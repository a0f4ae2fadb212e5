import { patched } from '../../../ui/live/act.ts'
import type { Guess } from '../../../ui/live/space-rows.ts'
import { Assignment } from '../../assignments/contract/index.ts'
import { DayNote } from '../../day-notes/contract/index.ts'
import { Reservation } from '../../reservations/contract/index.ts'
import { type DayEntry, type EntryRef, entryIn, refOf } from '../contract/entry.ts'
import { placed, type Spot } from '../contract/timeline.ts'
import type { PlanEntry } from './entries.ts'

/** The expected result of a move to a day: the keys of new entries, and the changes of existing ones. */
export function placing(
  entries: readonly PlanEntry[],
  dayId: number,
  moving: readonly DayEntry[],
  spot: Spot,
): { keys: ReadonlyMap<EntryRef, string>; guesses: Guess[] } {
  const keys = placed(entries, moving, spot) ?? new Map<EntryRef, string>()
  const guesses = [...keys].flatMap(([ref, order_key]): Guess[] => {
    const { kind, id } = entryIn(ref)
    // The caller guesses rows that do not exist yet.
    if (id < 0) return []
    if (kind === 'stop') return [patched(Assignment, id, { day_id: dayId, order_key })]
    if (kind === 'note') return [patched(DayNote, id, { day_id: dayId, order_key })]
    const entry = entries.find((one) => refOf(one) === ref)
    if (entry?.kind !== 'booking') return []
    return [patched(Reservation, id, { day_keys: { ...entry.onDay.booking.day_keys, [dayId]: order_key } })]
  })
  return { keys, guesses }
}
