import { clockOf, type DayNoteRow } from '../../day-notes/contract/index.ts'
import { type DayBooking, slotAmong } from '../../reservations/web/on-day.ts'
import type { PlannedStop } from './plan.ts'

/**
 * A day as one timeline. Its stops are the backbone, in their order. Notes and bookings stand in the slots between them: slot
 * `n` is before the stop with order_index `n`. In a slot come the notes that belong before what is booked, then what is
 * booked, then the other notes; where both have a time, the time decides.
 */
export type Entry =
  | { readonly kind: 'stop'; readonly key: string; readonly planned: PlannedStop }
  | { readonly kind: 'note'; readonly key: string; readonly note: DayNoteRow }
  | { readonly kind: 'booking'; readonly key: string; readonly onDay: DayBooking }

/** What is carried within the plan, by its key in the timeline. */
export const stopKey = (id: number): string => `stop:${id}`
export const noteKey = (id: number): string => `note:${id}`
export const bookingKey = (id: number): string => `booking:${id}`

/** The stops, notes and bookings of one day in the order in which they are shown. */
export function timelineOf(
  stops: readonly PlannedStop[],
  notes: readonly DayNoteRow[],
  bookings: readonly DayBooking[],
): Entry[] {
  const backbone = stops.map(({ stop, start }) => ({ order_index: stop.order_index, start }))
  const bookedIn = Map.groupBy(bookings, (onDay) => slotAmong(onDay, backbone))
  const noted = notes.toSorted((a, b) => a.sort_order - b.sort_order || a.id - b.id)
  const notesIn = Map.groupBy(noted, (note) => Math.min(note.position, stops.length))
  return [...stops, null].flatMap((planned, slot): Entry[] => [
    ...slotOf(notesIn.get(slot) ?? [], bookedIn.get(slot) ?? []),
    ...(planned ? [{ kind: 'stop', key: stopKey(planned.stop.id), planned } as const] : []),
  ])
}

function slotOf(notes: readonly DayNoteRow[], bookings: readonly DayBooking[]): Entry[] {
  const entryOf = (note: DayNoteRow): Entry => ({ kind: 'note', key: noteKey(note.id), note })
  const entries = notes.filter((note) => note.before_bookings).map(entryOf)
  let rest = notes.filter((note) => !note.before_bookings)
  for (const onDay of bookings.toSorted(byTime)) {
    const isEarlier = (note: DayNoteRow) => {
      const clock = clockOf(note.time)
      return clock !== null && onDay.time !== null && clock < onDay.time
    }
    entries.push(...rest.filter(isEarlier).map(entryOf))
    rest = rest.filter((note) => !isEarlier(note))
    entries.push({ kind: 'booking', key: bookingKey(onDay.booking.id), onDay })
  }
  return [...entries, ...rest.map(entryOf)]
}

const byTime = (a: DayBooking, b: DayBooking): number =>
  (a.time ?? '99') < (b.time ?? '99') ? -1 : (a.time ?? '99') > (b.time ?? '99') ? 1 : a.booking.id - b.booking.id

/** Where in its day something lands that is put down before the entry at `gap`. */
export interface Landing {
  /** How many stops are before it. */
  readonly slot: number
  /** How many notes are before it. */
  readonly rank: number
  /** Whether what is booked in that slot comes after it. */
  readonly beforeBookings: boolean
  /** What is in the same slot before it and after it. */
  readonly above: readonly Entry[]
  readonly below: readonly Entry[]
}

/** Where something lands; what is carried (`key`) does not count if it comes from the same day. */
export function landingAt(entries: readonly Entry[], gap: number, key: string): Landing {
  const before = entries.slice(0, gap).filter((entry) => entry.key !== key)
  const after = entries.slice(gap).filter((entry) => entry.key !== key)
  const isStop = (entry: Entry) => entry.kind === 'stop'
  const above = before.slice(before.findLastIndex(isStop) + 1)
  const end = after.findIndex(isStop)
  const below = end < 0 ? after : after.slice(0, end)
  const isBooked = (entry: Entry) => entry.kind === 'booking'
  return {
    slot: before.filter(isStop).length,
    rank: before.filter((entry) => entry.kind === 'note').length,
    beforeBookings: (below.some(isBooked) && !above.some(isBooked)) || below.some(belongsBefore),
    above,
    below,
  }
}

const belongsBefore = (entry: Entry): boolean => entry.kind === 'note' && entry.note.before_bookings

/** The gap that leaves `rank` other entries before what is carried. */
export function gapFor(entries: readonly Entry[], key: string, rank: number): number {
  const from = entries.findIndex((entry) => entry.key === key)
  return from >= 0 && from < rank ? rank + 1 : rank
}

/** The gap before the stop that is at `index` among the others. */
export function gapOfStop(entries: readonly Entry[], key: string, index: number): number {
  const others = entries.filter((entry) => entry.kind === 'stop' && entry.key !== key)
  const next = others[index]
  return next ? entries.indexOf(next) : entries.length
}

/** Whether putting it down there would leave everything as it is. */
export function staysPut(entries: readonly Entry[], gap: number, key: string): boolean {
  const from = entries.findIndex((entry) => entry.key === key)
  return from >= 0 && (gap === from || gap === from + 1)
}

/** The positions of notes, or other things between the stops, after a stop came to one or went from it; as the server does it. */
export const shifted = (position: number, at: number, by: 1 | -1): number => (position > at ? position + by : position)

/** A stop out of the order of times: the index it would have if the others stayed; null when it stands where it may. */
export function indexByTime(stops: readonly PlannedStop[], stopId: number, start: string): number | null {
  const own = stops.findIndex(({ stop }) => stop.id === stopId)
  const others = stops.toSpliced(own, 1)
  const fits =
    !others.slice(0, own).some((other) => other.start !== null && other.start > start) &&
    !others.slice(own).some((other) => other.start !== null && other.start < start)
  if (own < 0 || fits) return null
  const later = others.findIndex((other) => other.start !== null && other.start > start)
  if (later >= 0) return later
  // Behind the last that has a time, not behind what has none.
  return others.findLastIndex((other) => other.start !== null) + 1
}
