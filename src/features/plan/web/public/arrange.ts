import { type StayPhase, staysOnDay } from '../../../accommodations/web/phase.ts'
import { bookingsOf, type ShownBooking, type ShownStay, timeOf } from '../../../reservations/web/public/booked.ts'
import type { PublicTrip } from '../../../sharing/contract/index.ts'

type Part<K extends keyof PublicTrip> = NonNullable<PublicTrip[K]>[number & keyof NonNullable<PublicTrip[K]>]
export type ShownPlace = Part<'places'>
type ShownNote = Part<'day_notes'>
type ShownDay = Part<'days'>

/** One stop of a day, with its number on the map. */
export interface Visit {
  readonly id: number
  readonly place: ShownPlace
  readonly number: number
  readonly start: string | null
  readonly end: string | null
  readonly notes: string | null
}

export type DayItem =
  | { readonly kind: 'visit'; readonly visit: Visit }
  | { readonly kind: 'note'; readonly note: ShownNote }
  | { readonly kind: 'booking'; readonly booking: ShownBooking; readonly time: string | null }

export interface PlannedDay {
  readonly day: ShownDay
  readonly visits: readonly Visit[]
  /** Stops, notes and bookings in the order in which they come. */
  readonly items: readonly DayItem[]
  readonly stays: readonly { stay: ShownStay; phase: StayPhase }[]
}

/** The plan of a shared trip, day by day; nothing where the plan is not shown. */
export function planOf(trip: PublicTrip): PlannedDay[] {
  const places = new Map((trip.places ?? []).map((place) => [place.id, place]))
  const days = (trip.days ?? []).toSorted((a, b) => a.day_number - b.day_number)
  const stops = Map.groupBy(trip.stops ?? [], (stop) => stop.day_id)
  const notes = Map.groupBy(trip.day_notes ?? [], (note) => note.day_id)
  const bookings = Map.groupBy(bookingsOf(trip), (booking) => booking.day_id)
  return days.map((day) => {
    const inOrder = (stops.get(day.id) ?? []).toSorted((a, b) => a.order_index - b.order_index)
    const visits: Visit[] = []
    const items: DayItem[] = []
    const waiting = (notes.get(day.id) ?? []).toSorted((a, b) => a.position - b.position)
    for (const stop of inOrder) {
      const place = places.get(stop.place_id)
      if (!place) continue
      while (waiting[0] && waiting[0].position <= stop.order_index) {
        items.push({ kind: 'note', note: waiting.shift() as ShownNote })
      }
      const own = stop.place_time !== null || stop.end_time !== null
      const visit: Visit = {
        id: stop.id,
        place,
        number: visits.length + 1,
        start: own ? stop.place_time : place.place_time,
        end: own ? stop.end_time : place.end_time,
        notes: stop.notes,
      }
      visits.push(visit)
      items.push({ kind: 'visit', visit })
    }
    items.push(...waiting.map((note) => ({ kind: 'note' as const, note })))
    for (const booking of bookings.get(day.id) ?? []) putIn(items, booking)
    return { day, visits, items, stays: staysOnDay(trip.stays ?? [], day.id, days) }
  })
}

/** The places that are on no day and where nobody sleeps: what one might see too. */
export function furtherPlaces({ places, stops, stays }: PublicTrip): ShownPlace[] {
  const used = new Set([...(stops ?? []), ...(stays ?? [])].map(({ place_id }) => place_id))
  return (places ?? []).filter(({ id }) => !used.has(id)).toSorted((a, b) => a.name.localeCompare(b.name))
}

/** Puts a booking before the first stop that begins later; without a time it stands first. */
function putIn(items: DayItem[], booking: ShownBooking): void {
  const time = timeOf(booking.reservation_time) ?? booking.endpoints[0]?.local_time ?? null
  const startOf = (item: DayItem) =>
    item.kind === 'visit' ? item.visit.start : item.kind === 'booking' ? (item.time ?? '') : null
  const index = items.findIndex((item) => {
    const start = startOf(item)
    return time === null ? !(item.kind === 'booking' && item.time === null) : start !== null && start > time
  })
  items.splice(index < 0 ? items.length : index, 0, { kind: 'booking', booking, time })
}
