import { z } from 'zod'
import { defaulted, entity, optional, required, setBy, stored } from '../../../core/declare/entity.ts'
import { operation, permission, resource } from '../../../core/declare/operation.ts'
import { DELETED_KEPT_DAYS } from '../../../core/declare/retention.ts'
import { CalendarDate, Currency, Id, Instant, Line, Pattern, Prose } from '../../../core/declare/values.ts'
import { Person } from '../../../identity/contract/person.ts'
import { messages } from './messages.ts'
import { inSection } from './sections.ts'

/** A trip is what people plan together. Its members share everything in it; its days follow its dates. */
export const Trip = entity({
  name: 'trip',
  table: 'trips',
  space: 'trip',
  spaceKey: 'id',
  refs: { user_id: 'user' },
  together: [['start_date', 'end_date']],
  fields: {
    id: stored(Id),
    user_id: stored(Id).describe('user_id of the owner.'),
    title: required(Line(200)).describe('Title of the trip.'),
    description: optional(Prose(2000)).describe('Description of the trip.'),
    start_date: optional(CalendarDate).describe('First day, YYYY-MM-DD.'),
    end_date: optional(CalendarDate).describe('Last day, YYYY-MM-DD.'),
    currency: defaulted(Currency, 'EUR').describe('Currency of its budget, ISO 4217.'),
    cover_image: optional(Pattern(112, /^\/api\/covers\/[\w.-]{1,100}$/, messages.coverForm.key)).describe(
      'Path of an uploaded cover.',
    ),
    reminder_days: defaulted(z.int().min(0).max(30), 3).describe('Days before the start to remind; 0 never.'),
    is_archived: defaulted(z.boolean(), false).describe('Whether it is hidden from lists; nothing is lost.'),
    created_at: stored(Instant),
  },
})

const GuestName = Line(50)

/** The place of a traveller on a trip. The members see it, and the traveller gets it in their own space. */
export const TripMember = entity({
  name: 'trip_member',
  table: 'trip_members',
  space: 'trip',
  spaceKey: 'trip_id',
  also: { space: 'user', key: 'user_id' },
  refs: { trip_id: 'trip', user_id: 'user', invited_by: 'user' },
  titledBy: 'user_id',
  fields: {
    id: stored(Id),
    trip_id: stored(Id),
    user_id: stored(Id),
    role: stored(z.enum(['owner', 'member', 'guest'])),
    guest_name: setBy(stored(GuestName.nullable()), 'name').describe(
      'Name of a guest; members have their name in their account.',
    ),
    invited_by: stored(Id.nullable()),
    added_at: stored(Instant),
  },
})

/** The input of all operations inside one trip. */
export const inTrip = z.object({ tripId: Id.describe('Trip id, from list_trips.') })

/** Any scope for trips includes reading them. */
export const TRIPS_READ = ['trips:read', 'trips:write', 'trips:delete', 'trips:share'] as const

/** The answer of a deletion. */
export const Done = z.object({ success: z.literal(true) })

export const trip_create = permission({
  name: 'trip_create',
  title: 'Create trips',
  default: 'everybody',
  levels: ['admin', 'everybody'],
})
export const trip_edit = permission({
  name: 'trip_edit',
  title: 'Change a trip’s name, dates and currency',
  default: 'owner',
  levels: ['owner', 'member'],
})
export const trip_delete = permission({
  name: 'trip_delete',
  title: 'Delete a trip',
  default: 'owner',
  levels: ['admin', 'owner'],
})
export const trip_archive = permission({
  name: 'trip_archive',
  title: 'Archive a trip',
  default: 'owner',
  levels: ['owner', 'member'],
})
export const trip_cover_upload = permission({
  name: 'trip_cover_upload',
  title: 'Change a trip’s cover',
  default: 'owner',
  levels: ['owner', 'member'],
})
export const member_manage = permission({
  name: 'member_manage',
  title: 'Add and remove travellers of a trip',
  default: 'owner',
  levels: ['admin', 'owner', 'member'],
})

/** A trip in a list: with the caller's role and the number of travellers. */
export const TripCard = Trip.row.extend({
  role: z.enum(['owner', 'member']).describe('Your role on the trip.'),
  member_count: z.int(),
})
export type TripCard = z.output<typeof TripCard>

