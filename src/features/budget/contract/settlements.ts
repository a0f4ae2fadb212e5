import { z } from 'zod'
import { entity, type Row, required, stored } from '../../../core/declare/entity.ts'
import { operation } from '../../../core/declare/operation.ts'
import { Currency, Id, Instant } from '../../../core/declare/values.ts'
import { Done, inTrip } from '../../trips/contract/index.ts'
import { inSection } from '../../trips/contract/sections.ts'
import { budget, budget_edit } from './addon.ts'
import { amountOf, doubleCountNote, frozenRate, howPaid } from './money.ts'

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
    from_user_id: required(Id).describe('user_id of the payer.'),
    to_user_id: required(Id).describe('user_id of the recipient.'),
    amount: amountOf(SettledAmount, 'Amount paid.'),
    currency: stored(Currency),
    ...frozenRate,
    created_at: stored(Instant),
  },
})
export type SettlementRow = Row<typeof Settlement>

const inSettlement = inTrip.extend({ settlementId: Id.describe('Payment id, from list_settlements.') })

export const list_settlements = operation({
  name: 'list_settlements',
  title: 'List settlements',
  description: 'Payments between travellers that settled what was owed, newest first.',
  effect: 'read',
  scope: 'budget:read',
  addon: budget,
  route: 'GET /trips/:tripId/budget/settlements',
  input: inTrip,
  output: z.object({ settlements: z.array(Settlement.row) }),
  continuations: { settlements: inSection('settlements') },
})

export const create_settlement = operation({
  name: 'create_settlement',
  title: 'Record a settlement',
  description:
    'Record that one traveller has paid another to settle what was owed. Not for a share that is ticked as paid: it would count twice.',
  effect: 'create',
  scope: 'budget:write',
  addon: budget,
  permission: budget_edit,
  openWorld: true,
  route: 'POST /trips/:tripId/budget/settlements',
  input: inTrip.extend({
    ...Settlement.create.shape,
    currency: Currency.nullable().optional().describe('ISO 4217; as in get_settlement_summary when omitted.'),
    exchange_rate: howPaid.exchange_rate,
  }),
  output: z.object({ settlement: Settlement.row, note: doubleCountNote }),
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
    currency: Currency.optional().describe('Unchanged when omitted.'),
    exchange_rate: howPaid.exchange_rate,
  }),
  output: z.object({ settlement: Settlement.row, note: doubleCountNote }),
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
