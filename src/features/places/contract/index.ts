import { z } from 'zod'
import { defaulted, entity, money, optional, type Row, required, stored } from '../../../core/declare/entity.ts'
import { administration, operation, permission, resource } from '../../../core/declare/operation.ts'
import {
  Amount,
  ClockTime,
  Colour,
  Currency,
  Id,
  IdOrName,
  Instant,
  Latitude,
  Line,
  Longitude,
  Prose,
  WebAddress,
} from '../../../core/declare/values.ts'
import { Done, inTrip } from '../../trips/contract/index.ts'

/** Somewhere to go on a trip: in the pool until it is put on a day. */
export const Place = entity({
  name: 'place',
  table: 'places',
  space: 'trip',
  spaceKey: 'trip_id',
  refs: { category_id: 'category', google_place_id: 'outside', osm_id: 'outside' },
  together: [
    ['lat', 'lng'],
    ['price', 'currency'],
    ['place_time', 'end_time'],
  ],
  fields: {
    id: stored(Id),
    trip_id: stored(Id),
    name: required(Line(200)).describe('Name of the place.'),
    description: optional(Prose(2000)).describe('Description of the place.'),
    lat: optional(Latitude).describe('Latitude; needs lng.'),
    lng: optional(Longitude).describe('Longitude; needs lat.'),
    address: optional(Prose(500)).describe('Postal address.'),
    category_id: optional(Id).describe('Category id, from list_categories.'),
    price: money('currency', Amount).describe('Price of a visit; 0 is free.'),
    currency: optional(Currency).describe('Currency of price. Default: the trip’s.'),
    place_time: optional(ClockTime).describe('Usual start, HH:MM.'),
    end_time: optional(ClockTime).describe('Usual end, HH:MM.'),
    duration_minutes: optional(z.int().positive().max(100_000)).describe('Length of the visit in minutes.'),
    transport_mode: defaulted(z.enum(['walking', 'driving', 'cycling', 'transit', 'flight']), 'walking').describe(
      'Mode of travel to it.',
    ),
    notes: optional(Prose(2000)).describe('Notes for the group.'),
    website: optional(WebAddress(500)).describe('http(s) address.'),
    phone: optional(Line(50)).describe('Phone number.'),
    google_place_id: optional(Line(300)).describe('From search_place.'),
    google_ftid: optional(Line(300)).describe('From search_place.'),
    osm_id: optional(Line(100)).describe('From search_place.'),
    created_at: stored(Instant),
  },
})

/** A kind of place. The whole instance has one list. */
export const Category = entity({
  name: 'category',
  table: 'categories',
  space: 'instance',
  spaceKey: null,
  fields: {
    id: stored(Id),
    name: required(Line(100)).describe('Name of the category.'),
    color: defaulted(Colour, '#6366f1').describe('Colour, #rrggbb.'),
    icon: defaulted(Line(16), '📍').describe('One emoji.'),
  },
})

/** One person's own label for places; nobody else sees it. */
export const Tag = entity({
  name: 'tag',
  table: 'tags',
  space: 'user',
  spaceKey: 'user_id',
  refs: { user_id: 'user' },
  fields: {
    id: stored(Id),
    user_id: stored(Id),
    name: required(Line(100)).describe('Name of the tag.'),
    color: defaulted(Colour, '#10b981').describe('Colour, #rrggbb.'),
    created_at: stored(Instant),
  },
})

/** A tag that somebody has put on a place; only they see it. */
export const PlaceTag = entity({
  name: 'place_tag',
  table: 'place_tags',
  space: 'trip',
  spaceKey: 'trip_id',
  refs: { place_id: 'place', tag_id: 'tag', user_id: 'user' },
  titledBy: 'place_id',
  fields: {
    id: stored(Id),
    trip_id: stored(Id),
    place_id: stored(Id),
    tag_id: stored(Id),
    user_id: stored(Id),
  },
})

/** A place as one person sees it: with their own tags. */
export const TaggedPlace = Place.row.extend({ tags: z.array(Tag.row.pick({ id: true, name: true, color: true })) })
export type TaggedPlace = Row<typeof Place> & { tags: Pick<Row<typeof Tag>, 'id' | 'name' | 'color'>[] }

export const inPlace = inTrip.extend({ placeId: Id.describe('Place id, from list_places.') })
const tag_ids = z.array(Id).max(50).optional().describe('Ids of all your tags on it, from list_tags.')

export const place_edit = permission({
  name: 'place_edit',
  title: 'Add, change and delete places',
  default: 'member',
  levels: ['owner', 'member'],
})

export const list_places = operation({
  name: 'list_places',
  title: 'List places',
  description: 'List the places of a trip, newest first, all or those that match.',
  effect: 'read',
  scope: 'places:read',
  route: 'GET /trips/:tripId/places',
  input: inTrip.extend({
    search: Prose(200).optional().describe('Text in name, description or address.'),
    category: IdOrName(100).optional().describe('Id or name of a category.'),
    tag: IdOrName(100).optional().describe('Id or name of a tag of yours.'),
    assignment: z.enum(['all', 'unassigned', 'assigned']).default('all').describe('unassigned: on no day.'),
  }),
  output: z.object({ places: z.array(TaggedPlace) }),
  pages: 'places',
})

export const create_place = operation({
  name: 'create_place',
  title: 'Add a place',
  description: 'Add a place to a trip’s pool. Put it on a day with assign_place_to_day.',
  effect: 'create',
  scope: 'places:write',
  permission: place_edit,
  route: 'POST /trips/:tripId/places',
  input: inTrip.extend({ ...Place.create.shape, tag_ids }),
  output: z.object({ place: TaggedPlace }),
})

