import type { ExternalServices } from '../../../adapters/external-services.ts'
import { readAll } from '../../../core/declare/pages.ts'
import { feature, instruction, onHook, rows, says } from '../../../core/run/feature.ts'
import { sharingPlacesIn } from '../../../core/run/ordering.ts'
import { sound } from '../../../core/run/sound.ts'
import { userDeleted } from '../../../identity/server/index.ts'
import { findPeople } from '../../../identity/server/people/store.ts'
import { bookingPriced } from '../../reservations/server/index.ts'
import { showSection } from '../../sharing/server/hooks.ts'
import { listSection, summarySection, tripCopied, tripDeleted } from '../../trips/server/index.ts'
import * as contract from '../contract/index.ts'
import { sharedBudget } from '../contract/shared.ts'
import { priceBooking } from './booking-price.ts'
import { copyCosts } from './copying.ts'
import { namedIn } from './expense.ts'
import { budgetHandlers } from './handlers.ts'
import { removeFromCosts } from './member-removal.ts'
import { asBudgetOverview } from './overview.ts'
import { budgetSection, perPerson, settlementSummary, shownCosts } from './report.ts'
import { faultsOf } from './sound.ts'
import { listItems, listSettlements, removeItem, removeSettlement } from './store.ts'

/**
 * Costs. People who leave a trip stay in its costs: the others still settle with them their share and what they have
 * paid. So nothing here answers `memberRemoved`.
 */
export const budget = ({ rates }: Pick<ExternalServices, 'rates'>) =>
  feature({
    name: 'budget',
    addon: contract.budget,
    contract,
    handlers: budgetHandlers(rates),
    instructions: [
      instruction(
        'words',
        'A budget item is an expense with payers and the travellers who share it, in the currency beside it.',
        contract.list_budget_items,
      ),
    ],
    entities: [rows(contract.BudgetItem), rows(contract.Settlement)],
    prompts: [
      says(contract.budget_overview, async (read, { tripId }) => {
        const perPerson = await read(contract.get_budget_per_person, { tripId })
        const { summary } = await read(contract.get_settlement_summary, { tripId })
        const { items } = await readAll(read, contract.list_budget_items, { tripId })
        return asBudgetOverview({ items, perPerson, summary })
      }),
    ],
    listeners: [
      summarySection('budget', contract.list_budget_items, budgetSection),
      listSection('settlements', contract.list_settlements, listSettlements),
      listSection('balances', contract.get_budget_per_person, async (tx, tripId) => {
        const { people: items, currency } = await perPerson(tx, tripId)
        return { items, currency }
      }),
      listSection('cost_shares', contract.get_budget_per_person, async (tx, tripId) => {
        const { items, currency } = await perPerson(tx, tripId)
        return { items, currency }
      }),
      listSection('flows', contract.get_settlement_summary, async (tx, tripId) => {
        const { flows: items, currency } = await settlementSummary(tx, tripId, undefined, null)
        return { items, currency }
      }),
      listSection(
        'unconverted',
        contract.get_settlement_summary,
        async (tx, tripId) => (await perPerson(tx, tripId)).unconverted,
      ),
      showSection(sharedBudget, shownCosts, contract.list_budget_items),
      onHook(bookingPriced, ({ tx, now }, booking) => priceBooking(tx, booking, now)),
      sound('trip', async ({ tx }, tripId) => {
        const [items, settlements] = [await listItems(tx, tripId), await listSettlements(tx, tripId)]
        const named = [...new Set(items.flatMap(namedIn))]
        const there = new Set((await findPeople(tx, named)).map(({ user_id }) => user_id))
        return [...faultsOf({ items, settlements }, there), ...sharingPlacesIn(contract.BudgetItem, items)]
      }),
      onHook(userDeleted, ({ tx }, { userId, tripId }) => removeFromCosts(tx, userId, tripId)),
      onHook(tripCopied, ({ tx, now }, copy) => copyCosts(tx, copy, now)),
      onHook(tripDeleted, async ({ tx }, { tripId }) => {
        for (const item of await listItems(tx, tripId)) await removeItem(tx, item)
        for (const settlement of await listSettlements(tx, tripId)) await removeSettlement(tx, settlement)
      }),
    ],
  })
