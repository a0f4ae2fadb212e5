import { invalidField } from '../../../core/declare/errors.ts'
import { movedBefore } from '../../../core/declare/order-key.ts'
import { implement } from '../../../core/run/feature.ts'
import { inGivenOrder, writeOrder } from '../../../core/run/ordering.ts'
import { move_budget_category, rename_budget_category, reorder_budget_items } from '../contract/index.ts'
import { messages } from '../contract/messages.ts'
import * as store from './store.ts'

const contract = { reorder_budget_items, move_budget_category, rename_budget_category }

/** The order of the costs, and their categories. */
export const categoryHandlers = implement(contract, {
  reorder_budget_items: async ({ tx, input: { tripId, orderedIds } }) => {
    const inOrder = inGivenOrder(await store.listItems(tx, tripId), orderedIds, 'orderedIds')
    await writeOrder(inOrder, store.writeKey(tx))
    return { success: true }
  },

  move_budget_category: async ({ tx, input: { tripId, category, before } }) => {
    const byCategory = Map.groupBy(await store.listItems(tx, tripId), (item) => item.category)
    const categories = [...byCategory.keys()]
    const moved = movedBefore(categories, category, before)
    if (!byCategory.has(category)) throw messages.categoryNotFound({ category })
    if (!moved) throw invalidField('before', messages.noSuchCategory({ category: String(before), categories }))
    const inOrder = moved.flatMap((one) => byCategory.get(one) ?? [])
    await writeOrder(inOrder, store.writeKey(tx))
    return { success: true }
  },

  rename_budget_category: async ({ tx, input: { tripId, category, name } }) => {
    const items = (await store.listItems(tx, tripId)).filter((item) => item.category === category)
    if (!items.length) throw messages.categoryNotFound({ category })
    for (const item of items) await store.patchItem(tx, item, { category: name })
    return { success: true }
  },
})
