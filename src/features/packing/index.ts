import { answer, feature, rows, says } from '../../core/feature.ts'
import { userDeleted } from '../../identity/index.ts'
import { getTrip, memberRemoved, summarySection, tripDeleted } from '../trips/index.ts'
import { seesItem } from './access.ts'
import { asChecklist } from './checklist.ts'
import * as contract from './contract.ts'
import { handlers, visibleItems } from './handlers.ts'
import { listItems, listItemsOwnedBy, patchItem, removeItem } from './store.ts'

export const packing = feature({
  name: 'packing',
  addon: contract.packing,
  contract,
  handlers,
  entities: [rows(contract.PackingItem, seesItem)],
  prompts: [
    says(contract.packing_list, async (read, { tripId }) =>
      asChecklist((await read(contract.list_packing_items, { tripId })).items),
    ),
  ],
  answers: [
    summarySection('packing', contract.list_packing_items, async (tx, tripId, userId) => {
      const items = await visibleItems(tx, tripId, userId)
      return { items, total: items.length, checked: items.filter((item) => item.checked).length }
    }),
    answer(memberRemoved, async ({ tx }, { tripId, userId }) => {
      for (const item of await listItems(tx, tripId)) {
        const shared_with = item.shared_with.filter((id) => id !== userId)
        await patchItem(tx, item, {
          shared_with,
          // Shared with nobody is personal.
          ...(item.visibility === 'shared' && !shared_with.length && { visibility: 'personal' as const }),
        })
      }
    }),
    answer(userDeleted, async ({ tx }, { userId }) => {
      for (const item of await listItemsOwnedBy(tx, userId)) {
        const { user_id: tripOwner } = await getTrip(tx, item.trip_id)
        // What was everybody's stays theirs; what nobody else could see goes.
        if (item.visibility !== 'common' || tripOwner === userId) await removeItem(tx, item)
        else await patchItem(tx, item, { owner_id: tripOwner })
      }
    }),
    answer(tripDeleted, async ({ tx }, { tripId }) => {
      for (const item of await listItems(tx, tripId)) await removeItem(tx, item)
    }),
  ],
})
