import { z } from 'zod'
import { defaulted, entity, optional, type Row, required, setBy, stored } from '../../../core/declare/entity.ts'
import { addon, operation, permission, prompt, resource } from '../../../core/declare/operation.ts'
import { OrderKey } from '../../../core/declare/order-key.ts'
import { Amount, CalendarDate, Currency, Id, Instant, Line, Prose } from '../../../core/declare/values.ts'
import { Person } from '../../../identity/contract/person.ts'
import { Done, inTrip } from '../../trips/contract/index.ts'
import { inSection } from '../../trips/contract/sections.ts'
import { messages } from './messages.ts'

export const budget = addon({
  name: 'budget',
  title: 'Costs',
  description: 'What the trip costs, who paid, and who owes whom',
  default: true,
})

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

/** How many units of a currency one unit of the trip’s currency is worth. */
export const ExchangeRate = z.number().min(1e-9, { error: messages.moreThanZero.key }).max(1e9)

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

// Converts an amount of a row into the currency of the trip, at the rate of the time of writing.
const frozenRate = {
  exchange_rate: stored(ExchangeRate.nullable()).describe('Units of its currency for one of rate_base.'),
  rate_base: stored(Currency.nullable()),
  rate_date: stored(CalendarDate.nullable()),
  rate_source: stored(z.string().max(100).nullable()),
}

/** A required amount, in the currency of its row. */
const amountOf = <S extends z.ZodType>(schema: S, says: string) => ({
  ...required(schema).describe(says),
  currency: 'currency',
})

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
    name: required(Line(200)).describe('What it is for.'),
    category: defaulted(Line(100), 'other').describe('Like accommodation, food, transport, flights, activities.'),
    total_price: setBy(amountOf(Amount, 'The whole amount.'), 'price'),
    currency: stored(Currency),
    payers: stored(z.array(Payer)),
    members: setBy(stored(z.array(Bearer)), 'member_ids', 'shares'),
    persons: optional(z.int().positive()).describe('For how many people.'),
    days: optional(z.int().positive()).describe('For how many days.'),
    expense_date: optional(CalendarDate).describe('When it was paid, YYYY-MM-DD.'),
    note: optional(Prose(500)).describe('Note.'),
    reservation_id: stored(Id.nullable()),
    ...frozenRate,
    order_key: stored(OrderKey),
    created_at: stored(Instant),
  },
})
export type BudgetItemRow = Row<typeof BudgetItem>

const SettledAmount = z.number().positive().max(1e12)

/** Money that went from one person to another to settle what was owed. */
export const Settlement = entity({
  name: 'settlement',
  table: 'budget_settlements',
  space: 'trip',
  spaceKey: 'trip_id',
  refs: { from_user_id: 'user', to_user_id: 'user' },
  together: [
    ['from_user_id', 'to_user_id'],
    ['amount', 'currency', 'exchange_rate', 'rate_base'],
  ],
  fields: {
    id: stored(Id),
    trip_id: stored(Id),
    from_user_id: required(Id).describe('user_id of who paid.'),
    to_user_id: required(Id).describe('user_id of who received it.'),
    amount: amountOf(SettledAmount, 'How much.'),
    currency: stored(Currency),
    ...frozenRate,
    created_at: stored(Instant),
  },
})
export type SettlementRow = Row<typeof Settlement>

export const budget_edit = permission({
  name: 'budget_edit',
  title: 'Edit costs and settlements',
  default: 'member',
  levels: ['owner', 'member'],
})

const inItem = inTrip.extend({ itemId: Id.describe('The expense; get_trip_summary lists them.') })
const inSettlement = inTrip.extend({ settlementId: Id.describe('The payment, from list_settlements.') })

/** The most people who can share or pay one expense. */
const MOST_PEOPLE = 500

const memberIds = z.array(Id).max(MOST_PEOPLE).describe('user_ids who share it equally; [] = planned only.')

const howPaid = {
  currency: Currency.nullable().optional().describe('ISO 4217; that of the trip when left out.'),
  exchange_rate: ExchangeRate.optional().describe(
    'How much of it one of the trip’s currency buys: 160 for JPY on a EUR trip.',
  ),
}

const whoPays = {
  member_ids: memberIds.optional(),
  shares: z
    .array(z.object({ user_id: Id, amount: Amount.optional(), weight: z.int().positive().optional() }))
    .min(1)
    .max(MOST_PEOPLE)
    .optional()
    .describe('Unequal split instead: an exact amount each, or a weight each.'),
  payers: z.array(Payer).max(MOST_PEOPLE).optional().describe('Who paid how much; adds up to total_price.'),
}

/** An amount in a currency. */
const Money = z.object({ currency: Currency, amount: z.number() })

