import { z } from 'zod'
import { copying } from '../../../core/declare/copying.ts'
import { defaulted, entity, optional, type Row, required, setBy, stored } from '../../../core/declare/entity.ts'
import { checkMessage } from '../../../core/declare/message.ts'
import { operation, permission, resource } from '../../../core/declare/operation.ts'
import { OrderKey } from '../../../core/declare/order-key.ts'
import { wrong } from '../../../core/declare/value-messages.ts'
import { Amount, CalendarDate, ClockTime, Id, Instant, Line, Prose, WebAddress } from '../../../core/declare/values.ts'
import { Accommodation, Stay } from '../../accommodations/contract/index.ts'
import { Payer } from '../../budget/contract/index.ts'
import { Done, inTrip } from '../../trips/contract/index.ts'
import { inSection } from '../../trips/contract/sections.ts'
import { Endpoint, EndpointInput } from './endpoint.ts'
import { messages } from './messages.ts'

/** Bookings that take people from one place to another. */
export const TRANSPORTS = [
  'flight',
  'train',
  'car',
  'cruise',
  'bus',
  'taxi',
  'bicycle',
  'ferry',
  'transport_other',
] as const
/** Bookings at one place. */
export const BOOKINGS = ['hotel', 'restaurant', 'event', 'tour', 'activity', 'other'] as const
export const STATUSES = ['pending', 'confirmed', 'cancelled'] as const

/** `transit` is a public transport connection that was looked up, not typed in. */
export const BookingType = z.enum([...BOOKINGS, ...TRANSPORTS, 'transit'])
export type BookingType = z.output<typeof BookingType>
export type Status = (typeof STATUSES)[number]

const LOCAL = /^(\d{4}-\d{2}-\d{2})(?:T([01]\d|2[0-3]):[0-5]\d)?$/

/** A valid local date, with or without a time. Seconds are dropped. */
export const LocalMoment = z
  .string()
  .max(40, { error: messages.localMoment.key, abort: true })
  .overwrite((value) =>
    value
      .replace(/^(\S{10})[T ](?=\d:)/, '$1T0')
      .replace(/^(\S{10}) /, '$1T')
      .replace(/^(\S{10}T\d\d:\d\d):\d\d(\.\d{1,9})?$/, '$1'),
  )
  .regex(LOCAL, { error: messages.localMoment.key })
  .refine((value) => !LOCAL.test(value) || CalendarDate.safeParse(value.slice(0, 10)).success, {
    error: wrong.realDate.key,
  })

/** The most common details; any others are accepted too. */
export const DETAILS = ['airline', 'flight_number', 'train_number', 'seat', 'platform'] as const

/** The most details a transport can have. */
export const MOST_DETAILS = 30

const detailsOf = <V extends z.ZodType>(value: V, type: unknown) =>
  z
    .record(Line(50), value)
    .refine(
      (all) => Object.keys(all).length <= MOST_DETAILS,
      checkMessage(wrong.tooManyNames({ maximum: MOST_DETAILS })),
    )
    .meta({
      maxProperties: MOST_DETAILS,
      properties: Object.fromEntries(DETAILS.map((name) => [name, { type }])),
    })

const Metadata = detailsOf(Prose(500), 'string')

/** Details as given in a request: null or an empty text removes one. */
const DetailsInput = detailsOf(Prose(500).nullable(), ['string', 'null'])
export type DetailsInput = z.output<typeof DetailsInput>

/** Something that is booked: a table, a tour, a hotel, a transport. */
export const Reservation = entity({
  name: 'reservation',
  table: 'reservations',
  space: 'trip',
  spaceKey: 'trip_id',
  computed: ['day_keys'],
  refs: {
    day_id: 'day',
    end_day_id: 'day',
    place_id: 'place',
    assignment_id: 'assignment',
    accommodation_id: 'accommodation',
    day_keys: 'day',
  },
  together: [['type', 'day_id', 'end_day_id', 'reservation_time', 'reservation_end_time', 'endpoints']],
  fields: {
    id: stored(Id),
    trip_id: stored(Id),
    type: stored(BookingType),
    title: required(Line(200)).describe('Title of the booking.'),
    status: defaulted(z.enum(STATUSES), 'pending').describe('confirmed once it is booked.'),
    day_id: stored(Id.nullable()),
    end_day_id: stored(Id.nullable()),
    place_id: stored(Id.nullable()),
    assignment_id: stored(Id.nullable()),
    /** The stay of a hotel: the stay, not this row, has the place, the days, the confirmation number and the notes. */
    accommodation_id: stored(Id.nullable()),
    reservation_time: optional(LocalMoment).describe('Start, local YYYY-MM-DD[THH:MM]; sets the day.'),
    reservation_end_time: optional(LocalMoment).describe('End, local YYYY-MM-DD[THH:MM].'),
    location: optional(Prose(500)).describe('Address or meeting point.'),
    confirmation_number: optional(Line(100)).describe('Confirmation number.'),
    notes: optional(Prose(1000)).describe('Notes.'),
    url: optional(WebAddress(500)).describe('http(s) address of the booking.'),
    metadata: defaulted(Metadata, {}),
    endpoints: setBy(defaulted(z.array(Endpoint).max(40), []), 'metadata'),
    needs_review: defaulted(z.boolean(), false).describe('Whether a person should check it.'),
    /** Its place in the order of each day, by day id, where somebody has moved it; otherwise its time decides. */
    day_keys: stored(z.record(z.string().max(20), OrderKey)),
    created_at: stored(Instant),
  },
})
export type ReservationRow = Row<typeof Reservation>

