import { z } from 'zod'
import { defaulted, entity, optional, type Row, required, stored } from '../../core/entity.ts'
import { addon, operation, permission, prompt, resource } from '../../core/operation.ts'
import { Id, Instant, Line } from '../../core/values.ts'
import { Done, inTrip } from '../trips/contract.ts'

export const packing = addon({
  name: 'packing',
  title: 'Lists',
  description: 'Packing lists and to-dos',
  default: true,
})

/** Something to pack. Common items are everybody's; a personal one is its owner's alone; a shared one also of those named. */
export const PackingItem = entity({
  name: 'packing_item',
  table: 'packing_items',
  space: 'trip',
  spaceKey: 'trip_id',
  fields: {
    id: stored(Id),
    trip_id: stored(Id),
    name: required(Line(200)).describe('What to pack.'),
    category: defaulted(Line(100), 'General').describe('Heading it stands under.'),
    quantity: defaulted(z.int().min(1).max(999), 1).describe('How many.'),
    weight_grams: optional(z.int().min(0).max(1_000_000)).describe('Weight of one, in grams.'),
    checked: defaulted(z.boolean(), false).describe('Whether it is packed.'),
    visibility: defaulted(z.enum(['common', 'personal', 'shared']), 'common').describe(
      'Who sees it: everybody (common), you (personal), you and shared_with (shared).',
    ),
    shared_with: defaulted(z.array(Id).max(200), []).describe('user_ids who see a shared item.'),
    owner_id: stored(Id),
    sort_order: stored(z.int()),
    created_at: stored(Instant),
  },
})
export type PackingItemRow = Row<typeof PackingItem>

export const inItem = inTrip.extend({ itemId: Id.describe('The item; get_trip_summary lists them.') })

export const packing_edit = permission({
  name: 'packing_edit',
  title: 'Edit packing lists and to-dos',
  default: 'member',
  levels: ['owner', 'member'],
})

export const list_packing_items = operation({
  name: 'list_packing_items',
  title: 'List what to pack',
  description: 'The packing list of a trip as you see it: common items, and personal and shared ones of yours.',
  effect: 'read',
  scope: 'packing:read',
  addon: packing,
  route: 'GET /trips/:tripId/packing',
  ways: ['rest'],
  input: inTrip,
  output: z.object({ items: z.array(PackingItem.row) }),
  pages: 'items',
})

export const create_packing_item = operation({
  name: 'create_packing_item',
  title: 'Add a packing item',
  description: 'Add something to pack. Everybody sees it unless visibility says otherwise.',
  effect: 'create',
  scope: 'packing:write',
  addon: packing,
  permission: packing_edit,
  route: 'POST /trips/:tripId/packing',
  input: inTrip.extend(PackingItem.create.shape),
  output: z.object({ item: PackingItem.row }),
})

export const update_packing_item = operation({
  name: 'update_packing_item',
  title: 'Change a packing item',
  description: 'Change fields of a packing item. What is left out stays. Only its owner may change who sees it.',
  effect: 'update',
  scope: 'packing:write',
  addon: packing,
  permission: packing_edit,
  route: 'PATCH /trips/:tripId/packing/:itemId',
  input: inItem.extend(PackingItem.patch.shape),
  output: z.object({ item: PackingItem.row }),
})

export const toggle_packing_item = operation({
  name: 'toggle_packing_item',
  title: 'Tick a packing item',
  description: 'Mark an item as packed or not packed.',
  effect: 'update',
  scope: 'packing:write',
  addon: packing,
  permission: packing_edit,
  route: 'PUT /trips/:tripId/packing/:itemId/checked',
  input: inItem.extend({ checked: z.boolean().describe('true when it is packed.') }),
  output: z.object({ item: PackingItem.row }),
})

export const delete_packing_item = operation({
  name: 'delete_packing_item',
  title: 'Delete a packing item',
  description: 'Take an item off the packing list.',
  effect: 'destroy',
  scope: 'packing:write',
  addon: packing,
  permission: packing_edit,
  route: 'DELETE /trips/:tripId/packing/:itemId',
  input: inItem,
  output: Done,
})

export const reorder_packing_items = operation({
  name: 'reorder_packing_items',
  title: 'Reorder the packing list',
  description: 'Put all items that you see into a new order. Every one must be named exactly once.',
  effect: 'update',
  scope: 'packing:write',
  addon: packing,
  permission: packing_edit,
  route: 'PUT /trips/:tripId/packing/order',
  input: inTrip.extend({ orderedIds: z.array(Id).min(1).max(5000).describe('All items, in the new order.') }),
  output: Done,
})

export const packing_resource = resource({
  uri: 'trek://trips/{tripId}/packing',
  title: 'Packing list',
  description: 'What to pack for a trip, as you see it.',
  read: list_packing_items,
})

export const packing_list = prompt({
  name: 'packing-list',
  title: 'Packing list',
  description: 'The packing list of a trip as a checklist, by category.',
  arguments: z.object({ tripId: Id.describe('The trip.') }),
  reads: [list_packing_items],
})