/** A traveller as the trip shows them: a member, or a guest without an account. */
export const Member = Person.extend({ role: z.enum(['owner', 'member', 'guest']), added_at: Instant })

/** Why a right to a trip is enough to make and remove guests. */
const GUESTS = { identity: 'A guest is an account of one trip, with which nobody logs in.' } as const

export const list_trips = operation({
  name: 'list_trips',
  title: 'List trips',
  description:
    'List the trips you own or are a member of: ongoing first, then upcoming, then past. Start here to find a tripId.',
  effect: 'read',
  scope: null,
  route: 'GET /trips',
  input: z.object({ include_archived: z.boolean().optional().describe('Also list archived trips.') }),
  output: z.object({ trips: z.array(TripCard) }),
  pages: 'trips',
})

export const get_trip = operation({
  name: 'get_trip',
  title: 'Get a trip',
  description: 'One trip with its dates, currency and number of travellers.',
  effect: 'read',
  scope: TRIPS_READ,
  route: 'GET /trips/:tripId',
  expose: ['rest'],
  input: inTrip,
  output: z.object({ trip: TripCard }),
})

export const create_trip = operation({
  name: 'create_trip',
  title: 'Create a trip',
  description:
    'Create a trip with one day for each date, both ends included. With one date or none it has day_count days. At most 90 days.',
  effect: 'create',
  scope: 'trips:write',
  permission: trip_create,
  route: 'POST /trips',
  input: Trip.create.omit({ is_archived: true, cover_image: true }).extend({
    day_count: z.int().min(1).max(365).optional().describe('Number of days if a date is missing; 7 when omitted.'),
  }),
  output: z.object({ trip: Trip.row }),
})

export const update_trip = operation({
  name: 'update_trip',
  title: 'Change a trip',
  description:
    'Change fields of a trip. When dates change, days keep their content and take the new dates in order; one date is enough for a trip without dates, which keeps its number of days. A range too short for days that hold something is refused, and the error lists what is on them, until shrink says what to do.',
  effect: 'update',
  scope: 'trips:write',
  permission: ({ tripId: _, is_archived, cover_image, ...rest }) => [
    ...(is_archived === undefined ? [] : [trip_archive]),
    ...(cover_image === undefined ? [] : [trip_cover_upload]),
    ...(Object.values(rest).some((value) => value !== undefined) ? [trip_edit] : []),
  ],
  route: 'PATCH /trips/:tripId',
  input: inTrip.extend({
    ...Trip.patch.shape,
    date_shift_mode: z
      .enum(['keep_bookings', 'shift_all'])
      .optional()
      .describe(
        'Bookings keep their own dates (keep_bookings), or move with their day (shift_all). With start_date alone shift_all moves the whole trip.',
      ),
    shrink: z
      .enum(['refuse', 'keep_undated', 'delete'])
      .optional()
      .describe('For days beyond the new range that hold something: keep them without a date, or delete them with it.'),
  }),
  output: z.object({ trip: Trip.row }),
})

export const delete_trip = operation({
  name: 'delete_trip',
  title: 'Delete a trip',
  description: `Delete a trip with everything in it, for all its members: ask the person first. restore_trip brings it back for ${DELETED_KEPT_DAYS} days.`,
  effect: 'destroy',
  scope: 'trips:delete',
  permission: trip_delete,
  ownWrites: GUESTS,
  route: 'DELETE /trips/:tripId',
  input: inTrip,
  output: Done.extend({ tripId: Id }),
})

export const list_trip_members = operation({
  name: 'list_trip_members',
  title: 'List the travellers of a trip',
  description: 'The travellers of a trip, with the user ids that other tools take. Guests have no account.',
  effect: 'read',
  scope: TRIPS_READ,
  route: 'GET /trips/:tripId/members',
  input: inTrip,
  output: z.object({ owner: Member, members: z.array(Member) }),
  continuations: { members: inSection('members', { fromStart: true }) },
})