/** A reservation as shown: a hotel includes the fields of its stay. */
export const Booking = Reservation.row.extend({
  check_in: ClockTime.nullable(),
  check_in_end: ClockTime.nullable(),
  check_out: ClockTime.nullable(),
})
export type Booking = z.output<typeof Booking>

/** A reservation as in answers. */
export const PlacedBooking = Booking.extend({
  /** How many stops come before it on its first day; null if its time decides. */
  day_plan_position: z.int().min(0).nullable(),
})
export type PlacedBooking = z.output<typeof PlacedBooking>

export const inReservation = inTrip.extend({
  reservationId: Id.describe('Booking id, from get_trip_summary.'),
})

export const reservation_edit = permission({
  name: 'reservation_edit',
  title: 'Edit bookings',
  default: 'member',
  levels: ['owner', 'member'],
})

/** What somebody without the right to write costs or stays can still do. */
const WITHOUT = {
  price: 'Leave out price and budget_category: the rest works.',
  newStay: 'Leave out start_day_id: the hotel is then booked without a stay.',
  stay: 'Leave out what belongs to the stay of the hotel: place, days, check-in and check-out, confirmation number, notes and type. The rest works.',
  linked:
    'Call update_reservation to change its title, status, location and price: the hotel remains a booking without a stay.',
  endOfCost: 'Set its status to cancelled instead: its cost remains as it is.',
  endOfStay: 'Set its status to cancelled instead: its stay remains as it is.',
} as const

export const list_reservations = operation({
  name: 'list_reservations',
  title: 'List bookings',
  description: 'Everything booked on a trip, transports too, by time.',
  effect: 'read',
  scope: 'reservations:read',
  route: 'GET /trips/:tripId/reservations',
  expose: ['rest'],
  input: inTrip,
  output: z.object({ reservations: z.array(PlacedBooking) }),
  pages: 'reservations',
  continuations: { reservations: inSection('reservations') },
})

const writes = { scope: 'reservations:write', permission: reservation_edit } as const
/** With the cost that holds the price. */
const answers = z.object({
  reservation: PlacedBooking,
  budget_item_id: Id.optional().describe('Id of its cost, when a price was given; update_budget_item sets who paid.'),
  payers: z.array(Payer).optional(),
  note: z.string().optional(),
})

const day_id = Id.describe('Day id; from reservation_time when omitted.')
const end_day_id = Id.describe('Id of the last day, if it lasts longer.')
const place_id = Id.describe('Place of the trip, from list_places.')
const assignment_id = Id.describe('Id of the stop it belongs to.')
const price = Amount.describe('Price in the trip’s currency; creates or changes its cost.')
const budget_category = Line(100).describe('Category of that cost.')
const { check_in, check_in_end, check_out } = Accommodation.create.shape
/** What every booking has, and what only those have that go somewhere. */
export const bookingAtPlace = copying(Reservation, ['metadata', 'endpoints'])
export const transportFields = copying(Reservation, ['location'])

export const create_reservation = operation({
  name: 'create_reservation',
  title: 'Add a booking',
  description:
    'Add a booking. Flights, trains, cars, ferries: create_transport. A hotel with place_id, start_day_id and end_day_id also becomes a stay; prefer it to create_accommodation, which has no price, title or status.',
  effect: 'create',
  ...writes,
  alsoWrites: { budget: WITHOUT.price, accommodations: WITHOUT.newStay },
  route: 'POST /trips/:tripId/reservations',
  input: inTrip.extend({
    type: z.enum(BOOKINGS).describe('Kind of booking.'),
    ...bookingAtPlace.values.shape,
    day_id: day_id.optional(),
    place_id: place_id.optional(),
    start_day_id: Id.optional().describe('Hotel: day id of check-in.'),
    end_day_id: Id.optional().describe('Id of the last day; hotel: of check-out.'),
    ...{ check_in, check_in_end, check_out },
    assignment_id: assignment_id.optional(),
    price: price.optional(),
    budget_category: budget_category.optional(),
  }),
  output: answers,
})

