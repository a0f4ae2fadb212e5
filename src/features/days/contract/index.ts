import { z } from 'zod'
import { entity, optional, stored } from '../../../core/declare/entity.ts'
import { operation, permission } from '../../../core/declare/operation.ts'
import { CalendarDate, Id, Line } from '../../../core/declare/values.ts'
import { Done, inTrip } from '../../trips/contract/index.ts'

/** A day of a trip. Days are numbered 1, 2, 3 … without gaps; on a trip with dates each has the date of its place. */
export const Day = entity({
  name: 'day',
  table: 'days',
  space: 'trip',
  spaceKey: 'trip_id',
  fields: {
    id: stored(Id),
    trip_id: stored(Id),
    day_number: stored(z.int().positive()),
    date: optional(CalendarDate).describe('Date of the day, YYYY-MM-DD.'),
    title: optional(Line(200)).describe('Title of the day.'),
  },
})

export const inDay = inTrip.extend({ dayId: Id.describe('Day id, from get_trip_summary.') })

export const day_edit = permission({
  name: 'day_edit',
  title: 'Edit days and what is planned on them',
  default: 'member',
  levels: ['owner', 'member'],
})

/** Why the dates of the trip can change with its days. */
const LENGTH = { trips: 'A trip lasts from its first day to its last.' } as const

export const create_day = operation({
  name: 'create_day',
  title: 'Add a day',
  description:
    'Add a day to a trip. With a date it is inserted in order, and the trip grows by a day when that date is just before or after it. Without a date it comes last.',
  effect: 'create',
  scope: 'trips:write',
  permission: day_edit,
  alsoWrites: { 'day-notes': 'Leave out notes.' },
  ownWrites: LENGTH,
  route: 'POST /trips/:tripId/days',
  input: inTrip.extend({
    ...Day.create.shape,
    notes: Line(500).optional().describe('First note of the day.'),
  }),
  output: z.object({ day: Day.row }),
})

export const update_day = operation({
  name: 'update_day',
  title: 'Change the title of a day',
  description:
    'Set or clear the title of a day, like “Arrival in Paris”. Dates are in update_trip. To swap two days, swap their titles and move their stops and notes with move_plan_entry.',
  effect: 'update',
  scope: 'trips:write',
  permission: day_edit,
  route: 'PATCH /trips/:tripId/days/:dayId',
  input: inDay.extend({
    title: Line(200).nullable().describe('Title of the day; null clears it.'),
  }),
  output: z.object({ day: Day.row }),
})

export const delete_day = operation({
  name: 'delete_day',
  undo: 'whole',
  title: 'Delete a day',
  description:
    'Delete a day and what is planned on it; its places stay in the trip. The other days keep their dates, and without its first or last day the trip is shorter.',
  effect: 'destroy',
  scope: 'trips:write',
  permission: day_edit,
  ownWrites: LENGTH,
  route: 'DELETE /trips/:tripId/days/:dayId',
  input: inDay,
  output: Done,
})

export const move_day = operation({
  name: 'move_day',
  undo: 'whole',
  title: 'Move a day',
  description: 'Move the plan of a day before that of another day, or to the end. Dates stay where they are.',
  effect: 'update',
  scope: 'trips:write',
  permission: day_edit,
  route: 'PUT /trips/:tripId/days/:dayId/place',
  expose: ['rest'],
  input: inDay.extend({ before: Id.nullable().describe('Id of the day to put it before; null: the end.') }),
  output: z.object({ days: z.array(Day.row) }),
})

export const reorder_days = operation({
  name: 'reorder_days',
  undo: 'whole',
  title: 'Reorder the days',
  description: 'Put the days of a trip into a new order. Dates stay where they are; what is on the days moves.',
  effect: 'update',
  scope: 'trips:write',
  permission: day_edit,
  route: 'PUT /trips/:tripId/days/order',
  expose: ['rest'],
  input: inTrip.extend({
    dayIds: z.array(Id).min(1).max(366).describe('Ids of all days of the trip, in the new order.'),
  }),
  output: z.object({ days: z.array(Day.row) }),
})