export const add_trip_member = operation({
  name: 'add_trip_member',
  title: 'Add a member',
  description: 'Add somebody who has an account on this server to a trip. They see all of it at once.',
  effect: 'create',
  scope: 'trips:write',
  permission: member_manage,
  route: 'POST /trips/:tripId/members',
  input: inTrip.extend({ identifier: Line(320).describe('Exact username or e-mail address.') }),
  output: z.object({ member: Member }),
})

export const remove_trip_member = operation({
  name: 'remove_trip_member',
  title: 'Remove a member',
  description: 'Remove somebody from a trip, or leave it yourself. The owner cannot be removed.',
  effect: 'destroy',
  scope: 'trips:write',
  ownWrites: GUESTS,
  route: 'DELETE /trips/:tripId/members/:memberId',
  input: inTrip.extend({ memberId: Id.describe('user_id, from list_trip_members.') }),
  output: Done,
})

export const copy_trip = operation({
  name: 'copy_trip',
  title: 'Copy a trip',
  description:
    'Make a trip of your own from one you are on: its days, places, bookings, costs and lists, unticked. Travellers who are not in the copy become guests of their name. Files, messages and links are not copied.',
  effect: 'create',
  scope: 'trips:write',
  permission: trip_create,
  ownWrites: GUESTS,
  route: 'POST /trips/:tripId/copy',
  input: inTrip.extend({
    title: Line(200).optional().describe('Its title; “Copy of …” when omitted.'),
    start_date: CalendarDate.optional().describe('New first day; all dates shift with it.'),
    with_members: z.boolean().default(false).describe('Add the members too.'),
  }),
  output: z.object({ trip: Trip.row }),
})

export const transfer_trip_ownership = operation({
  name: 'transfer_trip_ownership',
  undo: 'access',
  title: 'Make another member the owner of a trip',
  description: 'Make another member the owner of a trip. Only the owner can; they stay on the trip as a member.',
  effect: 'update',
  scope: 'trips:write',
  route: 'PUT /trips/:tripId/owner',
  expose: ['rest'],
  input: inTrip.extend({ memberId: Id.describe('user_id of the new owner, from list_trip_members.') }),
  output: z.object({ trip: Trip.row }),
})

export const add_guest = operation({
  name: 'add_guest',
  title: 'Add a guest',
  description:
    'Add somebody who has no account here, so that costs, lists and plans can name them. They cannot log in, and nobody is notified.',
  effect: 'create',
  scope: 'trips:write',
  permission: member_manage,
  ownWrites: GUESTS,
  route: 'POST /trips/:tripId/guests',
  expose: ['rest'],
  input: inTrip.extend({ name: GuestName.describe('Name of the guest.') }),
  output: z.object({ member: Member }),
})

const inGuest = inTrip.extend({ guestId: Id.describe('user_id, from list_trip_members.') })

export const rename_guest = operation({
  name: 'rename_guest',
  title: 'Rename a guest',
  description: 'Change the name of a guest of a trip.',
  effect: 'update',
  scope: 'trips:write',
  permission: member_manage,
  ownWrites: GUESTS,
  route: 'PATCH /trips/:tripId/guests/:guestId',
  expose: ['rest'],
  input: inGuest.extend({ name: GuestName.describe('New name of the guest.') }),
  output: z.object({ member: Member }),
})

export const remove_guest = operation({
  name: 'remove_guest',
  undo: 'erases',
  title: 'Remove a guest',
  description:
    'Remove a guest from a trip and from everything that names them. Costs are split again; where money has changed hands, the owner takes their place.',
  effect: 'destroy',
  scope: 'trips:write',
  permission: member_manage,
  ownWrites: GUESTS,
  route: 'DELETE /trips/:tripId/guests/:guestId',
  expose: ['rest'],
  input: inGuest,
  output: Done,
})

export const trips_resource = resource({
  uri: 'trek://trips',
  title: 'Trips',
  description: 'Your trips that are not archived.',
  read: list_trips,
})

export const trip_resource = resource({
  uri: 'trek://trips/{tripId}',
  title: 'Trip',
  description: 'One trip with its dates, currency and number of travellers.',
  read: get_trip,
})

export const trip_members_resource = resource({
  uri: 'trek://trips/{tripId}/members',
  title: 'Travellers',
  description: 'The travellers of a trip: members and guests.',
  read: list_trip_members,
})
