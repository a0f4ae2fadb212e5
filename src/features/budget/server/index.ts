import type { Outside } from '../../../adapters/outside.ts'
import { answer, feature, instruction, type ReadFor, rows, says } from '../../../core/run/feature.ts'
import { userDeleted } from '../../../identity/server/index.ts'
import { bookingPriced } from '../../reservations/server/index.ts'
import { showSection } from '../../sharing/server/hooks.ts'
import { summarySection, tripCopied, tripDeleted } from '../../trips/server/index.ts'
import * as contract from '../contract/index.ts'
import { sharedBudget } from '../contract/shared.ts'
import { copyCosts } from './copying.ts'
import { forget } from './departed.ts'
import { budgetHandlers } from './handlers.ts'
import { priceBooking } from './linked.ts'
import { asBudgetOverview } from './overview.ts'
import { budgetSection, shownCosts } from './report.ts'
import { listItems, listSettlements, removeItem, removeSettlement } from './store.ts'

/**
 * Costs. Who leaves a trip stays in what it has cost: their share, and what they have paid, are facts that the others still
 * settle with them. So nothing answers `memberRemoved`.
 */
export const budget = ({ rates }: Pick<Outside, 'rates'>) =>
  feature({
    name: 'budget',
    addon: contract.budget,
    contract,
    handlers: budgetHandlers(rates),
    instructions: [
      instruction(
        'words',
        'A budget item is an expense with payers and the members who share it, in the currency beside it.',
        contract.list_budget_items,
      ),
    ],
    entities: [rows(contract.BudgetItem), rows(contract.Settlement)],
    prompts: [
      says(contract.budget_overview, async (read, { tripId }) => {
        const perPerson = await read(contract.get_budget_per_person, { tripId })
        const { summary } = await read(contract.get_settlement_summary, { tripId })
        return asBudgetOverview({ items: await everyItem(read, tripId), perPerson, summary })
      }),
    ],
    answers: [
      summarySection('budget', contract.list_budget_items, budgetSection),
      showSection(sharedBudget, shownCosts, contract.list_budget_items),
      answer(bookingPriced, ({ tx, now }, booking) => priceBooking(tx, booking, now)),
      answer(userDeleted, ({ tx }, { userId }) => forget(tx, userId)),
      answer(tripCopied, ({ tx, now }, copy) => copyCosts(tx, copy, now)),
      answer(tripDeleted, async ({ tx }, { tripId }) => {
        for (const item of await listItems(tx, tripId)) await removeItem(tx, item)
        for (const settlement of await listSettlements(tx, tripId)) await removeSettlement(tx, settlement)
      }),
    ],
  })

/** All costs of a trip, page after page. */
async function everyItem(read: ReadFor, tripId: number): Promise<contract.BudgetItemRow[]> {
  const items: contract.BudgetItemRow[] = []
  let cursor: string | null = null
  do {
    const page: { items: contract.BudgetItemRow[]; next_cursor: string | null } = await read(
      contract.list_budget_items,
      { tripId, ...(cursor && { cursor }) },
    )
    items.push(...page.items)
    cursor = page.next_cursor
  } while (cursor)
  return items
}
