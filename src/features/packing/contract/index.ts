import { z } from 'zod'
import { copying } from '../../../core/declare/copying.ts'
import { asSet, defaulted, entity, optional, type Row, required, stored } from '../../../core/declare/entity.ts'
import { operation, prompt, resource } from '../../../core/declare/operation.ts'
import { OrderKey } from '../../../core/declare/order-key.ts'
import { DEFAULT_CATEGORY, Id, Instant, Line } from '../../../core/declare/values.ts'
import { Person } from '../../../identity/contract/person.ts'
import { Done, inTrip } from '../../trips/contract/index.ts'
import { inSection } from '../../trips/contract/sections.ts'
import { packing, packing_edit } from './addon.ts'
import { PackingBag } from './bags.ts'

export * from './addon.ts'
export * from './bags.ts'

/** Something to pack. Everybody sees a common item, its owner a personal one, owner and named people a shared one. */
export const PackingItem = entity({
  name: 'packing_item',
  table: 'packing_items',
  space: 'trip',
  spaceKey: 'trip_id',
  computed: ['order_key'],
  // People who have left the trip still own their items, and find them again if they return.
  refs: { bag_id: 'packing_bag', owner_id: 'user', shared_with: 'member' },
  together: [['visibility', 'shared_with']],
  fields: {
    id: stored(Id),
    trip_id: stored(Id),
    name: required(Line(200)).describe('What to pack.'),
    category: defaulted(Line(100), DEFAULT_CATEGORY).describe('Category it is listed under.'),
    quantity: defaulted(z.int().min(1).max(999), 1).describe('Number of pieces.'),
    weight_grams: optional(z.int().min(0).max(1_000_000)).describe('Weight of one piece, in grams.'),
    bag_id: optional(Id).describe('Bag id, from list_packing_bags.'),
    checked: defaulted(z.boolean(), false).describe('Whether it is packed.'),
    visibility: defaulted(z.enum(['common', 'personal', 'shared']), 'common').describe(
      'Who sees it: everybody (common), you (personal), you and shared_with (shared).',
    ),
    shared_with: asSet(defaulted(z.array(Id).max(200), []).describe('user_ids who see a shared item.')),
    owner_id: stored(Id),
    order_key: stored(OrderKey),
    created_at: stored(Instant),
  },
})
export type PackingItemRow = Row<typeof PackingItem>

/** Who is responsible for the items of a category. */
export const PackingAssignees = entity({
  name: 'packing_assignees',
  table: 'packing_category_assignees',
  space: 'trip',
  spaceKey: 'trip_id',
  refs: { user_ids: 'member' },
  fields: {
    id: stored(Id),
    trip_id: stored(Id),
    category: stored(Line(100)),
    user_ids: asSet(stored(z.array(Id))),
  },
})
export type PackingAssigneesRow = Row<typeof PackingAssignees>

/** What a packing template keeps of an item. It outlives the trip, and everybody on the server sees it. */
export const templateItem = copying(PackingItem, ['checked', 'bag_id', 'visibility', 'shared_with'])

/** A packing list that any trip of the instance can start from. */
export const PackingTemplate = entity({
  name: 'packing_template',
  table: 'packing_templates',
  space: 'instance',
  spaceKey: null,
  refs: { created_by: 'user' },
  fields: {
    id: stored(Id),
    /** Null if not known any more. */
    created_by: stored(Id.nullable()),
    name: stored(Line(100)),
    /** Fields that items did not have when the template was saved are missing. */
    items: stored(z.array(templateItem.values)),
    created_at: stored(Instant),
  },
})
export type PackingTemplateRow = Row<typeof PackingTemplate>

export const inItem = inTrip.extend({ itemId: Id.describe('Item id, from get_trip_summary.') })
const before = Id.nullable().optional().describe('Item id to put it before; null: the end.')

export const list_packing_items = operation({
  name: 'list_packing_items',
  title: 'List what to pack',
  description: 'The packing list of a trip as you see it: common items, and personal and shared ones of yours.',
  effect: 'read',
  scope: 'packing:read',
  addon: packing,
  route: 'GET /trips/:tripId/packing',
  expose: ['rest'],
  input: inTrip,
  output: z.object({ items: z.array(PackingItem.row) }),
  pages: 'items',
  continuations: { items: inSection('packing') },
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
  input: inTrip.extend({ ...PackingItem.create.shape, before }),
  output: z.object({ item: PackingItem.row }),
})

export const update_packing_item = operation({
  name: 'update_packing_item',
  title: 'Change a packing item',
  description: 'Change fields of a packing item. Omitted fields stay unchanged. Only its owner can change who sees it.',
  effect: 'update',
  scope: 'packing:write',
  addon: packing,
  permission: packing_edit,
  route: 'PATCH /trips/:tripId/packing/:itemId',
  input: inItem.extend({ ...PackingItem.patch.shape, before }),
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
  input: inItem.extend({ checked: z.boolean().describe('Whether it is packed.') }),
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
  input: inTrip.extend({ orderedIds: z.array(Id).min(1).max(5000).describe('Ids of all items, in the new order.') }),
  output: Done,
})

