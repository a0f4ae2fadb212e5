import { byOrder } from '../../../../core/declare/order-key.ts'
import { type StayPhase, staysOnDay } from '../../../accommodations/web/phase.ts'
import { stopEntry, visitTimes } from '../../../assignments/contract/index.ts'
import { noteEntry } from '../../../day-notes/contract/index.ts'
import { bookingEntry, bookingsOnDay, type DayBooking } from '../../../reservations/contract/on-day.ts'
import { bookingsOf, type ShownBooking, type ShownStay } from '../../../reservations/web/public/booked.ts'
import type { PublicTrip } from '../../../sharing/contract/index.ts'
import type { DayEntry } from '../../contract/entry.ts'
import { timelineOf } from '../../contract/timeline.ts'

type Part<K extends keyof PublicTrip> = NonNullable<PublicTrip[K]>[number & keyof NonNullable<PublicTrip[K]>]
export type ShownPlace = Part<'places'>
type ShownNote = Part<'day_notes'>
type ShownDay = Part<'days'>

/** One stop of a day, with its number on the map. */
export interface ShownStop {
  readonly id: number
  readonly place: ShownPlace
  readonly number: number
  readonly start: string | null
  readonly end: string | null
  readonly notes: string | null
}

export type DayItem = DayEntry &
  (
    | { readonly kind: 'stop'; readonly visit: ShownStop }
    | { readonly kind: 'note'; readonly note: ShownNote }
    | { readonly kind: 'booking'; readonly onDay: DayBooking<ShownBooking> }
  )

export interface PlannedDay {
  readonly day: ShownDay
  readonly visits: readonly ShownStop[]
  /** Stops, notes and bookings in order. */
  readonly items: readonly DayItem[]
  readonly stays: readonly { stay: ShownStay; phase: StayPhase }[]
}

/** The plan of a shared trip, day by day; empty if the plan is not shared. */
export function planOf(trip: PublicTrip): PlannedDay[] {
  const places = new Map((trip.places ?? []).map((place) => [place.id, place]))
  const days = (trip.days ?? []).toSorted((a, b) => a.day_number - b.day_number)
  const stops = Map.groupBy((trip.stops ?? []).toSorted(byOrder), (stop) => stop.day_id)
  const notes = Map.groupBy(trip.day_notes ?? [], (note) => note.day_id)
  return days.map((day) => {
    const visited = (stops.get(day.id) ?? []).flatMap((stop) => {
      const place = places.get(stop.place_id)
      return place ? [{ stop, place, ...visitTimes(stop, place) }] : []
    })
    const items = timelineOf<DayItem>([
      ...visited.map(({ stop, place, start, end }, at) => ({
        ...stopEntry(stop, start),
        kind: 'stop' as const,
        visit: { id: stop.id, place, number: at + 1, start, end, notes: stop.notes },
      })),
      ...(notes.get(day.id) ?? []).map((note) => ({ ...noteEntry(note), kind: 'note' as const, note })),
      ...bookingsOnDay(bookingsOf(trip), day.id, days).map((onDay) => ({
        ...bookingEntry(onDay),
        kind: 'booking' as const,
        onDay,
      })),
    ])
    const visits = items.flatMap((item) => (item.kind === 'stop' ? [item.visit] : []))
    return { day, visits, items, stays: staysOnDay(trip.stays ?? [], day.id, days) }
  })
}

/** The places without a day or a stay. */
export function furtherPlaces({ places, stops, stays }: PublicTrip): ShownPlace[] {
  const used = new Set([...(stops ?? []), ...(stays ?? [])].map(({ place_id }) => place_id))
  return (places ?? []).filter(({ id }) => !used.has(id)).toSorted((a, b) => a.name.localeCompare(b.name))
}