export const update_reservation = operation({
  name: 'update_reservation',
  title: 'Change a booking',
  description:
    'Change a booking; the stay of a hotel changes with it. Omitted fields stay unchanged; null clears. For a transport it changes only the common fields; use update_transport for the rest.',
  effect: 'update',
  ...writes,
  alsoWrites: { budget: WITHOUT.price, accommodations: WITHOUT.stay },
  route: 'PATCH /trips/:tripId/reservations/:reservationId',
  input: inReservation.extend({
    ...Reservation.patch.omit({ metadata: true, endpoints: true }).shape,
    type: z.enum(BOOKINGS).optional().describe('Kind of booking.'),
    day_id: Id.nullable().optional().describe('Day id; moves its times too.'),
    start_day_id: Id.optional().describe('Hotel: day id of check-in, same as day_id.'),
    end_day_id: end_day_id.nullable().optional(),
    place_id: place_id.nullable().optional(),
    ...{ check_in, check_in_end, check_out },
    assignment_id: assignment_id.nullable().optional(),
    price: price.optional(),
    budget_category: budget_category.optional(),
  }),
  output: answers,
})

export const delete_reservation = operation({
  name: 'delete_reservation',
  title: 'Delete a booking',
  description: 'Delete a booking with its cost; the stay of a hotel is deleted too.',
  effect: 'destroy',
  ...writes,
  alsoWrites: { budget: WITHOUT.endOfCost, accommodations: WITHOUT.endOfStay },
  route: 'DELETE /trips/:tripId/reservations/:reservationId',
  input: inReservation,
  output: Done,
})

export const reorder_reservations = operation({
  name: 'reorder_reservations',
  title: 'Order bookings within a day',
  description:
    'Place bookings between the stops of a day. day_plan_position n puts one before the stop with order_index n; 0 is before all.',
  effect: 'update',
  ...writes,
  route: 'PUT /trips/:tripId/reservations/positions',
  input: inTrip.extend({
    positions: z
      .array(z.object({ id: Id, day_plan_position: z.int().min(0).max(10_000) }).strict())
      .min(1)
      .max(500)
      .describe('Bookings and their positions.'),
    dayId: Id.optional().describe('Day id; the first day of each when omitted.'),
  }),
  output: Done,
})

export const link_hotel_accommodation = operation({
  name: 'link_hotel_accommodation',
  title: 'Make the stay of a hotel booking',
  description: 'Make the stay of a hotel booking that has none, or change its place and days.',
  effect: 'update',
  ...writes,
  alsoWrites: { accommodations: WITHOUT.linked },
  route: 'PUT /trips/:tripId/reservations/:reservationId/accommodation',
  input: inReservation.extend({
    place_id: place_id,
    start_day_id: Id.describe('Day id of check-in.'),
    end_day_id: Id.describe('Day id of check-out, not before check-in.'),
    ...{ check_in, check_in_end, check_out },
  }),
  output: z.object({ reservation: PlacedBooking, accommodation_id: Id, accommodation: Stay }),
})

const endpoints = z
  .array(EndpointInput)
  .max(40)
  .describe('Start, stops, end, in order. A name or the IATA code of an airport is enough. Replaces all.')

export const create_transport = operation({
  name: 'create_transport',
  title: 'Add a transport',
  description: 'Add a transport from one place to another, with its stops. Times are local to each end.',
  effect: 'create',
  ...writes,
  alsoWrites: { budget: WITHOUT.price },
  route: 'POST /trips/:tripId/transports',
  input: inTrip.extend({
    type: z.enum(TRANSPORTS).describe('Kind of transport.'),
    start_day_id: Id.optional().describe('Day id of departure; from its date when omitted.'),
    end_day_id: Id.optional().describe('Day id of arrival, if another.'),
    ...transportFields.values.shape,
    metadata: DetailsInput.default({}).describe('Details of the whole; those of a leg go in endpoints.'),
    endpoints: endpoints.default([]),
    price: price.optional(),
    budget_category: budget_category.optional(),
  }),
  output: answers,
})

export const update_transport = operation({
  name: 'update_transport',
  title: 'Change a transport',
  description: 'Change a transport. Omitted fields stay unchanged, null clears; endpoints replaces all stops.',
  effect: 'update',
  ...writes,
  alsoWrites: { budget: WITHOUT.price },
  route: 'PATCH /trips/:tripId/transports/:reservationId',
  input: inReservation.extend({
    ...Reservation.patch.omit({ endpoints: true, location: true }).shape,
    type: z.enum(TRANSPORTS).optional().describe('Kind of transport.'),
    start_day_id: Id.nullable().optional().describe('Day id of departure; moves its times too.'),
    metadata: DetailsInput.optional().describe('Details of the whole to change, by name; an empty text removes one.'),
    end_day_id: Id.nullable().optional().describe('Day id of arrival, if another.'),
    endpoints: endpoints.optional(),
    price: price.optional(),
    budget_category: budget_category.optional(),
  }),
  output: answers,
})

export const delete_transport = operation({
  name: 'delete_transport',
  title: 'Delete a transport',
  description: 'Delete a transport with its cost.',
  effect: 'destroy',
  ...writes,
  alsoWrites: { budget: WITHOUT.endOfCost },
  route: 'DELETE /trips/:tripId/transports/:reservationId',
  input: inReservation,
  output: Done,
})

export const reservations_resource = resource({
  uri: 'trek://trips/{tripId}/reservations',
  title: 'Bookings',
  description: 'Everything booked on a trip, transports too.',
  read: list_reservations,
})
