import { create_budget_item, create_settlement } from '../../src/features/budget/contract/index.ts'
import type { Samples, SampleTrip } from './scene.ts'

export async function budgetSamples({ run, owner, friend, tripId }: SampleTrip): Promise<Samples> {
  const payers = [{ user_id: owner.userId, amount: 20 }]
  const ends = { from_user_id: friend.userId, to_user_id: owner.userId }
  const { item } = await run(create_budget_item, { tripId, name: 'Dinner', total_price: 20, payers }, owner)
  const { settlement } = await run(create_settlement, { tripId, ...ends, amount: 5 }, owner)
  return {
    ...ends,
    amount: 2.5,
    total_price: 12.5,
    paid: true,
    settlementId: settlement.id,
    'budget.itemId': item.id,
    'budget.orderedIds': [item.id],
    'budget.category': item.category,
    'budget.categories': [item.category],
  }
}