/** Present when a share that is ticked as paid may also have been settled. */
const counted = z.string().optional().describe('What to check.')

/** Rows that no converted figure includes, because there is no exchange rate for them. */
const Unconverted = Money.extend({
  item_id: Id.optional(),
  settlement_id: Id.optional(),
  name: z.string(),
})

const before = Id.nullable().optional().describe('The expense it goes before; null: the end.')

/** The section of a trip's summary. */
export const BudgetSection = z.object({
  items: z.array(BudgetItem.row),
  item_count: z.int(),
  total: z.number().describe('In the currency of the trip, without what is unconverted.'),
  currency: Currency,
  totals: z.array(Money).describe('As entered, by currency.'),
  unconverted: z.array(Money).describe('Not in total: no exchange rate is known.'),
})

export const list_budget_items = operation({
  name: 'list_budget_items',
  title: 'List the costs of a trip',
  description: 'What the trip costs: amounts in their own currency, who paid, who shares.',
  effect: 'read',
  scope: 'budget:read',
  addon: budget,
  route: 'GET /trips/:tripId/budget',
  ways: ['rest'],
  input: inTrip,
  output: z.object({ items: z.array(BudgetItem.row) }),
  pages: 'items',
  waysOn: { items: inSection('budget') },
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
  description: 'Delete an expense. What people owe each other changes with it.',
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
  title: 'Add an expense for some people',
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
    'Mark that somebody has given their share to whoever paid. Do not record a settlement of it as well: it would count twice.',
  effect: 'update',
  scope: 'budget:write',
  addon: budget,
  permission: budget_edit,
  route: 'PUT /trips/:tripId/budget/:itemId/members/:memberId/paid',
  input: inItem.extend({
    memberId: Id.describe('user_id of who shares it.'),
    paid: z.boolean().describe('true when it is paid.'),
  }),
  output: z.object({ member: Bearer, note: counted }),
})

export const reorder_budget_items = operation({
  name: 'reorder_budget_items',
  title: 'Reorder the costs',
  description: 'Put all costs into a new order. Every one must be named exactly once.',
  effect: 'update',
  scope: 'budget:write',
  addon: budget,
  permission: budget_edit,
  route: 'PUT /trips/:tripId/budget/order',
  ways: ['rest'],
  input: inTrip.extend({ orderedIds: z.array(Id).min(1).max(5000).describe('All costs, in the new order.') }),
  output: Done,
})

export const move_budget_category = operation({
  name: 'move_budget_category',
  title: 'Move a category of costs',
  description: 'Move all costs of one category in front of those of another, or to the end.',
  effect: 'update',
  scope: 'budget:write',
  addon: budget,
  permission: budget_edit,
  route: 'PUT /trips/:tripId/budget/categories/place',
  ways: ['rest'],
  input: inTrip.extend({
    category: Line(100).describe('The one that moves.'),
    before: Line(100).nullable().describe('The one it goes before; null: the end.'),
  }),
  output: Done,
})

export const rename_budget_category = operation({
  name: 'rename_budget_category',
  title: 'Rename a category of costs',
  description: 'Move all costs of one category to another one, which may exist already.',
  effect: 'update',
  scope: 'budget:write',
  addon: budget,
  permission: budget_edit,
  route: 'PUT /trips/:tripId/budget/categories/name',
  ways: ['rest'],
  input: inTrip.extend({
    category: Line(100).describe('As it is now.'),
    name: Line(100).describe('As it shall be.'),
  }),
  output: Done,
})

export const refresh_budget_rates = operation({
  name: 'refresh_budget_rates',
  title: 'Look up missing exchange rates',
  description:
    'Look up an exchange rate for every cost and payment that has none to the currency of the trip. Rates that are there stay.',
  effect: 'update',
  scope: 'budget:write',
  addon: budget,
  permission: budget_edit,
  openWorld: true,
  route: 'PUT /trips/:tripId/budget/rates',
  ways: ['rest'],
  input: inTrip,
  output: z.object({ converted: z.int(), unconverted: z.array(Unconverted) }),
})

/** Somebody with a stake in the costs; `former` when they are no longer in the trip. */
const Stakeholder = Person.extend({ former: z.boolean() })

