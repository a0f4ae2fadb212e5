import type { TFunction } from 'i18next'
import { numberField, numberOrNull, textOrNull } from '../../../ui/form/form.ts'
import { isTransport } from '../contract/booking.ts'
import type { Endpoint } from '../contract/endpoint.ts'
import {
  type Booking,
  type BookingType,
  create_reservation,
  create_transport,
  DETAILS,
  type Status,
  update_reservation,
  update_transport,
} from '../contract/index.ts'
import { dateOf, momentOf, timeOf } from '../contract/moments.ts'

const isUsualDetail = (name: string): name is (typeof DETAILS)[number] => (DETAILS as readonly string[]).includes(name)

/** The title of a detail; people and programs can add others, which are shown by their own name. */
export const detailName = (t: TFunction, name: string): string =>
  isUsualDetail(name) ? t(`bookings.detail.${name}`) : name.replaceAll('_', ' ')

/** One endpoint of a transport as typed. */
export interface EndValues {
  /** Identifies it while stops are added and removed. */
  readonly key: string
  readonly name: string
  readonly code: string
  /** `35.01, 135.76`; empty for an airport with a code, and where only the name is known. */
  readonly at: string
  /** Its zone, kept while its place stays the same. */
  readonly timezone: string | null
  readonly date: string
  readonly time: string
  readonly arrivalDate: string
  readonly arrivalTime: string
  readonly number: string
  readonly platform: string
  readonly seat: string
}

/** A booking as typed. */
export interface BookingValues {
  readonly type: BookingType
  readonly title: string
  readonly status: Status
  readonly placeId: number | null
  /** The name being typed for a place that the trip does not have yet. */
  readonly newPlace: string | null
  readonly dayId: number | null
  readonly endDayId: number | null
  readonly date: string
  readonly time: string
  readonly endDate: string
  readonly endTime: string
  readonly checkIn: string
  readonly checkInEnd: string
  readonly checkOut: string
  readonly location: string
  readonly confirmation: string
  readonly url: string
  readonly notes: string
  readonly price: string
  readonly ends: readonly EndValues[]
}

let ends = 0

export const emptyEnd = (date = ''): EndValues => ({
  key: `end${++ends}`,
  ...{ name: '', code: '', at: '', timezone: null, date, time: '', arrivalDate: '', arrivalTime: '' },
  ...{ number: '', platform: '', seat: '' },
})

const endValues = (end: Endpoint): EndValues => ({
  key: `end${++ends}`,
  name: end.name,
  code: end.code ?? '',
  at: end.lat === null ? '' : `${end.lat}, ${end.lng}`,
  timezone: end.timezone,
  date: end.local_date ?? '',
  time: end.local_time ?? '',
  arrivalDate: end.arrival_date ?? '',
  arrivalTime: end.arrival_time ?? '',
  number: end.number ?? '',
  platform: end.platform ?? '',
  seat: end.seat ?? '',
})

/** The form values of a booking. */
export function valuesOf(booking: Booking, price: number | null): BookingValues {
  const start = { date: dateOf(booking.reservation_time) ?? '', time: timeOf(booking.reservation_time) ?? '' }
  const end = { date: dateOf(booking.reservation_end_time) ?? '', time: timeOf(booking.reservation_end_time) ?? '' }
  const known = booking.endpoints.map(endValues)
  return {
    type: booking.type,
    title: booking.title,
    status: booking.status,
    placeId: booking.place_id,
    newPlace: null,
    dayId: booking.day_id,
    endDayId: booking.end_day_id,
    ...start,
    endDate: end.date,
    endTime: end.time,
    checkIn: booking.check_in ?? '',
    checkInEnd: booking.check_in_end ?? '',
    checkOut: booking.check_out ?? '',
    location: booking.location ?? '',
    confirmation: booking.confirmation_number ?? '',
    url: booking.url ?? '',
    notes: booking.notes ?? '',
    price: numberField(price),
    ends: known.length > 1 ? known : [known[0] ?? { ...emptyEnd(), ...start }, { ...emptyEnd(), ...end }],
  }
}

/** An empty form for a new booking on a day. */
export function newValues(
  type: BookingType,
  day: { id: number; date: string | null } | undefined,
  nextDayId: number | null,
): BookingValues {
  const date = day?.date ?? ''
  return {
    ...{ type, title: '', status: 'pending', placeId: null, newPlace: null },
    ...{ dayId: day?.id ?? null, endDayId: nextDayId },
    ...{ date, time: '', endDate: '', endTime: '', checkIn: '', checkInEnd: '', checkOut: '' },
    ...{ location: '', confirmation: '', url: '', notes: '', price: '' },
    ends: [emptyEnd(date), emptyEnd()],
  }
}

