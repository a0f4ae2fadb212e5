import { givenIn } from '../../../core/declare/copying.ts'
import { BudgetItem, type BudgetItemRow, Settlement, type SettlementRow } from './index.ts'

/** How an expense is shared. */
export type Split = 'equal' | 'exact' | 'shares'

export const splitOf = ({ members }: Pick<BudgetItemRow, 'members'>): Split =>
  members.some(({ amount }) => amount !== null)
    ? 'exact'
    : members.some(({ weight }) => weight !== null)
      ? 'shares'
      : 'equal'

const rateOf = ({ exchange_rate }: BudgetItemRow | SettlementRow) => (exchange_rate === null ? {} : { exchange_rate })

/** What a deleted expense is created from once more. */
export function expenseAgain(item: BudgetItemRow) {
  const { trip_id: tripId, currency, payers, members } = item
  const shares = members.map(({ user_id, amount, weight }) =>
    amount === null ? { user_id, weight: weight ?? 1 } : { user_id, amount },
  )
  return {
    tripId,
    ...givenIn(BudgetItem, item),
    currency,
    payers,
    ...rateOf(item),
    ...(splitOf(item) === 'equal' ? { member_ids: members.map(({ user_id }) => user_id) } : { shares }),
  }
}

/** What a deleted payment is recorded from once more. */
export const settlementAgain = (row: SettlementRow) => ({
  tripId: row.trip_id,
  ...givenIn(Settlement, row),
  currency: row.currency,
  ...rateOf(row),
})