export const get_budget_per_person = operation({
  name: 'get_budget_per_person',
  title: 'Get the costs of each person',
  description: 'What each person bears and has paid, in all and of each cost, in the currency of the trip.',
  effect: 'read',
  scope: 'budget:read',
  addon: budget,
  route: 'GET /trips/:tripId/budget/per-person',
  ways: ['rest'],
  input: inTrip,
  output: z.object({
    currency: Currency,
    people: z.array(
      Stakeholder.extend({
        share: z.number().describe('Their part of all costs, planned ones included.'),
        paid: z.number().describe('What they have paid of costs.'),
        balance: z.number().describe('More than 0: they are owed it.'),
      }),
    ),
    items: z.array(
      z.object({
        item_id: Id,
        name: z.string(),
        total: z.number(),
        people: z.array(z.object({ user_id: Id, share: z.number(), paid: z.number() })),
      }),
    ),
    unconverted: z.array(Unconverted),
  }),
  waysOn: {
    people: inSection('balances'),
    items: inSection('cost_shares'),
    unconverted: inSection('unconverted'),
  },
})

export const get_settlement_summary = operation({
  name: 'get_settlement_summary',
  title: 'Get who owes whom',
  description:
    'What each person is owed (negative: owes), and the fewest payments that settle it, without what is unconverted.',
  effect: 'read',
  scope: 'budget:read',
  addon: budget,
  openWorld: true,
  route: 'GET /trips/:tripId/budget/settlement',
  input: inTrip.extend({ base: Currency.optional().describe('Settle in this currency, not the trip’s.') }),
  output: z.object({
    summary: z.object({
      currency: Currency,
      balances: z.array(Stakeholder.extend({ balance: z.number() })),
      flows: z.array(z.object({ from: Person, to: Person, amount: z.number() })),
      settlements: z.array(Settlement.row),
      unconverted: z.array(Unconverted),
    }),
  }),
  waysOn: {
    'summary.balances': inSection('balances', { fromStart: true }),
    'summary.flows': inSection('flows', { fromStart: true }),
    'summary.settlements': inSection('settlements'),
    'summary.unconverted': inSection('unconverted'),
  },
})

export const list_settlements = operation({
  name: 'list_settlements',
  title: 'List settlements',
  description: 'Payments between people of a trip that settled what was owed, the latest first.',
  effect: 'read',
  scope: 'budget:read',
  addon: budget,
  route: 'GET /trips/:tripId/budget/settlements',
  input: inTrip,
  output: z.object({ settlements: z.array(Settlement.row) }),
  waysOn: { settlements: inSection('settlements') },
})

export const create_settlement = operation({
  name: 'create_settlement',
  title: 'Record a settlement',
  description:
    'Record that one person has paid another to settle what was owed. Not for a share that is ticked as paid: it would count twice.',
  effect: 'create',
  scope: 'budget:write',
  addon: budget,
  permission: budget_edit,
  openWorld: true,
  route: 'POST /trips/:tripId/budget/settlements',
  input: inTrip.extend({
    ...Settlement.create.shape,
    currency: Currency.nullable().optional().describe('ISO 4217; as in get_settlement_summary when left out.'),
    exchange_rate: howPaid.exchange_rate,
  }),
  output: z.object({ settlement: Settlement.row, note: counted }),
})

export const update_settlement = operation({
  name: 'update_settlement',
  title: 'Change a settlement',
  description: 'Correct a recorded payment.',
  effect: 'update',
  scope: 'budget:write',
  addon: budget,
  permission: budget_edit,
  openWorld: true,
  route: 'PUT /trips/:tripId/budget/settlements/:settlementId',
  input: inSettlement.extend({
    ...Settlement.create.shape,
    currency: Currency.optional().describe('Stays when left out.'),
    exchange_rate: howPaid.exchange_rate,
  }),
  output: z.object({ settlement: Settlement.row, note: counted }),
})

export const delete_settlement = operation({
  name: 'delete_settlement',
  title: 'Delete a settlement',
  description: 'Delete a recorded payment, so that what it settled is owed again.',
  effect: 'destroy',
  scope: 'budget:write',
  addon: budget,
  permission: budget_edit,
  route: 'DELETE /trips/:tripId/budget/settlements/:settlementId',
  input: inSettlement,
  output: Done,
})

export const budget_resource = resource({
  uri: 'trek://trips/{tripId}/budget',
  title: 'Costs',
  description: 'What a trip costs, item by item.',
  read: list_budget_items,
})

export const budget_per_person_resource = resource({
  uri: 'trek://trips/{tripId}/budget/per-person',
  title: 'Costs per person',
  description: 'What each person bears and has paid, in all and of each cost.',
  read: get_budget_per_person,
})

export const budget_settlement_resource = resource({
  uri: 'trek://trips/{tripId}/budget/settlement',
  title: 'Who owes whom',
  description: 'Balances and the fewest payments that settle them.',
  read: get_settlement_summary,
})

export const budget_overview = prompt({
  name: 'budget-overview',
  title: 'Budget overview',
  description: 'The costs of a trip by category and by person, and who owes whom.',
  arguments: z.object({ tripId: Id.describe('The trip.') }),
  reads: [list_budget_items],
})
