import type { ReadTx } from '../../../core/data/tx.ts'
import { forbidden, invalidField, notFound } from '../../../core/declare/errors.ts'
import { implement } from '../../../core/run/feature.ts'
import { inGivenOrder } from '../../../core/run/ordering.ts'
import { listMembers } from '../../trips/server/index.ts'
import * as contract from '../contract/index.ts'
import { mayChangeVisibility, seesItem } from './access.ts'
import { bagHandlers } from './bags.ts'
import { categoryHandlers } from './categories.ts'
import * as store from './store.ts'
import { templateHandlers } from './templates.ts'

export const handlers = implement(contract, {
  ...bagHandlers,
  ...categoryHandlers,
  ...templateHandlers,

  list_packing_items: async ({ tx, input, caller }) => ({
    items: await store.listVisibleItems(tx, input.tripId, caller.userId),
  }),

  create_packing_item: async ({ tx, input: { tripId, ...values }, caller, now }) => {
    const tier = await checkedTier(tx, tripId, values.visibility, values.shared_with, caller.userId)
    if (values.bag_id) await store.getBag(tx, tripId, values.bag_id)
    const item = await store.insertItem(tx, {
      ...values,
      ...tier,
      trip_id: tripId,
      owner_id: caller.userId,
      sort_order: (await store.lastSortOrder(tx, tripId)) + 1,
      created_at: now,
    })
    return { item }
  },

  update_packing_item: async ({ tx, input: { tripId, itemId, visibility, shared_with, ...patch }, caller }) => {
    const item = await getItem(tx, tripId, itemId, caller.userId)
    if (patch.bag_id) await store.getBag(tx, tripId, patch.bag_id)
    if (visibility === undefined && shared_with === undefined) return { item: await store.patchItem(tx, item, patch) }
    if (!mayChangeVisibility(item, caller)) {
      throw forbidden('Only the owner of an item may change who sees it')
    }
    const tier = await checkedTier(
      tx,
      tripId,
      visibility ?? item.visibility,
      shared_with ?? (visibility && visibility !== 'shared' ? [] : item.shared_with),
      caller.userId,
    )
    return { item: await store.patchItem(tx, item, { ...patch, ...tier }) }
  },

  toggle_packing_item: async ({ tx, input: { tripId, itemId, checked }, caller }) => {
    const item = await getItem(tx, tripId, itemId, caller.userId)
    return { item: await store.patchItem(tx, item, { checked }) }
  },

  delete_packing_item: async ({ tx, input: { tripId, itemId }, caller }) => {
    await store.removeItem(tx, await getItem(tx, tripId, itemId, caller.userId))
    return { success: true }
  },

  reorder_packing_items: async ({ tx, input: { tripId, orderedIds }, caller }) => {
    const items = await store.listVisibleItems(tx, tripId, caller.userId)
    // What others keep to themselves stays where it is: the items one sees are dealt out over the places they hold now.
    const slots = items.map((item) => item.sort_order)
    for (const [index, item] of inGivenOrder(items, orderedIds, 'orderedIds').entries()) {
      await store.patchItem(tx, item, { sort_order: slots[index] })
    }
    return { success: true }
  },
})

/** An item the person can see, or `not_found`: what one may not see is not there. */
async function getItem(tx: ReadTx, tripId: number, itemId: number, userId: number): Promise<contract.PackingItemRow> {
  const item = await store.findItem(tx, tripId, itemId)
  if (!item || !seesItem(item, { userId })) {
    throw notFound(`Packing item ${itemId} is not in this trip`, {
      hint: 'get_trip_summary lists the packing items with their ids.',
    })
  }
  return item
}

/** Who sees the item, or `invalid` when it is shared with somebody who is not in the trip, or shared with nobody. */
async function checkedTier(
  tx: ReadTx,
  tripId: number,
  visibility: contract.PackingItemRow['visibility'],
  sharedWith: readonly number[],
  ownerId: number,
) {
  const shared_with = [...new Set(sharedWith)].filter((userId) => userId !== ownerId).sort((a, b) => a - b)
  if (visibility !== 'shared') {
    if (shared_with.length) throw invalidField('shared_with', 'goes with visibility "shared" only')
    return { visibility, shared_with }
  }
  const members = (await listMembers(tx, tripId)).map((member) => member.user_id)
  const strangers = shared_with.filter((userId) => !members.includes(userId))
  if (strangers.length || !shared_with.length) {
    const others = members.filter((userId) => userId !== ownerId)
    throw invalidField(
      'shared_with',
      `must name other members of the trip: ${others.join(', ') || 'there are none yet'}`,
    )
  }
  return { visibility, shared_with }
}
