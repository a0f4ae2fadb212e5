import type { Row } from '../../../core/declare/entity.ts'
import type { Message } from '../../../core/declare/message.ts'
import type { Stay } from '../../accommodations/contract/index.ts'
import { type Stop, stopEntry, visitTimes } from '../../assignments/contract/index.ts'
import { type DayNoteRow, noteEntry } from '../../day-notes/contract/index.ts'
import { timelineOf } from '../../plan/contract/timeline.ts'
import type { Booking } from '../../reservations/contract/index.ts'
import { type Endpoint, legsOf } from '../../reservations/server/index.ts'
import type { Trip } from '../../trips/contract/index.ts'
import { messages } from '../contract/messages.ts'
import type { CalendarEvent, CalendarTime } from './ics.ts'

interface PlannedDay {
  readonly id: number
  readonly day_number: number
  readonly date: string | null
  readonly title: string | null
  readonly assignments: readonly Stop[]
  readonly notes: readonly Pick<DayNoteRow, 'id' | 'order_key' | 'text' | 'time'>[]
}

/** The source of a calendar. */
export interface Plan {
  readonly trip: Row<typeof Trip>
  readonly days: readonly PlannedDay[]
  readonly stays: readonly Stay[]
  readonly bookings: readonly Booking[]
  /** The place of a booking or stop, by the id of the place. */
  readonly places: ReadonlyMap<number, Where>
  zoneAt(lat: number, lng: number): string
}

type Where = NonNullable<CalendarEvent['place']>

/** The calendar entries of a trip: the trip itself, and each day, timed visit, booking and stay. */
export function entriesOf(plan: Plan): CalendarEvent[] {
  const zones = zonesOf(plan)
  return [
    ...wholeTrip(plan.trip),
    ...plan.days.flatMap((day) => entriesOfDay(day, zones)),
    ...plan.stays.flatMap((stay) => stayEntry(stay, plan.days)),
    ...plan.bookings.flatMap((booking) =>
      booking.accommodation_id === null ? bookingEntries(booking, plan, zones) : [],
    ),
  ]
}

function wholeTrip({ id, title, description, start_date, end_date }: Row<typeof Trip>): CalendarEvent[] {
  if (!start_date || !end_date) return []
  return [{ id: `trip-${id}`, title, start: { date: start_date }, end: { date: end_date }, notes: [description ?? ''] }]
}

function entriesOfDay(day: PlannedDay, zones: Zones): CalendarEvent[] {
  const { date } = day
  if (date === null) return []
  const timed: CalendarEvent[] = []
  const lines: string[] = []
  const visits = day.assignments.map((stop) => ({ stop, ...visitTimes(stop, stop.place) }))
  const inOrder = timelineOf([
    ...visits.map((visit) => ({ ...stopEntry(visit.stop, visit.start), visit, note: null })),
    ...day.notes.map((note) => ({ ...noteEntry(note), visit: null, note })),
  ])
  for (const { visit, note } of inOrder) {
    if (note) lines.push(note.time === null ? note.text : `${note.time}: ${note.text}`)
    if (!visit) continue
    const { stop, start: from, end: to } = visit
    const { place } = stop
    if (from === null) {
      lines.push(place.name)
      continue
    }
    const zone = zones.at(place, date)
    const start: CalendarTime = { date, time: from, zone }
    const end: CalendarTime =
      to === null ? later(start, place.duration_minutes ?? USUAL_VISIT) : { date, time: to, zone }
    timed.push({ id: `assign-${stop.id}`, title: place.name, start, end, place, notes: [stop.notes ?? ''] })
  }
  if (!lines.length && day.title === null) return timed
  const number = day.day_number
  const { text: title } =
    day.title === null ? messages.day({ number }) : messages.titledDay({ number, title: day.title })
  return [{ id: `day-${day.id}`, title, start: { date }, end: { date }, notes: lines }, ...timed]
}

/** The usual length of a visit, in minutes. */
const USUAL_VISIT = 60

function later(start: CalendarTime & { time: string }, minutes: number): CalendarTime {
  const end = new Date(`${start.date}T${start.time}:00Z`)
  end.setUTCMinutes(end.getUTCMinutes() + minutes)
  const [date, time] = end.toISOString().split('T') as [string, string]
  return { ...start, date, time: time.slice(0, 5) }
}

