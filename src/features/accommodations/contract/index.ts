import { z } from 'zod'
import { copying } from '../../../core/declare/copying.ts'
import { entity, optional, type Row, setBy, stored } from '../../../core/declare/entity.ts'
import { operation, resource } from '../../../core/declare/operation.ts'
import { ClockTime, Id, Instant, Line, Prose } from '../../../core/declare/values.ts'
import { day_edit } from '../../days/contract/index.ts'
import { Place, place_edit, TaggedPlace } from '../../places/contract/index.ts'
import { Done, inTrip, TRIPS_READ } from '../../trips/contract/index.ts'
import { inSection } from '../../trips/contract/sections.ts'

/** A stay at a place, from the day of check-in to the day of check-out. */
export const Accommodation = entity({
  name: 'accommodation',
  table: 'accommodations',
  space: 'trip',
  spaceKey: 'trip_id',
  refs: { place_id: 'place', start_day_id: 'day', end_day_id: 'day' },
  titledBy: 'place_id',
  together: [
    ['start_day_id', 'end_day_id'],
    ['check_in', 'check_in_end', 'check_out'],
  ],
  fields: {
    id: stored(Id),
    trip_id: stored(Id),
    /** Null once the place is deleted. */
    place_id: stored(Id.nullable()),
    start_day_id: stored(Id),
    end_day_id: stored(Id),
    check_in: optional(ClockTime).describe('Earliest check-in, HH:MM.'),
    check_in_end: optional(ClockTime).describe('Latest check-in, HH:MM.'),
    check_out: optional(ClockTime).describe('Latest check-out, HH:MM.'),
    confirmation: setBy(optional(Line(100)).describe('Confirmation number.'), 'confirmation_number'),
    notes: optional(Prose(1000)).describe('Notes on the stay.'),
    created_at: stored(Instant),
  },
})
export type AccommodationRow = Row<typeof Accommodation>

/** A stay with what a reader needs of its place. */
export const Stay = Accommodation.row.extend({
  place: Place.row.pick({ id: true, name: true, lat: true, lng: true, address: true }).nullable(),
})
export type Stay = z.output<typeof Stay>

export const inAccommodation = inTrip.extend({
  accommodationId: Id.describe('Stay id, from get_trip_summary.'),
})

/** The place and the days of a stay. */
export const stayRefs = {
  place_id: Id.describe('Place id, from list_places.'),
  start_day_id: Id.describe('Day id of check-in.'),
  end_day_id: Id.describe('Day id of check-out, not before check-in.'),
}

/** What somebody without the right to write bookings or costs can still do. */
const WITHOUT = {
  newBooking: 'Call assign_place_to_day to put the place on the days instead.',
  newPlace: 'Call create_accommodation for a stay at a place that the trip has already.',
  booking: 'Leave out place_id: the name of the booking goes with the place. The rest works.',
  endOfBooking:
    'Call update_accommodation to change it and leave the booking: a stay is not deleted without its booking.',
  endOfCost: 'Call update_accommodation to change it: a stay is not deleted without its booking and the cost of that.',
} as const

export const list_accommodations = operation({
  name: 'list_accommodations',
  title: 'List the stays of a trip',
  description: 'The stays of a trip, ordered by check-in.',
  effect: 'read',
  scope: TRIPS_READ,
  route: 'GET /trips/:tripId/accommodations',
  expose: ['rest'],
  input: inTrip,
  output: z.object({ accommodations: z.array(Stay) }),
  pages: 'accommodations',
  continuations: { accommodations: inSection('accommodations') },
})

export const create_accommodation = operation({
  name: 'create_accommodation',
  title: 'Add a stay',
  description: 'Add a stay at a place of the trip, from one day to another. Also creates its hotel booking.',
  effect: 'create',
  scope: 'trips:write',
  permission: day_edit,
  alsoWrites: { reservations: WITHOUT.newBooking },
  route: 'POST /trips/:tripId/accommodations',
  input: inTrip.extend({ ...stayRefs, ...Accommodation.create.shape }),
  output: z.object({ accommodation: Stay }),
})

/** What a call that makes a place for a stay takes of the place: the stay has the times. */
export const placeToStay = copying(Place, ['place_time', 'end_time', 'duration_minutes', 'notes'])

const { notes: accommodation_notes, ...stayFields } = Accommodation.create.shape

export const create_place_accommodation = operation({
  name: 'create_place_accommodation',
  title: 'Add a place and a stay there',
  description: 'Add a new place and a stay there in one step. Also creates its hotel booking.',
  effect: 'create',
  scope: 'trips:write',
  permission: () => [place_edit, day_edit],
  alsoWrites: { places: WITHOUT.newPlace, reservations: WITHOUT.newBooking },
  route: 'POST /trips/:tripId/accommodations/with-place',
  input: inTrip.extend({
    ...placeToStay.values.shape,
    place_notes: Place.create.shape.notes,
    start_day_id: stayRefs.start_day_id,
    end_day_id: stayRefs.end_day_id,
    ...stayFields,
    accommodation_notes,
  }),
  output: z.object({ place: TaggedPlace, accommodation: Stay }),
})

export const update_accommodation = operation({
  name: 'update_accommodation',
  title: 'Change a stay',
  description: 'Change a stay; its hotel booking changes with it. Omitted fields stay unchanged; null clears.',
  effect: 'update',
  scope: 'trips:write',
  permission: day_edit,
  alsoWrites: { reservations: WITHOUT.booking },
  route: 'PATCH /trips/:tripId/accommodations/:accommodationId',
  input: inAccommodation.extend({
    place_id: stayRefs.place_id.optional(),
    start_day_id: stayRefs.start_day_id.optional(),
    end_day_id: stayRefs.end_day_id.optional(),
    ...Accommodation.patch.shape,
  }),
  output: z.object({ accommodation: Stay }),
})

export const delete_accommodation = operation({
  name: 'delete_accommodation',
  title: 'Delete a stay',
  description: 'Delete a stay and the hotel booking that belongs to it.',
  effect: 'destroy',
  scope: 'trips:write',
  permission: day_edit,
  alsoWrites: { reservations: WITHOUT.endOfBooking, budget: WITHOUT.endOfCost },
  route: 'DELETE /trips/:tripId/accommodations/:accommodationId',
  input: inAccommodation,
  output: Done.extend({ linkedReservationId: Id.nullable() }),
})

export const accommodations_resource = resource({
  uri: 'trek://trips/{tripId}/accommodations',
  title: 'Stays',
  description: 'The stays of a trip.',
  read: list_accommodations,
})
