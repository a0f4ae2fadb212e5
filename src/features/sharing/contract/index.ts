import { z } from 'zod'
import { defaulted, entity, type Row, secret, stored } from '../../../core/declare/entity.ts'
import { operation, permission } from '../../../core/declare/operation.ts'
import {
  CalendarDate,
  ClockTime,
  Currency,
  Id,
  Instant,
  Latitude,
  Line,
  Longitude,
} from '../../../core/declare/values.ts'
import { Accommodation } from '../../accommodations/contract/index.ts'
import { Assignment } from '../../assignments/contract/index.ts'
import { CollabNote } from '../../collab/contract/index.ts'
import { DayNote } from '../../day-notes/contract/index.ts'
import { Day } from '../../days/contract/index.ts'
import { PackingItem } from '../../packing/contract/index.ts'
import { Category, Place } from '../../places/contract/index.ts'
import { Reservation } from '../../reservations/contract/index.ts'
import { Done, inTrip, Trip } from '../../trips/contract/index.ts'

/** The link by which a trip can be looked at without an account; a trip has at most one. */
export const ShareLink = entity({
  name: 'share_link',
  table: 'share_links',
  space: 'trip',
  spaceKey: 'trip_id',
  fields: {
    id: stored(Id),
    trip_id: stored(Id),
    share_map: defaulted(z.boolean(), true).describe('Show the plan and its map.'),
    share_bookings: defaulted(z.boolean(), true).describe('Show bookings, never their numbers.'),
    share_packing: defaulted(z.boolean(), false).describe('Show what everybody packs.'),
    share_budget: defaulted(z.boolean(), false).describe('Show what it costs in all.'),
    share_collab: defaulted(z.boolean(), false).describe('Show shared notes.'),
    /** What the token is computed from, together with a secret that is not in the database. */
    nonce: secret(z.string()),
    token_hash: secret(z.string()),
    created_by: stored(Id.nullable()),
    created_at: stored(Instant),
    expires_at: stored(Instant),
  },
})
export type ShareLinkRow = Row<typeof ShareLink>

const Link = ShareLink.row.extend({
  token: z.string().describe('The link is /shared/<token> on this server.'),
  expired: z.boolean(),
})
export type Link = z.output<typeof Link>

export const share_manage = permission({
  name: 'share_manage',
  title: 'Make and end the share link of a trip',
  default: 'owner',
  levels: ['owner', 'member'],
})

export const get_share_link = operation({
  name: 'get_share_link',
  title: 'See the share link of a trip',
  description: 'The public link of a trip, what it shows and until when; null when there is none.',
  effect: 'read',
  scope: 'trips:share',
  route: 'GET /trips/:tripId/share-link',
  input: inTrip,
  output: z.object({ link: Link.nullable() }),
})

export const create_share_link = operation({
  name: 'create_share_link',
  title: 'Share a trip by link',
  description:
    'Make the public link of a trip, which shows plan and bookings at first, or change what is given of it. Everybody who has it can look, without an account, until it expires. Ask the person first.',
  effect: 'update',
  scope: 'trips:share',
  permission: share_manage,
  route: 'PUT /trips/:tripId/share-link',
  input: inTrip.extend({
    ...ShareLink.patch.shape,
    expires_in_days: z
      .int()
      .min(1)
      .max(365)
      .optional()
      .describe('Days from now until it expires. A new link has 90; that of an old one stays.'),
  }),
  output: z.object({
    token: z.string().describe('The link is /shared/<token> on this server.'),
    created: z.boolean().describe('Whether it is a new link.'),
    link: Link,
  }),
})

export const delete_share_link = operation({
  name: 'delete_share_link',
  title: 'End the share link of a trip',
  description: 'Delete the public link of a trip: it shows nothing any more, at once. A later one has another address.',
  effect: 'destroy',
  scope: 'trips:share',
  permission: share_manage,
  route: 'DELETE /trips/:tripId/share-link',
  input: inTrip,
  output: Done,
})

const here = { name: z.string(), lat: Latitude.nullable(), lng: Longitude.nullable(), address: z.string().nullable() }

const PublicBooking = Reservation.row
  .pick({
    id: true,
    type: true,
    title: true,
    status: true,
    day_id: true,
    end_day_id: true,
    location: true,
    accommodation_id: true,
  })
  .extend({
    reservation_time: z.string().nullable(),
    reservation_end_time: z.string().nullable(),
    endpoints: z.array(
      z.object({
        name: z.string(),
        code: z.string().nullable(),
        lat: Latitude,
        lng: Longitude,
        local_date: CalendarDate.nullable(),
        local_time: ClockTime.nullable(),
        number: z.string().nullable(),
      }),
    ),
  })

const PublicStay = Accommodation.row
  .pick({ id: true, place_id: true, start_day_id: true, end_day_id: true, check_in: true, check_out: true })
  .extend({ place: z.object(here).nullable() })

const Money = z.object({ currency: Currency, amount: z.number() })

const PublicBudget = z.object({
  currency: Currency,
  total: z.number().describe('In the currency of the trip, without what is unconverted.'),
  unconverted: z.array(Money),
  categories: z.array(
    z.object({ category: z.string(), total: z.number(), totals: z.array(Money).describe('As entered, by currency.') }),
  ),
})

const PublicNote = CollabNote.row.pick({
  id: true,
  title: true,
  content: true,
  category: true,
  color: true,
  pinned: true,
  website: true,
})

/**
 * All that a link shows: what is not in here leaves the server by no link. There are no confirmation numbers, no booking
 * notes, no debts, no messages and no names of people in it.
 */
export const PublicTrip = z.object({
  trip: Trip.row.pick({
    title: true,
    description: true,
    start_date: true,
    end_date: true,
    cover_image: true,
    currency: true,
  }),
  travellers: z.array(z.string()).describe('The initials of who travels.'),
  expires_at: Instant,
  days: z.array(Day.row.pick({ id: true, day_number: true, date: true, title: true })).nullable(),
  stops: z
    .array(
      Assignment.row.pick({
        id: true,
        day_id: true,
        place_id: true,
        order_index: true,
        notes: true,
        place_time: true,
        end_time: true,
      }),
    )
    .nullable(),
  day_notes: z
    .array(DayNote.row.pick({ id: true, day_id: true, text: true, time: true, icon: true, position: true }))
    .nullable(),
  places: z
    .array(
      Place.row.pick({
        id: true,
        name: true,
        description: true,
        lat: true,
        lng: true,
        address: true,
        category_id: true,
        place_time: true,
        end_time: true,
        website: true,
      }),
    )
    .nullable(),
  categories: z.array(Category.row).nullable(),
  bookings: z.array(PublicBooking).nullable(),
  stays: z.array(PublicStay).nullable(),
  packing: z
    .array(PackingItem.row.pick({ id: true, name: true, category: true, quantity: true, checked: true }))
    .nullable(),
  budget: PublicBudget.nullable(),
  notes: z.array(PublicNote).nullable(),
})
export type PublicTrip = z.output<typeof PublicTrip>

export const get_shared_trip = operation({
  name: 'get_shared_trip',
  title: 'Look at a shared trip',
  description: 'What a share link shows of a trip, to whoever has the link. Nobody has to log in.',
  effect: 'read',
  scope: null,
  ways: ['rest'],
  open: true,
  route: 'GET /shared/:token',
  input: z.object({ token: Line(100).describe('What the link has after /shared/.') }),
  output: PublicTrip,
})