function stayEntry(stay: Stay, days: readonly PlannedDay[]): CalendarEvent[] {
  const dateOf = (dayId: number) => days.find(({ id }) => id === dayId)?.date
  const [first, last] = [dateOf(stay.start_day_id), dateOf(stay.end_day_id)]
  if (!first || !last) return []
  const { check_in: from, check_in_end: until, check_out: out, confirmation } = stay
  return [
    {
      id: `stay-${stay.id}`,
      title: stay.place?.name ?? messages.stay().text,
      start: { date: first },
      end: { date: last },
      place: stay.place ?? undefined,
      notes: [
        from === null ? '' : checkIn(from, until).text,
        out === null ? '' : messages.checkOut({ time: out }).text,
        confirmation === null ? '' : messages.confirmation({ number: confirmation }).text,
        stay.notes ?? '',
      ],
    },
  ]
}

const checkIn = (from: string, until: string | null): Message =>
  until === null ? messages.checkIn({ time: from }) : messages.checkInUntil({ from, until })

function bookingEntries(booking: Booking, plan: Plan, zones: Zones): CalendarEvent[] {
  const legs = legsOf(booking.endpoints).filter(({ departure }) => departure.date !== null)
  if (!legs.length) return plainBooking(booking, plan, zones)
  return legs.map(({ from, to, departure, arrival }, index) => {
    const start = momentAt(from, departure, zones)
    const end = arrival.date === null ? null : momentAt(to, arrival, zones)
    const route = `${from.code ?? from.name} → ${to.code ?? to.name}`
    return {
      ...common(booking, `res-${booking.id}${index ? `-${index}` : ''}`),
      title: `${booking.title}: ${route}`,
      start,
      // A time without a date, or an end that cannot be compared with the start, does not count as an end.
      end: end && 'time' in start === 'time' in end ? end : null,
      place: { name: from.name, address: null, lat: from.lat, lng: from.lng },
      notes: [numbersOf(from), ...detailsOf(booking)],
    }
  })
}

const numbersOf = ({ number, platform, seat }: Endpoint): string =>
  [number, platform && messages.platform({ platform }).text, seat && messages.seat({ seat }).text]
    .filter(Boolean)
    .join(', ')

const momentAt = (
  end: Endpoint,
  { date, time }: { date: string | null; time: string | null },
  zones: Zones,
): CalendarTime =>
  time === null
    ? { date: date as string }
    : { date: date as string, time, zone: end.timezone ?? zones.at(end, date as string) }

function plainBooking(booking: Booking, { days, places }: Plan, zones: Zones): CalendarEvent[] {
  const place = (booking.place_id !== null && places.get(booking.place_id)) || undefined
  const day = days.find(({ id }) => id === booking.day_id)
  const from = booking.reservation_time ?? day?.date ?? null
  if (from === null) return []
  const start = spoken(from, place, zones)
  const until = booking.reservation_end_time ?? (days.find(({ id }) => id === booking.end_day_id)?.date || null)
  const end = until === null ? null : spoken(until, place, zones)
  const fits = end !== null && 'time' in start === 'time' in end
  return [
    {
      ...common(booking, `res-${booking.id}`),
      title: booking.title,
      start,
      end: fits ? end : 'time' in start ? later(start, USUAL_VISIT) : start,
      place: place ?? (booking.location ? { name: booking.location, address: null, lat: null, lng: null } : undefined),
      notes: detailsOf(booking),
    },
  ]
}

function spoken(text: string, place: Where | undefined, zones: Zones): CalendarTime {
  const [date, time] = text.split('T') as [string, string | undefined]
  return time === undefined ? { date } : { date, time, zone: zones.at(place, date) }
}

const common = ({ status, url }: Booking, id: string) => ({ id, status, url })

const detailsOf = ({ type, confirmation_number, metadata, notes }: Booking): string[] => [
  messages.type({ type: type.replaceAll('_', ' ') }).text,
  confirmation_number === null ? '' : messages.confirmation({ number: confirmation_number }).text,
  ...Object.entries(metadata).map(([key, value]) => `${key.replaceAll('_', ' ')}: ${value}`),
  notes ?? '',
]

interface Zones {
  /** The zone of a place; without coordinates that of the day, or else that of the trip. */
  at(place: { lat: number | null; lng: number | null } | undefined, date: string): string | null
}

function zonesOf({ days, zoneAt }: Plan): Zones {
  const ofPlace = (place: { lat: number | null; lng: number | null } | undefined) =>
    place && place.lat !== null && place.lng !== null ? zoneAt(place.lat, place.lng) : null
  const ofDay = new Map<string, string>()
  for (const { date, assignments } of days) {
    const zoneName = assignments.map(({ place }) => ofPlace(place)).find((zone) => zone !== null)
    if (date !== null && zoneName) ofDay.set(date, zoneName)
  }
  const [anywhere = null] = ofDay.values()
  return { at: (place, date) => ofPlace(place) ?? ofDay.get(date) ?? anywhere }
}
