import { z } from 'zod'
import { operation } from '../../../core/declare/operation.ts'
import { DELETED_KEPT_DAYS } from '../../../core/declare/retention.ts'
import { Id, Instant } from '../../../core/declare/values.ts'
import { TRIPS_READ, Trip } from '../../trips/contract/index.ts'
import { LeftRow } from './rows.ts'

/** A trip that can be restored. */
const DeletedTrip = Trip.row.pick({ id: true, title: true, start_date: true, end_date: true }).extend({
  deleted_at: Instant,
  deleted_by: z.string().nullable().describe('Name of whoever deleted it; null if their account is gone.'),
  restorable_until: Instant,
})
export type DeletedTrip = z.output<typeof DeletedTrip>

export const list_deleted_trips = operation({
  name: 'list_deleted_trips',
  title: 'List deleted trips',
  description: `Your own trips that were deleted in the last ${DELETED_KEPT_DAYS} days, with the ids for restore_trip.`,
  effect: 'read',
  scope: TRIPS_READ,
  route: 'GET /deleted-trips',
  input: z.object({}),
  output: z.object({ trips: z.array(DeletedTrip) }),
  pages: 'trips',
})

export const restore_trip = operation({
  name: 'restore_trip',
  title: 'Restore a deleted trip',
  description: 'Restore a deleted trip of yours with everything in it, for all its members. Share links stay ended.',
  effect: 'update',
  scope: 'trips:delete',
  route: 'POST /deleted-trips/:deletedTripId/restore',
  input: z.object({ deletedTripId: Id.describe('id, from list_deleted_trips.') }),
  output: z.object({
    trip: Trip.row,
    links_ended: z.boolean().describe('Whether it had a share link. That stays ended: make a new one.'),
    people_gone: z.int().describe('Number of travellers who are not on it again, since their account was deleted.'),
    left: z.array(LeftRow).describe('What else did not come back, and why.'),
  }),
})
