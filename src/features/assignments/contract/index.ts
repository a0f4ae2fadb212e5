import { z } from 'zod'
import { copying } from '../../../core/declare/copying.ts'
import { asSet, defaulted, entity, optional, type Row, stored } from '../../../core/declare/entity.ts'
import { operation } from '../../../core/declare/operation.ts'
import { OrderKey } from '../../../core/declare/order-key.ts'
import { ClockTime, Id, Instant, Prose } from '../../../core/declare/values.ts'
import { Person } from '../../../identity/contract/person.ts'
import { day_edit, inDay } from '../../days/contract/index.ts'
import { Place, place_edit, TaggedPlace } from '../../places/contract/index.ts'
import { type DayEntry, neighbours } from '../../plan/contract/entry.ts'
import { Done, inTrip } from '../../trips/contract/index.ts'

/** A place on a day: one stop of the itinerary. */
export const Assignment = entity({
  name: 'assignment',
  table: 'assignments',
  space: 'trip',
  spaceKey: 'trip_id',
  computed: ['order_key'],
  refs: { day_id: 'day', place_id: 'place', participant_ids: 'member' },
  titledBy: 'place_id',
  together: [['place_time', 'end_time']],
  fields: {
    id: stored(Id),
    trip_id: stored(Id),
    day_id: stored(Id),
    place_id: stored(Id),
    /** Its place in the order of the day, which also contains notes and bookings. */
    order_key: stored(OrderKey),
    notes: optional(Prose(500)).describe('Notes on this visit.'),
    place_time: optional(ClockTime).describe('Start of the visit, HH:MM; if not set, the place’s own.'),
    end_time: optional(ClockTime).describe('End of the visit, HH:MM, not before its start.'),
    participant_ids: asSet(defaulted(z.array(Id).max(200), [])),
    created_at: stored(Instant),
  },
})

/** The fields of a call that puts a place on a day; set_assignment_participants sets its participants. */
export const visitFields = copying(Assignment, ['participant_ids'])

/** What a call that makes a place for a day takes of the place: the times are those of the visit. */
export const placeToVisit = copying(Place, ['place_time', 'end_time', 'notes'])

/** A stop with what a reader needs of its place. */
export const Stop = Assignment.row.extend({
  /** How many stops of the day come before it. */
  order_index: z.int().min(0),
  place: Place.row.pick({
    id: true,
    name: true,
    lat: true,
    lng: true,
    address: true,
    category_id: true,
    place_time: true,
    end_time: true,
    duration_minutes: true,
  }),
})
export type Stop = z.output<typeof Stop>

export const inAssignment = inTrip.extend({
  assignmentId: Id.describe('Stop id, from a day’s assignments in get_trip_summary.'),
})

export type AssignmentRow = Row<typeof Assignment>

interface Times {
  readonly place_time?: string | null | undefined
  readonly end_time?: string | null | undefined
}

/** The times of a visit: its own, or else the usual ones of the place. */
export function visitTimes(visit: Times, place: Times): { start: string | null; end: string | null } {
  const { place_time, end_time } = visit.place_time || visit.end_time ? visit : place
  return { start: place_time ?? null, end: end_time ?? null }
}

/** A stop as an entry of its day. */
export const stopEntry = (
  { id, order_key }: Pick<AssignmentRow, 'id' | 'order_key'>,
  start: string | null,
): DayEntry => ({
  kind: 'stop',
  id,
  order_key,
  time: start,
})

export const assign_place_to_day = operation({
  name: 'assign_place_to_day',
  title: 'Put a place on a day',
  description: 'Put a place of the trip on one of its days, after its existing stops.',
  effect: 'create',
  scope: 'places:write',
  permission: day_edit,
  route: 'POST /trips/:tripId/days/:dayId/assignments',
  input: inDay.extend({
    placeId: Id.describe('Place id, from list_places.'),
    ...visitFields.values.shape,
    ...neighbours,
  }),
  output: z.object({ assignment: Stop }),
})

export const assign_places_to_day = operation({
  name: 'assign_places_to_day',
  title: 'Put several places on a day',
  description: 'Put places of the trip on one of its days, one after the other in this order.',
  effect: 'create',
  scope: 'places:write',
  permission: day_edit,
  route: 'POST /trips/:tripId/days/:dayId/assignments/batch',
  expose: ['rest'],
  input: inDay.extend({
    placeIds: z.array(Id).min(1).max(200).describe('Place ids, from list_places.'),
    ...neighbours,
  }),
  output: z.object({ assignments: z.array(Stop) }),
})

