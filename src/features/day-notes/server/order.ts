import { type DayEntry, refOf } from '../../plan/contract/entry.ts'
import type { Spot } from '../../plan/contract/timeline.ts'

interface Slot {
  /** How many stops come before it. */
  readonly position: number
  /** Whether bookings between the same stops come after it. */
  readonly beforeBookings: boolean
  /** How many notes of the day come before it, as far as the other fields leave a choice. */
  readonly sortOrder?: number | undefined
}

/** The spot of a note between two stops of a day. */
export function spotAmongStops(day: readonly DayEntry[], note: DayEntry, to: Slot): Spot {
  const others = day.filter((entry) => refOf(entry) !== refOf(note))
  const stops = others.flatMap(({ kind }, at) => (kind === 'stop' ? [at] : []))
  const start = to.position === 0 ? 0 : (stops[to.position - 1] ?? stops.at(-1) ?? -1) + 1
  const end = stops[to.position] ?? others.length
  const booked = others.flatMap(({ kind }, at) => (kind === 'booking' && at >= start && at < end ? [at] : []))
  const first = to.beforeBookings ? start : (booked.at(-1) ?? start - 1) + 1
  const last = to.beforeBookings ? (booked[0] ?? end) : end
  const notesBefore = (gap: number) => others.slice(0, gap).filter(({ kind }) => kind === 'note').length
  let gap = last
  while (gap > first && to.sortOrder !== undefined && notesBefore(gap) > to.sortOrder) gap--
  const next = others[gap]
  // A booking without a key finds its place by its time, unless the note must be in front of it.
  return { ...(next && { before: refOf(next) }), byTime: next?.kind !== 'booking' }
}
