import { z } from 'zod'
import { defaulted, entity, optional, type Row, required, setBy, stored } from '../../../core/declare/entity.ts'
import { operation, prompt, resource } from '../../../core/declare/operation.ts'
import { OrderKey } from '../../../core/declare/order-key.ts'
import { Amount, CalendarDate, Currency, Id, Instant, Line, Prose } from '../../../core/declare/values.ts'
import { Done, inTrip } from '../../trips/contract/index.ts'
import { inSection } from '../../trips/contract/sections.ts'
import { budget, budget_edit } from './addon.ts'
import { messages } from './messages.ts'
import { amountOf, doubleCountNote, frozenRate, howPaid, Money, Unconverted } from './money.ts'

export * from './addon.ts'
export { ExchangeRate } from './money.ts'
export * from './reports.ts'
export * from './settlements.ts'

/** The categories every trip starts with; any other word is a category too. */
export const CATEGORIES = [
  'accommodation',
  'food',
  'groceries',
  'transport',
  'flights',
  'activities',
  'sightseeing',
  'shopping',
  'fees',
  'health',
  'tips',
  'other',
] as const

/** What somebody has paid of an expense. */
export const Payer = z.object({ user_id: Id, amount: Amount })
export type Payer = z.output<typeof Payer>

/** Somebody who bears a share: equal among all when amount and weight are null, otherwise an exact amount or weight. */
export const Bearer = z.object({
  user_id: Id,
  amount: Amount.nullable(),
  weight: z.int().nullable(),
  paid: z.boolean(),
})
export type Bearer = z.output<typeof Bearer>

/** Something that costs money. While nobody has paid or nobody bears it, it is planned, and nobody owes anything. */
export const BudgetItem = entity({
  name: 'budget_item',
  table: 'budget_items',
  space: 'trip',
  spaceKey: 'trip_id',
  computed: ['order_key'],
  // People who have left the trip stay in its costs: what they owe is still owed.
  refs: { reservation_id: 'reservation', payers: 'user', members: 'user' },
  together: [['total_price', 'currency', 'payers', 'members', 'exchange_rate', 'rate_base']],
  fields: {
    id: stored(Id),
    trip_id: stored(Id),
    name: required(Line(200)).describe('What the money is for.'),
    category: defaulted(Line(100), 'other').describe(
      'Category, such as accommodation, food, transport, flights, activities.',
    ),
    total_price: setBy(amountOf(Amount, 'Total amount.'), 'price'),
    currency: stored(Currency),
    payers: stored(z.array(Payer)),
    members: setBy(stored(z.array(Bearer)), 'member_ids', 'shares'),
    persons: optional(z.int().positive()).describe('Number of travellers it covers.'),
    days: optional(z.int().positive()).describe('Number of days it covers.'),
    expense_date: optional(CalendarDate).describe('When it was paid, YYYY-MM-DD.'),
    note: optional(Prose(500)).describe('Note.'),
    reservation_id: stored(Id.nullable()),
    ...frozenRate,
    order_key: stored(OrderKey),
    created_at: stored(Instant),
  },
})
export type BudgetItemRow = Row<typeof BudgetItem>

const inItem = inTrip.extend({ itemId: Id.describe('Expense id, from get_trip_summary.') })
/** The most people who can share or pay one expense. */
const MOST_PEOPLE = 500

const memberIds = z.array(Id).max(MOST_PEOPLE).describe('user_ids who share it equally; [] = planned only.')

const whoPays = {
  member_ids: memberIds.optional(),
  shares: z
    .array(z.object({ user_id: Id, amount: Amount.optional(), weight: z.int().positive().optional() }))
    .min(1, { error: messages.noShares.key })
    .max(MOST_PEOPLE)
    .optional()
    .describe('Unequal split instead: an exact amount each, or a weight each.'),
  payers: z.array(Payer).max(MOST_PEOPLE).optional().describe('Who paid how much; adds up to total_price.'),
}

const before = Id.nullable().optional().describe('Expense id to put it before; null: the end.')

/** The section of a trip's summary. */
export const BudgetSection = z.object({
  items: z.array(BudgetItem.row),
  item_count: z.int(),
  total: z.number().describe('In the trip’s currency, excluding unconverted amounts.'),
  currency: Currency,
  totals: z.array(Money).describe('Amounts as entered, by currency.'),
  unconverted: z.array(Money).describe('Amounts not in total, since no exchange rate is known.'),
})

export const list_budget_items = operation({
  name: 'list_budget_items',
  title: 'List the expenses of a trip',
  description: 'What the trip costs: amounts in their own currency, who paid, who shares.',
  effect: 'read',
  scope: 'budget:read',
  addon: budget,
  route: 'GET /trips/:tripId/budget',
  expose: ['rest'],
  input: inTrip,
  output: z.object({ items: z.array(BudgetItem.row) }),
  pages: 'items',
  continuations: { items: inSection('budget') },
})

export const create_budget_item = operation({
  name: 'create_budget_item',
  title: 'Add an expense',
  description:
    'Add an expense or a planned cost. The whole trip shares it equally unless member_ids or shares say otherwise.',
  effect: 'create',
  scope: 'budget:write',
  addon: budget,
  permission: budget_edit,
  openWorld: true,
  route: 'POST /trips/:tripId/budget',
  input: inTrip.extend({ ...BudgetItem.create.shape, ...howPaid, ...whoPays, before }),
  output: z.object({ item: BudgetItem.row }),
})