export const update_place = operation({
  name: 'update_place',
  title: 'Change a place',
  description: 'Change fields of a place. Omitted fields stay unchanged; null clears.',
  effect: 'update',
  scope: 'places:write',
  permission: place_edit,
  route: 'PATCH /trips/:tripId/places/:placeId',
  input: inPlace.extend({ ...Place.patch.shape, tag_ids }),
  output: z.object({ place: TaggedPlace }),
})

export const delete_place = operation({
  name: 'delete_place',
  title: 'Delete a place',
  description: 'Delete a place and take it off every day it is on. Tell the person first.',
  effect: 'destroy',
  scope: 'places:write',
  permission: place_edit,
  route: 'DELETE /trips/:tripId/places/:placeId',
  input: inPlace,
  output: Done,
})

const { category_id, price, currency, transport_mode, place_time, end_time, duration_minutes } = Place.patch.shape
const { notes, website, phone, description } = Place.patch.shape

export const bulk_update_places = operation({
  name: 'bulk_update_places',
  title: 'Change several places',
  description: 'Give several places of a trip the same values. Omitted fields stay unchanged; null clears.',
  effect: 'update',
  scope: 'places:write',
  permission: place_edit,
  route: 'PATCH /trips/:tripId/places',
  input: inTrip.extend({
    placeIds: z.array(Id).min(1).max(500).describe('Place ids, from list_places.'),
    category_id,
    price,
    currency,
    transport_mode,
    place_time,
    end_time,
    duration_minutes,
    notes,
    website,
    phone,
    description,
  }),
  output: z.object({ updated: z.int() }),
})

export const bulk_delete_places = operation({
  name: 'bulk_delete_places',
  title: 'Delete several places',
  description: 'Delete several places and take them off every day they are on. Tell the person first.',
  effect: 'destroy',
  scope: 'places:write',
  permission: place_edit,
  route: 'POST /trips/:tripId/places/delete',
  input: inTrip.extend({ placeIds: z.array(Id).min(1).max(200).describe('Place ids, from list_places.') }),
  output: z.object({ deleted: z.int() }),
})

export const list_categories = operation({
  name: 'list_categories',
  title: 'List place categories',
  description: 'The categories a place can have, with the ids for category_id.',
  effect: 'read',
  scope: 'places:read',
  route: 'GET /categories',
  input: z.object({}),
  output: z.object({ categories: z.array(Category.row) }),
  pages: 'categories',
})

/** The answer of list_categories as a resource. No scope: categories reveal nothing about people or trips. */
export const read_categories = operation({
  name: 'read_categories',
  title: list_categories.title,
  description: list_categories.description,
  effect: 'read',
  scope: null,
  route: 'GET /place-categories',
  expose: [],
  input: z.object({}),
  output: z.object({ categories: z.array(Category.row) }),
  pages: 'categories',
  continuations: { categories: () => ({ tool: 'list_categories', input: {} }) },
})

export const create_category = operation({
  name: 'create_category',
  title: 'Add a category',
  description: 'Add a category for everybody on this server.',
  effect: 'create',
  scope: 'places:write',
  permission: administration,
  route: 'POST /categories',
  expose: ['rest'],
  input: Category.create,
  output: z.object({ category: Category.row }),
})

const inCategory = z.object({ categoryId: Id })

export const update_category = operation({
  name: 'update_category',
  title: 'Change a category',
  description: 'Change a category for everybody on this server.',
  effect: 'update',
  scope: 'places:write',
  permission: administration,
  route: 'PATCH /categories/:categoryId',
  expose: ['rest'],
  input: inCategory.extend(Category.patch.shape),
  output: z.object({ category: Category.row }),
})

export const delete_category = operation({
  name: 'delete_category',
  title: 'Delete a category',
  description: 'Delete a category; its places then have none.',
  effect: 'destroy',
  scope: 'places:write',
  permission: administration,
  route: 'DELETE /categories/:categoryId',
  expose: ['rest'],
  input: inCategory,
  output: Done,
})

export const list_tags = operation({
  name: 'list_tags',
  title: 'List own tags',
  description: 'Your own tags for places; nobody else sees them.',
  effect: 'read',
  scope: 'places:read',
  route: 'GET /tags',
  input: z.object({}),
  output: z.object({ tags: z.array(Tag.row) }),
  pages: 'tags',
})

export const create_tag = operation({
  name: 'create_tag',
  title: 'Add a tag',
  description: 'Make a tag of your own. Put it on places with tag_ids of update_place.',
  effect: 'create',
  scope: 'places:write',
  route: 'POST /tags',
  input: Tag.create,
  output: z.object({ tag: Tag.row }),
})

const inTag = z.object({ tagId: Id.describe('Tag id, from list_tags.') })

export const update_tag = operation({
  name: 'update_tag',
  title: 'Change a tag',
  description: 'Rename or recolour a tag of yours.',
  effect: 'update',
  scope: 'places:write',
  route: 'PATCH /tags/:tagId',
  input: inTag.extend(Tag.patch.shape),
  output: z.object({ tag: Tag.row }),
})

export const delete_tag = operation({
  name: 'delete_tag',
  title: 'Delete a tag',
  description: 'Delete a tag of yours and take it off its places.',
  effect: 'destroy',
  scope: 'places:write',
  route: 'DELETE /tags/:tagId',
  input: inTag,
  output: Done,
})

export const places_resource = resource({
  uri: 'trek://trips/{tripId}/places',
  title: 'Places',
  description: 'The places of a trip; ?assignment=unassigned or assigned narrows them.',
  read: list_places,
})

export const categories_resource = resource({
  uri: 'trek://categories',
  title: 'Place categories',
  description: 'The categories a place can have.',
  read: read_categories,
})