const members = z.array(Id).max(200)

/** The people responsible for a category of a list. */
export const Assigned = z.object({ category: z.string(), assignees: z.array(Person) })

export const get_packing_category_assignees = operation({
  name: 'get_packing_category_assignees',
  title: 'List who packs which category',
  description: 'Who is responsible for which category of the packing list. A category that is not listed has nobody.',
  effect: 'read',
  scope: 'packing:read',
  addon: packing,
  route: 'GET /trips/:tripId/packing/assignees',
  input: inTrip,
  output: z.object({ assignees: z.array(Assigned) }),
  continuations: { assignees: inSection('packing_assignees') },
})

export const set_packing_category_assignees = operation({
  name: 'set_packing_category_assignees',
  title: 'Set who packs a category',
  description:
    'Set who is responsible for a category of the packing list. Newly named people are notified. An empty list means nobody.',
  effect: 'update',
  scope: 'packing:write',
  addon: packing,
  permission: packing_edit,
  route: 'PUT /trips/:tripId/packing/assignees',
  input: inTrip.extend({
    categoryName: Line(100).describe('The category, exactly as the items have it.'),
    userIds: members.describe('user_ids from list_trip_members; replaces the list.'),
  }),
  output: Assigned,
})

const TemplateCard = PackingTemplate.row.pick({ id: true, name: true }).extend({
  categories: z.array(z.string()),
  item_count: z.int(),
  mine: z.boolean().describe('Whether you created it.'),
})

/** The answer of operations that add many items at once. */
const Added = z.object({ items: z.array(PackingItem.row), count: z.int() })

export const list_packing_templates = operation({
  name: 'list_packing_templates',
  title: 'List packing templates',
  description: 'The packing lists of this server that a trip can start from, newest first.',
  effect: 'read',
  scope: 'packing:read',
  addon: packing,
  route: 'GET /trips/:tripId/packing/templates',
  input: inTrip,
  output: z.object({ templates: z.array(TemplateCard) }),
  continuations: { templates: inSection('packing_templates') },
})

export const apply_packing_template = operation({
  name: 'apply_packing_template',
  title: 'Apply a packing template',
  description: 'Add all items of a template to the packing list, for everybody and not packed yet.',
  effect: 'create',
  scope: 'packing:write',
  addon: packing,
  permission: packing_edit,
  route: 'POST /trips/:tripId/packing/templates/:templateId/items',
  input: inTrip.extend({ templateId: Id.describe('Template id, from list_packing_templates.') }),
  output: Added,
  continuations: { items: inSection('packing') },
})

export const save_packing_template = operation({
  name: 'save_packing_template',
  title: 'Save a packing template',
  description:
    'Save the packing list as a template for every trip of this server: its common items with category, quantity and weight, nothing private. For the owner of the trip.',
  effect: 'create',
  scope: 'packing:write',
  addon: packing,
  permission: packing_edit,
  route: 'POST /trips/:tripId/packing/templates',
  input: inTrip.extend({ templateName: Line(100).describe('Name of the template.') }),
  output: z.object({ template: TemplateCard }),
})

export const delete_packing_template = operation({
  name: 'delete_packing_template',
  title: 'Delete a packing template',
  description: 'Delete a template for all trips; lists made from it stay. Only for its creator and administrators.',
  effect: 'destroy',
  scope: 'packing:write',
  addon: packing,
  route: 'DELETE /packing/templates/:templateId',
  input: z.object({ templateId: Id.describe('Template id, from list_packing_templates.') }),
  output: Done.extend({ name: z.string() }),
})

/** The fields of an imported item: it names its bag, and no people. */
export const importedItem = copying(PackingItem, ['bag_id', 'shared_with'])

export const bulk_import_packing = operation({
  name: 'bulk_import_packing',
  title: 'Add many packing items',
  description: 'Add up to 500 items at once, all or none. Missing bags are created.',
  effect: 'create',
  scope: 'packing:write',
  addon: packing,
  permission: packing_edit,
  route: 'POST /trips/:tripId/packing/import',
  input: inTrip.extend({
    items: z
      .array(
        importedItem.values.extend({
          bag: Line(100).optional().describe('Name of its bag.'),
          weight_grams: z.number().min(0).max(1_000_000).optional().describe('Weight of one piece, in grams.'),
          visibility: z.enum(['common', 'personal']).default('common').describe('personal: only you see it.'),
        }),
      )
      .min(1)
      .max(500)
      .describe('Items to add, in order.'),
  }),
  output: Added.extend({ new_bags: z.array(PackingBag.row) }),
  continuations: { items: inSection('packing'), new_bags: inSection('packing_bags') },
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
  arguments: z.object({ tripId: Id.describe('Id of the trip.') }),
  reads: [list_packing_items],
})
