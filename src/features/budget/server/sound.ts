import type { Unsound } from '../../../core/run/sound.ts'
import type { BudgetItemRow, SettlementRow } from '../contract/index.ts'
import { namedIn, sumOf } from './expense.ts'

/** The costs and settlements of a trip. */
interface Costs {
  readonly items: readonly BudgetItemRow[]
  readonly settlements: readonly SettlementRow[]
}

/**
 * Checks that payments and exact shares add up to the total, that nobody occurs twice in a list or pays themselves
 * back, and that everybody named is one of the people `there`.
 */
export function faultsOf({ items, settlements }: Costs, there: ReadonlySet<number>): Unsound[] {
  const ofItems = items.flatMap((item) => {
    const { total_price, currency, payers, members } = item
    const exact = members.flatMap(({ amount }) => amount ?? [])
    const paid = sumOf(
      payers.map(({ amount }) => amount),
      currency,
    )
    const faults = [
      payers.length > 0 && paid !== total_price && `costs ${total_price} ${currency}, but ${paid} were paid`,
      exact.length > 0 &&
        (exact.length !== members.length || sumOf(exact, currency) !== total_price) &&
        `has exact shares that are not its total of ${total_price} ${currency}`,
      [payers, members].some((people) => new Set(people.map(({ user_id }) => user_id)).size !== people.length) &&
        'names somebody twice',
      namedIn(item).some((id) => !there.has(id)) && 'names somebody who is not there',
    ]
    return faults.flatMap((says) => (says ? [{ entity: 'budget_item', id: item.id, says }] : []))
  })
  const ofSettlements = settlements
    .filter(({ from_user_id, to_user_id }) => from_user_id === to_user_id)
    .map(({ id }) => ({ entity: 'settlement', id, says: 'goes from somebody to themselves' }))
  return [...ofItems, ...ofSettlements]
}
