import { z } from 'zod'
import { asSet, entity, optional, type Row, required, stored } from '../../../core/declare/entity.ts'
import { operation, resource } from '../../../core/declare/operation.ts'
import { OrderKey } from '../../../core/declare/order-key.ts'
import { Colour, Id, Instant, Line } from '../../../core/declare/values.ts'
import { Person } from '../../../identity/contract/person.ts'
import { Done, inTrip } from '../../trips/contract/index.ts'
import { inSection } from '../../trips/contract/sections.ts'
import { packing, packing_edit } from './addon.ts'

/** A bag that items are packed into. Everybody in the trip sees it; each item decides who sees that item. */
export const PackingBag = entity({
  name: 'packing_bag',
  table: 'packing_bags',
  space: 'trip',
  spaceKey: 'trip_id',
  computed: ['order_key'],
  refs: { member_ids: 'member' },
  fields: {
    id: stored(Id),
    trip_id: stored(Id),
    name: required(Line(100)).describe('Name of the bag.'),
    color: required(Colour).describe('Colour, #rrggbb.'),
    weight_limit_grams: optional(z.int().min(1).max(1_000_000)).describe('Weight limit in grams.'),
    member_ids: asSet(stored(z.array(Id))),
    order_key: stored(OrderKey),
    created_at: stored(Instant),
  },
})
export type PackingBagRow = Row<typeof PackingBag>

/** The default colours of bags, in turn. */
export const BAG_COLOURS = [
  '#2f6f8f',
  '#a9552f',
  '#4b7a35',
  '#6a5a9e',
  '#9a4a72',
  '#8a6d1f',
  '#1f6b5c',
  '#5c6670',
] as const

/** A bag with the items the caller can see, and its people. */
export const BagLoad = PackingBag.row.extend({
  members: z.array(Person),
  item_count: z.int(),
  weight_grams: z.int().describe('Weight of the items in it that you see, in grams: weight times quantity.'),
  unweighed_count: z.int().describe('Number of these items without a weight.'),
})
export type BagLoad = z.output<typeof BagLoad>

const inBag = inTrip.extend({ bagId: Id.describe('Bag id, from list_packing_bags.') })
const oneBag = z.object({ bag: PackingBag.row })
export const list_packing_bags = operation({
  name: 'list_packing_bags',
  title: 'List packing bags',
  description: 'The bags of a trip, and whose they are. Weights count the items that you see: weight times quantity.',
  effect: 'read',
  scope: 'packing:read',
  addon: packing,
  route: 'GET /trips/:tripId/packing/bags',
  input: inTrip,
  output: z.object({ bags: z.array(BagLoad) }),
  continuations: { bags: inSection('packing_bags') },
})

export const create_packing_bag = operation({
  name: 'create_packing_bag',
  title: 'Add a packing bag',
  description: 'Add a bag that items can be put into.',
  effect: 'create',
  scope: 'packing:write',
  addon: packing,
  permission: packing_edit,
  route: 'POST /trips/:tripId/packing/bags',
  input: inTrip.extend({
    ...PackingBag.create.shape,
    color: Colour.optional().describe('Colour, #rrggbb; chosen when omitted.'),
  }),
  output: oneBag,
})

export const update_packing_bag = operation({
  name: 'update_packing_bag',
  title: 'Change a packing bag',
  description: 'Change name, colour or weight limit of a bag. Omitted fields stay unchanged.',
  effect: 'update',
  scope: 'packing:write',
  addon: packing,
  permission: packing_edit,
  route: 'PATCH /trips/:tripId/packing/bags/:bagId',
  input: inBag.extend(PackingBag.patch.shape),
  output: oneBag,
})

export const delete_packing_bag = operation({
  name: 'delete_packing_bag',
  title: 'Delete a packing bag',
  description: 'Delete a bag. The items in it stay on the list, in no bag.',
  effect: 'destroy',
  scope: 'packing:write',
  addon: packing,
  permission: packing_edit,
  route: 'DELETE /trips/:tripId/packing/bags/:bagId',
  input: inBag,
  output: Done,
})

export const set_bag_members = operation({
  name: 'set_bag_members',
  title: 'Set who a bag belongs to',
  description: 'Set who a bag belongs to. An empty list means everybody.',
  effect: 'update',
  scope: 'packing:write',
  addon: packing,
  permission: packing_edit,
  route: 'PUT /trips/:tripId/packing/bags/:bagId/members',
  input: inBag.extend({
    userIds: z.array(Id).max(200).describe('user_ids from list_trip_members; replaces the list.'),
  }),
  output: z.object({ members: z.array(Person) }),
})

export const packing_bags_resource = resource({
  uri: 'trek://trips/{tripId}/packing/bags',
  title: 'Packing bags',
  description: 'The bags of a trip, with the weight of the items in them that you see.',
  read: list_packing_bags,
})
