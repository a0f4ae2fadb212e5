import { z } from 'zod'
import { defaulted, entity, type Field, type Row, secret, setBy, stored } from '../../../core/declare/entity.ts'
import { operation, permission } from '../../../core/declare/operation.ts'
import { Id, Instant, Line } from '../../../core/declare/values.ts'
import { Done, inTrip, Trip } from '../../trips/contract/index.ts'
import { OPTIONS, SECTIONS } from './shared.generated.ts'
import type { SharedSection, ShareOption } from './shared-section.ts'

/** The choices of a link, each as a field of the link. */
const choices = <O extends Record<string, ShareOption>>(options: O) =>
  Object.fromEntries(
    Object.entries(options).map(([name, { usual, says }]) => [name, defaulted(z.boolean(), usual).describe(says)]),
  ) as { [Name in keyof O]: Field<z.ZodBoolean, 'defaulted'> }

export type ShareOptionName = keyof typeof OPTIONS

/** The link that shows a trip without an account; a trip has at most one. */
export const ShareLink = entity({
  name: 'share_link',
  table: 'share_links',
  space: 'trip',
  spaceKey: 'trip_id',
  givesAccess: true,
  fields: {
    id: stored(Id),
    trip_id: stored(Id),
    ...choices(OPTIONS),
    /** The token is computed from this and a secret that is not in the database. */
    nonce: secret(z.string()),
    token_hash: secret(z.string()),
    created_by: stored(Id.nullable()),
    created_at: stored(Instant),
    expires_at: setBy(stored(Instant), 'expires_in_days'),
  },
})
export type ShareLinkRow = Row<typeof ShareLink>

const url = z.string().nullable().describe('The address to share; null when it is not known, and note says why.')
const note = z.string().nullable().describe('How to get the address when it is not known.')

const Link = ShareLink.row.extend({
  token: z.string().describe('The link is /shared/<token> on this server.'),
  url,
  note,
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
  description: 'The share link of a trip, what it shows and until when; null when there is none.',
  effect: 'read',
  scope: 'trips:share',
  route: 'GET /trips/:tripId/share-link',
  input: inTrip,
  output: z.object({ link: Link.nullable() }),
})

export const create_share_link = operation({
  name: 'create_share_link',
  undo: 'access',
  title: 'Share a trip by link',
  description:
    'Create the share link of a trip, which shows plan and bookings by default, or change the given fields of it. Anybody who has it can view the trip without an account until it expires. Ask the person first.',
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
      .describe('Days from now until it expires; when omitted, 90 for a new link, else unchanged.'),
    linkId: Id.optional().describe('Change only this link; refused if it has ended.'),
  }),
  shownOnce: ['token', 'url'],
  output: z.object({
    token: z.string().describe('The link is /shared/<token> on this server.'),
    url,
    note,
    created: z.boolean().describe('Whether the link is new.'),
    link: Link,
  }),
})

export const delete_share_link = operation({
  name: 'delete_share_link',
  undo: 'access',
  title: 'End the share link of a trip',
  description: 'Delete the share link of a trip. It stops working at once; a new link has a new address.',
  effect: 'destroy',
  scope: 'trips:share',
  permission: share_manage,
  route: 'DELETE /trips/:tripId/share-link',
  input: inTrip,
  output: Done,
})

/** The sections, each null if the link does not show it. */
const sections = <S extends Record<string, SharedSection>>(declared: S) =>
  Object.fromEntries(Object.entries(declared).map(([name, { shape }]) => [name, shape.nullable()])) as {
    [Name in keyof S]: z.ZodNullable<S[Name]['shape']>
  }

/** Everything a link can show: no link reveals anything that is not in here. */
export const PublicTrip = z.object({
  trip: Trip.row.pick({
    title: true,
    description: true,
    start_date: true,
    end_date: true,
    cover_image: true,
    currency: true,
  }),
  travellers: z.array(z.string()).describe('Initials of the travellers.'),
  expires_at: Instant,
  ...sections(SECTIONS),
})
export type PublicTrip = z.output<typeof PublicTrip>

export const get_shared_trip = operation({
  name: 'get_shared_trip',
  title: 'Look at a shared trip',
  description: 'What a share link shows of a trip, to anybody who has the link. No log-in is needed.',
  effect: 'read',
  scope: null,
  expose: ['rest'],
  open: true,
  route: 'GET /shared/:token',
  input: z.object({ token: Line(100).describe('The part of the link after /shared/.') }),
  output: PublicTrip,
})
