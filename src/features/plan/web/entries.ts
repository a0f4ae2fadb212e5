import { stopEntry } from '../../assignments/contract/index.ts'
import { type DayNoteRow, noteEntry } from '../../day-notes/contract/index.ts'
import type { Booking } from '../../reservations/contract/index.ts'
import { bookingEntry, type DayBooking } from '../../reservations/contract/on-day.ts'
import type { DayEntry } from '../contract/entry.ts'
import { timelineOf } from '../contract/timeline.ts'
import type { PlannedStop } from './plan.ts'

/** An entry of a day with what its row shows. */
export type PlanEntry = DayEntry &
  (
    | { readonly kind: 'stop'; readonly planned: PlannedStop }
    | { readonly kind: 'note'; readonly note: DayNoteRow }
    | { readonly kind: 'booking'; readonly onDay: DayBooking<Booking> }
  )

/** The stops, notes and bookings of a day in order. */
export const entriesOf = (
  stops: readonly PlannedStop[],
  notes: readonly DayNoteRow[],
  bookings: readonly DayBooking<Booking>[],
): PlanEntry[] =>
  timelineOf<PlanEntry>([
    ...stops.map((planned) => ({ ...stopEntry(planned.stop, planned.start), kind: 'stop' as const, planned })),
    ...notes.map((note) => ({ ...noteEntry(note), kind: 'note' as const, note })),
    ...bookings.map((onDay) => ({ ...bookingEntry(onDay), kind: 'booking' as const, onDay })),
  ])

export const nameOfEntry = (entry: PlanEntry): string => {
  if (entry.kind === 'stop') return entry.planned.place.name
  return entry.kind === 'note' ? entry.note.text : entry.onDay.booking.title
}
