import { readAll } from '../../../core/declare/pages.ts'
import { feature, instruction, onHook, rows, says } from '../../../core/run/feature.ts'
import { sharingPlacesIn } from '../../../core/run/ordering.ts'
import { sound } from '../../../core/run/sound.ts'
import { userDeleted } from '../../../identity/server/index.ts'
import { showSection } from '../../sharing/server/hooks.ts'
import {
  getTrip,
  listSection,
  memberRemoved,
  summarySection,
  tripCopied,
  tripDeleted,
} from '../../trips/server/index.ts'
import { writeList } from '../contract/checklist.ts'
import * as contract from '../contract/index.ts'
import { sharedPacking } from '../contract/shared.ts'
import { seesItem } from './access.ts'
import { loads } from './bags.ts'
import { copyPacking } from './copy.ts'
import { handlers } from './handlers.ts'
import { assignedIn } from './people.ts'
import {
  listAssignees,
  listBags,
  listItems,
  listItemsOwnedBy,
  listTemplatesMadeBy,
  listVisibleItems,
  patchBag,
  patchItem,
  patchTemplate,
  removeBag,
  removeItem,
  writeAssignees,
} from './store.ts'
import { templateCards } from './templates.ts'

export { assignedIn, checkedMembers, peopleOf } from './people.ts'

export const packing = feature({
  name: 'packing',
  addon: contract.packing,
  contract,
  handlers,
  instructions: [
    instruction('words', 'Packing items are for everybody, one member or some.', contract.list_packing_items),
  ],
  entities: [
    rows(contract.PackingItem, seesItem),
    rows(contract.PackingBag),
    rows(contract.PackingAssignees),
    rows(contract.PackingTemplate),
  ],
  prompts: [
    says(contract.packing_list, async (read, { tripId }) =>
      asChecklist((await readAll(read, contract.list_packing_items, { tripId })).items),
    ),
  ],
  listeners: [
    sound('trip', async ({ tx }, tripId) => {
      const items = await listItems(tx, tripId)
      return [
        ...sharingPlacesIn(contract.PackingItem, items),
        ...sharingPlacesIn(contract.PackingBag, await listBags(tx, tripId)),
        ...items
          .filter(({ visibility, shared_with }) => (visibility === 'shared') !== shared_with.length > 0)
          .map(({ id, visibility }) => ({
            entity: 'packing_item',
            id,
            says: `is ${visibility}, which does not go with the people it is shared with`,
          })),
      ]
    }),
    summarySection('packing', contract.list_packing_items, async (tx, tripId, userId) => {
      const items = await listVisibleItems(tx, tripId, userId)
      return { items, total: items.length, checked: items.filter((item) => item.checked).length }
    }),
    listSection('packing_bags', contract.list_packing_bags, loads),
    listSection('packing_assignees', contract.get_packing_category_assignees, async (tx, tripId) =>
      assignedIn(tx, await listAssignees(tx, tripId)),
    ),
    listSection('packing_templates', contract.list_packing_templates, (tx, _tripId, userId) =>
      templateCards(tx, userId),
    ),
    showSection(
      sharedPacking,
      async (tx, tripId) => (await listItems(tx, tripId)).filter((item) => item.visibility === 'common'),
      contract.list_packing_items,
    ),
    onHook(memberRemoved, async ({ tx }, { tripId, userId }) => {
      for (const item of await listItems(tx, tripId)) {
        const shared_with = item.shared_with.filter((id) => id !== userId)
        await patchItem(tx, item, {
          shared_with,
          // An item that is shared with nobody is personal.
          ...(item.visibility === 'shared' && !shared_with.length && { visibility: 'personal' as const }),
        })
      }
      for (const bag of await listBags(tx, tripId)) {
        await patchBag(tx, bag, { member_ids: bag.member_ids.filter((id) => id !== userId) })
      }
      for (const row of await listAssignees(tx, tripId)) {
        const user_ids = row.user_ids.filter((id) => id !== userId)
        await writeAssignees(tx, tripId, row.category, row, user_ids)
      }
    }),
    onHook(userDeleted, async ({ tx }, { userId }) => {
      for (const item of await listItemsOwnedBy(tx, userId)) {
        const { user_id: tripOwner } = await getTrip(tx, item.trip_id)
        // Common items stay; items that nobody else could see are removed.
        if (item.visibility !== 'common' || tripOwner === userId) await removeItem(tx, item)
        else await patchItem(tx, item, { owner_id: tripOwner })
      }
      for (const template of await listTemplatesMadeBy(tx, userId)) {
        await patchTemplate(tx, template, { created_by: null })
      }
    }),
    onHook(tripDeleted, async ({ tx }, { tripId }) => {
      for (const item of await listItems(tx, tripId)) await removeItem(tx, item)
      for (const bag of await listBags(tx, tripId)) await removeBag(tx, bag)
      for (const row of await listAssignees(tx, tripId)) await writeAssignees(tx, tripId, row.category, row, [])
    }),
    onHook(tripCopied, ({ tx, now }, copy) => copyPacking(tx, copy, now)),
  ],
})

/** The packing list as a checklist in Markdown. */
function asChecklist(items: readonly contract.PackingItemRow[]): string {
  if (!items.length) return 'The packing list is empty.'
  const packed = items.filter((item) => item.checked).length
  return ['# Packing list', writeList(items), `${packed} of ${items.length} packed`].join('\n\n')
}