/** `35.01, 135.76` as numbers; null if it is not a pair of coordinates. */
export function coordinatesIn(text: string): { lat: number; lng: number } | null {
  const found = /^\s*(-?\d{1,2}(?:\.\d+)?)\s*[,;\s]\s*(-?\d{1,3}(?:\.\d+)?)\s*$/.exec(text)
  return found ? { lat: Number(found[1]), lng: Number(found[2]) } : null
}

const isTyped = ({ name, code }: EndValues): boolean => name.trim() !== '' || code.trim() !== ''

function endpointsIn(values: BookingValues) {
  const typed = values.ends.filter(isTyped)
  const last = typed.length - 1
  return typed.map((end, sequence) => ({
    role: values.ends[0] === end ? 'from' : sequence === last && values.ends.at(-1) === end ? 'to' : 'stop',
    sequence,
    name: textOrNull(end.name),
    code: textOrNull(end.code),
    ...coordinatesIn(end.at),
    timezone: end.timezone,
    local_date: textOrNull(end.date),
    local_time: textOrNull(end.time),
    arrival_date: textOrNull(end.arrivalDate),
    arrival_time: textOrNull(end.arrivalTime),
    number: textOrNull(end.number),
    platform: textOrNull(end.platform),
    seat: textOrNull(end.seat),
  }))
}

/** KIX → NRT, for a transport without a name. */
export function routeIn(ends: readonly EndValues[]): string {
  const [from, to] = [ends[0], ends.at(-1)].map((end) => end && (end.code.trim().toUpperCase() || end.name.trim()))
  return from && to ? `${from} → ${to}` : from || ''
}

interface Trip {
  readonly tripId: number
  /** The title of a booking without a name: its place. */
  readonly placeName: string | undefined
  /** Whether the days of the trip have dates, which then determine the days. */
  readonly dated: boolean
  /** Whether the person may make and change stays. */
  readonly stays: boolean
}

/** The operation that saves a booking of this kind. `before` is the booking to change, if any. */
export function operationFor(type: BookingType, before: Booking | null) {
  if (isTransport(type)) return before ? update_transport : create_transport
  return before ? update_reservation : create_reservation
}

/** The operation that saves the values, and its input. */
export function requestFor(values: BookingValues, { tripId, placeName, dated, stays }: Trip, before: Booking | null) {
  const operation = operationFor(values.type, before)
  const price = numberOrNull(values.price)
  const common = {
    tripId,
    title: values.title.trim() || placeName || '',
    status: values.status,
    confirmation_number: textOrNull(values.confirmation),
    url: textOrNull(values.url),
    notes: textOrNull(values.notes),
    ...(price !== null && { price }),
    ...(before ? { reservationId: before.id, needs_review: false } : {}),
  }
  if (isTransport(values.type)) {
    const [from, to] = [values.ends[0], values.ends.at(-1)]
    const days = dated ? {} : { start_day_id: values.dayId }
    const input = {
      ...common,
      title: values.title.trim() || routeIn(values.ends),
      type: values.type,
      endpoints: endpointsIn(values),
      reservation_time: momentOf(textOrNull(from?.date ?? ''), textOrNull(from?.time ?? '')),
      reservation_end_time: momentOf(textOrNull(to?.date ?? ''), textOrNull(to?.time ?? '')),
    }
    return { operation, input: { ...input, ...(before ? days : given(days)) } }
  }
  if (values.type === 'hotel') return { operation, input: hotelInput(values, common, before, stays) }
  const days = dated ? {} : { day_id: values.dayId }
  const input = {
    ...common,
    type: values.type,
    location: textOrNull(values.location),
    reservation_time: momentOf(textOrNull(values.date), textOrNull(values.time)),
    reservation_end_time: momentOf(
      textOrNull(values.endDate) ?? (values.endTime ? textOrNull(values.date) : null),
      textOrNull(values.endTime),
    ),
  }
  const where = { ...days, place_id: values.placeId }
  return { operation, input: { ...input, ...(before ? where : given(where)) } }
}

function hotelInput(values: BookingValues, common: object, before: Booking | null, stays: boolean) {
  const times = {
    check_in: textOrNull(values.checkIn),
    check_in_end: textOrNull(values.checkInEnd),
    check_out: textOrNull(values.checkOut),
  }
  const input = { ...common, type: values.type, location: textOrNull(values.location) }
  if (!stays) return input
  const where = { place_id: values.placeId, day_id: values.dayId, end_day_id: values.endDayId }
  if (before) return { ...input, ...where, ...times }
  const { day_id: start_day_id, ...rest } = where
  return { ...input, ...given({ ...rest, start_day_id }), ...times }
}

const given = (values: object): object =>
  Object.fromEntries(Object.entries(values).filter(([, value]) => value !== null))