export const update_budget_item = operation({
  name: 'update_budget_item',
  title: 'Change an expense',
  description: 'Change fields of an expense. Omitted fields stay unchanged.',
  effect: 'update',
  scope: 'budget:write',
  addon: budget,
  permission: budget_edit,
  openWorld: true,
  route: 'PATCH /trips/:tripId/budget/:itemId',
  input: inItem.extend({
    ...BudgetItem.patch.shape,
    ...whoPays,
    currency: Currency.optional().describe('Another currency; the amounts stay as numbers.'),
    exchange_rate: howPaid.exchange_rate,
  }),
  output: z.object({ item: BudgetItem.row }),
})

export const delete_budget_item = operation({
  name: 'delete_budget_item',
  title: 'Delete an expense',
  description: 'Delete an expense. What travellers owe each other changes with it.',
  effect: 'destroy',
  scope: 'budget:write',
  addon: budget,
  permission: budget_edit,
  route: 'DELETE /trips/:tripId/budget/:itemId',
  input: inItem,
  output: Done,
})

export const create_budget_item_with_members = operation({
  name: 'create_budget_item_with_members',
  title: 'Add an expense for some travellers',
  description: 'Add an expense in the trip’s currency, shared equally. Prefer create_budget_item, which takes more.',
  effect: 'create',
  scope: 'budget:write',
  addon: budget,
  permission: budget_edit,
  route: 'POST /trips/:tripId/budget/with-members',
  input: inTrip.extend({
    ...BudgetItem.create.omit({ persons: true, days: true, expense_date: true }).shape,
    userIds: memberIds.optional(),
    payers: whoPays.payers,
  }),
  output: z.object({ item: BudgetItem.row }),
})

export const set_budget_item_members = operation({
  name: 'set_budget_item_members',
  title: 'Set who shares an expense',
  description: 'Replace who shares an expense; they share it equally. Exact amounts and weights are lost.',
  effect: 'update',
  scope: 'budget:write',
  addon: budget,
  permission: budget_edit,
  route: 'PUT /trips/:tripId/budget/:itemId/members',
  input: inItem.extend({ userIds: memberIds }),
  output: z.object({ item: BudgetItem.row }),
})

export const toggle_budget_member_paid = operation({
  name: 'toggle_budget_member_paid',
  title: 'Tick a share as paid',
  description:
    'Mark whether somebody has given their share to whoever paid. Do not record a settlement of it as well: it would count twice.',
  effect: 'update',
  scope: 'budget:write',
  addon: budget,
  permission: budget_edit,
  route: 'PUT /trips/:tripId/budget/:itemId/members/:memberId/paid',
  input: inItem.extend({
    memberId: Id.describe('user_id of the traveller whose share it is.'),
    paid: z.boolean().describe('Whether the share is paid.'),
  }),
  output: z.object({ member: Bearer, note: doubleCountNote }),
})

export const reorder_budget_items = operation({
  name: 'reorder_budget_items',
  title: 'Reorder the expenses',
  description: 'Put all expenses into a new order. Every one must be named exactly once.',
  effect: 'update',
  scope: 'budget:write',
  addon: budget,
  permission: budget_edit,
  route: 'PUT /trips/:tripId/budget/order',
  expose: ['rest'],
  input: inTrip.extend({ orderedIds: z.array(Id).min(1).max(5000).describe('Ids of all expenses, in the new order.') }),
  output: Done,
})

export const move_budget_category = operation({
  name: 'move_budget_category',
  title: 'Move a category of expenses',
  description: 'Move all expenses of one category in front of those of another, or to the end.',
  effect: 'update',
  scope: 'budget:write',
  addon: budget,
  permission: budget_edit,
  route: 'PUT /trips/:tripId/budget/categories/place',
  expose: ['rest'],
  input: inTrip.extend({
    category: Line(100).describe('Category to move.'),
    before: Line(100).nullable().describe('Category to put it before; null: the end.'),
  }),
  output: Done,
})

export const rename_budget_category = operation({
  name: 'rename_budget_category',
  title: 'Rename a category of expenses',
  description: 'Rename a category of expenses. If the new name already exists, its expenses join that category.',
  effect: 'update',
  scope: 'budget:write',
  addon: budget,
  permission: budget_edit,
  route: 'PUT /trips/:tripId/budget/categories/name',
  expose: ['rest'],
  input: inTrip.extend({
    category: Line(100).describe('Current name of the category.'),
    name: Line(100).describe('New name of the category, which may already exist.'),
  }),
  output: Done,
})

export const refresh_budget_rates = operation({
  name: 'refresh_budget_rates',
  title: 'Look up missing exchange rates',
  description:
    'Look up an exchange rate for every cost and payment that has none to the currency of the trip. Existing rates stay.',
  effect: 'update',
  scope: 'budget:write',
  addon: budget,
  permission: budget_edit,
  openWorld: true,
  route: 'PUT /trips/:tripId/budget/rates',
  expose: ['rest'],
  input: inTrip,
  output: z.object({ converted: z.int(), unconverted: z.array(Unconverted) }),
})

export const budget_resource = resource({
  uri: 'trek://trips/{tripId}/budget',
  title: 'Costs',
  description: 'What a trip costs, expense by expense.',
  read: list_budget_items,
})

export const budget_overview = prompt({
  name: 'budget-overview',
  title: 'Budget overview',
  description: 'The costs of a trip by category and by traveller, and who owes whom.',
  arguments: z.object({ tripId: Id.describe('Id of the trip.') }),
  reads: [list_budget_items],
})