export const create_and_assign_place = operation({
  name: 'create_and_assign_place',
  title: 'Add a place to a day',
  description: 'Create a place and put it on a day in one step. For an existing place use assign_place_to_day.',
  effect: 'create',
  scope: 'places:write',
  permission: () => [place_edit, day_edit],
  alsoWrites: { places: 'Call assign_place_to_day to put a place of the trip on a day.' },
  route: 'POST /trips/:tripId/days/:dayId/places',
  input: inDay.extend({
    ...placeToVisit.values.shape,
    place_notes: Place.create.shape.notes,
    ...visitFields.values.omit({ notes: true }).shape,
    assignment_notes: visitFields.values.shape.notes,
    ...neighbours,
  }),
  output: z.object({ place: TaggedPlace, assignment: Stop }),
})

export const unassign_place = operation({
  name: 'unassign_place',
  title: 'Take a place off a day',
  description: 'Take a stop off its day; the place stays in the trip.',
  effect: 'destroy',
  scope: 'places:write',
  permission: day_edit,
  route: 'DELETE /trips/:tripId/days/:dayId/assignments/:assignmentId',
  input: inAssignment.extend({ dayId: inDay.shape.dayId }),
  output: Done,
})

export const unassign_places = operation({
  name: 'unassign_places',
  title: 'Take several places off their days',
  description: 'Take several stops off their days; the places stay in the trip.',
  effect: 'destroy',
  scope: 'places:write',
  permission: day_edit,
  route: 'POST /trips/:tripId/assignments/unassign',
  expose: ['rest'],
  input: inTrip.extend({
    assignmentIds: z.array(Id).min(1).max(200).describe('Stop ids, from list_days.'),
  }),
  output: Done,
})

export const update_assignment_time = operation({
  name: 'update_assignment_time',
  title: 'Set the time of a stop',
  description:
    'Set when a stop starts and ends on its day. A new start alone keeps its duration. null clears; omitted fields stay unchanged.',
  effect: 'update',
  scope: 'places:write',
  permission: day_edit,
  route: 'PATCH /trips/:tripId/assignments/:assignmentId',
  input: inAssignment.extend({
    place_time: Assignment.patch.shape.place_time,
    end_time: Assignment.patch.shape.end_time,
    notes: Assignment.patch.shape.notes,
  }),
  output: z.object({ assignment: Stop }),
})

export const move_assignment = operation({
  name: 'move_assignment',
  title: 'Move a stop to another day',
  description: 'Move a stop to another day, or within its day. Without orderIndex it is placed by its time, else last.',
  effect: 'update',
  scope: 'places:write',
  permission: day_edit,
  route: 'PUT /trips/:tripId/assignments/:assignmentId/day',
  input: inAssignment.extend({
    newDayId: Id.describe('Id of the target day.'),
    oldDayId: Id.describe('Id of its current day.'),
    orderIndex: z.int().min(0).optional().describe('New position; 0 is first, beyond the end is last.'),
    place_time: Assignment.patch.shape.place_time,
    end_time: Assignment.patch.shape.end_time,
  }),
  output: z.object({ assignment: Stop }),
})

export const reorder_day_assignments = operation({
  name: 'reorder_day_assignments',
  title: 'Reorder the stops of a day',
  description: 'Put all stops of one day into a new order. Every stop must be named exactly once.',
  effect: 'update',
  scope: 'places:write',
  permission: day_edit,
  route: 'PUT /trips/:tripId/days/:dayId/assignments/order',
  input: inDay.extend({
    assignmentIds: z.array(Id).min(1).max(200).describe('Ids of all stops of the day, in the new order.'),
  }),
  output: z.object({ success: z.literal(true), dayId: Id, order: z.array(Id) }),
})

export const get_assignment_participants = operation({
  name: 'get_assignment_participants',
  title: 'List who comes along to a stop',
  description: 'The travellers who come along to one stop. An empty list means everybody.',
  effect: 'read',
  scope: 'places:read',
  route: 'GET /trips/:tripId/assignments/:assignmentId/participants',
  input: inAssignment,
  output: z.object({ participants: z.array(Person) }),
})

export const set_assignment_participants = operation({
  name: 'set_assignment_participants',
  title: 'Set who comes along to a stop',
  description: 'Set who comes along to one stop. An empty list means everybody.',
  effect: 'update',
  scope: 'places:write',
  permission: day_edit,
  route: 'PUT /trips/:tripId/assignments/:assignmentId/participants',
  input: inAssignment.extend({
    userIds: z.array(Id).max(200).describe('user_ids from list_trip_members; replaces the list.'),
  }),
  output: z.object({ participants: z.array(Person) }),
})
