import ical, { ICalEventBusyStatus, ICalEventStatus, ICalEventTransparency } from 'ical-generator'
import { DateTime } from 'luxon'
import { tzlib_get_ical_block } from 'timezones-ical-library'

/** A day, or a local time on it; without a zone the time floats with the reader. */
export type CalendarTime = { date: string } | { date: string; time: string; zone: string | null }

/** One calendar event. */
export interface CalendarEvent {
  /** The same in every export, so that a calendar recognises it. */
  readonly id: string
  readonly title: string
  readonly start: CalendarTime
  /** The end; for whole days, the last one. Null where only the start is known. */
  readonly end: CalendarTime | null
  readonly place?: { name: string; address: string | null; lat: number | null; lng: number | null } | undefined
  readonly notes: readonly string[]
  readonly url?: string | null
  readonly status?: 'pending' | 'confirmed' | 'cancelled'
}

const STATUSES = {
  pending: ICalEventStatus.TENTATIVE,
  confirmed: ICalEventStatus.CONFIRMED,
  cancelled: ICalEventStatus.CANCELLED,
} as const

/** The entries as an iCalendar stream (RFC 5545), with the rules of every time zone they use. */
export function icsOf(name: string, entries: readonly CalendarEvent[], now: string): string {
  const calendar = ical({ name, prodId: { company: 'TREK', product: 'Travel planner', language: 'EN' } })
  calendar.timezone({ name: null, generator: zoneRules })
  const dateTimeOf = eachOnce()
  for (const { id, title, start, end, place, notes, url, status } of entries) {
    const allDay = !('time' in start)
    const zone = 'time' in start ? start.zone : null
    const event = calendar.createEvent({
      id: `trek-${id}@trek`,
      stamp: DateTime.fromISO(now, { zone: 'utc' }),
      summary: title,
      start: dateTimeOf(start),
      end: end && endOf(dateTimeOf, start, end),
      allDay,
      // Ends keep the zone of the start: the moment is the same, and every calendar can show it.
      ...(zone !== null && { timezone: zone }),
      floating: !allDay && zone === null,
      // An all-day entry shows where somebody is, not that they are busy.
      transparency: allDay ? ICalEventTransparency.TRANSPARENT : ICalEventTransparency.OPAQUE,
      busystatus: allDay ? ICalEventBusyStatus.FREE : ICalEventBusyStatus.BUSY,
      description: notes.filter(Boolean).join('\n') || null,
      url: url ?? null,
      status: status ? STATUSES[status] : null,
    })
    if (place) event.location(locationOf(place))
  }
  return calendar.toString()
}

type DateTimeOf = (moment: CalendarTime) => DateTime

/** Caches each moment: computing them takes the longest, and most visits of a trip begin at the same few times. */
function eachOnce(): DateTimeOf {
  const cached = new Map<string, DateTime>()
  return (moment) => {
    const [text, zone] =
      'time' in moment ? [`${moment.date}T${moment.time}`, moment.zone ?? 'utc'] : [moment.date, 'utc']
    const key = `${text} ${zone}`
    const dateTime = cached.get(key) ?? DateTime.fromISO(text, { zone })
    cached.set(key, dateTime)
    return dateTime
  }
}

/** The end as in iCalendar: the day after the last one (section 3.6.1), and never before the start. */
function endOf(dateTimeOf: DateTimeOf, start: CalendarTime, end: CalendarTime): DateTime {
  const over = dateTimeOf(end)
  if (!('time' in start)) return over.plus({ days: 1 })
  const begun = dateTimeOf(start)
  // A visit that ends before it begins continues past midnight.
  return over < begun ? over.plus({ days: 1 }) : over
}

function locationOf({ name, address, lat, lng }: NonNullable<CalendarEvent['place']>) {
  return {
    title: name,
    ...(address && { address }),
    ...(lat !== null && lng !== null && { geo: { lat, lon: lng } }),
  }
}

/** The VTIMEZONE of a zone, with its rules rather than one offset, so that times stay right when the clocks change. */
function zoneRules(zone: string): string | null {
  const rules = tzlib_get_ical_block(zone)
  return Array.isArray(rules) ? (rules[0] ?? null) : rules || null
}
