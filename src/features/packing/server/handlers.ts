import type { ReadTx, Tx } from '../../../core/data/tx.ts'
import { invalidField } from '../../../core/declare/errors.ts'
import { keyAfter } from '../../../core/declare/order-key.ts'
import { implement } from '../../../core/run/feature.ts'
import { inGivenOrder, placeBefore, writeOrder } from '../../../core/run/ordering.ts'
import { listMembers } from '../../trips/server/index.ts'
import * as contract from '../contract/index.ts'
import { messages } from '../contract/messages.ts'
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

  create_packing_item: async ({ tx, input: { tripId, before, ...values }, caller, now }) => {
    const tier = await checkedTier(tx, tripId, values.visibility, values.shared_with, caller.userId)
    if (values.bag_id) await store.getBag(tx, tripId, values.bag_id)
    const order_key = before
      ? await keyInFrontOf(tx, tripId, before, caller.userId)
      : keyAfter(await store.lastKey(tx, tripId))
    const item = await store.insertItem(tx, {
      ...values,
      ...tier,
      trip_id: tripId,
      owner_id: caller.userId,
      order_key,
      created_at: now,
    })
    return { item }
  },

  update_packing_item: async ({
    tx,
    input: { tripId, itemId, visibility, shared_with, before, ...values },
    caller,
  }) => {
    const item = await getItem(tx, tripId, itemId, caller.userId)
    if (values.bag_id) await store.getBag(tx, tripId, values.bag_id)
    const order_key = before === undefined ? before : await keyInFrontOf(tx, tripId, before, caller.userId, item)
    const patch = { ...values, order_key }
    if (visibility === undefined && shared_with === undefined) return { item: await store.patchItem(tx, item, patch) }
    if (!mayChangeVisibility(item, caller)) {
      throw messages.visibilityIsOwners()
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
    const { seen, hidden } = await bySight(tx, tripId, caller.userId)
    await writeOrder(inGivenOrder(seen, orderedIds, 'orderedIds'), rekey(tx), hidden)
    return { success: true }
  },
})

const rekey = (tx: Tx) => (item: contract.PackingItemRow, order_key: string) => store.patchItem(tx, item, { order_key })

/** The items of a trip in two groups: those this person sees, and those others keep to themselves. */
async function bySight(tx: ReadTx, tripId: number, userId: number) {
  const { seen = [], hidden = [] } = Object.groupBy(await store.listItems(tx, tripId), (item) =>
    seesItem(item, { userId }) ? 'seen' : 'hidden',
  )
  return { seen, hidden }
}

/** A key in front of another item that this person sees, or at the end if `before` is null. */
async function keyInFrontOf(
  tx: Tx,
  tripId: number,
  before: number | null,
  userId: number,
  item?: contract.PackingItemRow,
): Promise<string | undefined> {
  const { seen, hidden } = await bySight(tx, tripId, userId)
  return placeBefore(seen, before, rekey(tx), item, hidden)
}

/** An item the person can see, or `not_found`: an item they must not see does not exist for them. */
async function getItem(tx: ReadTx, tripId: number, itemId: number, userId: number): Promise<contract.PackingItemRow> {
  const item = await store.findItem(tx, tripId, itemId)
  if (!item || !seesItem(item, { userId })) {
    throw messages.itemNotFound({ id: itemId })
  }
  return item
}

/** The visibility of the item, or `invalid` if it is shared with nobody or with somebody outside the trip. */
async function checkedTier(
  tx: ReadTx,
  tripId: number,
  visibility: contract.PackingItemRow['visibility'],
  sharedWith: readonly number[],
  ownerId: number,
) {
  const shared_with = [...new Set(sharedWith)].filter((userId) => userId !== ownerId).sort((a, b) => a - b)
  if (visibility !== 'shared') {
    if (shared_with.length) throw invalidField('shared_with', messages.sharedOnly())
    return { visibility, shared_with }
  }
  const members = (await listMembers(tx, tripId)).map((member) => member.user_id)
  const strangers = shared_with.filter((userId) => !members.includes(userId))
  if (strangers.length || !shared_with.length) {
    const others = members.filter((userId) => userId !== ownerId)
    throw invalidField('shared_with', others.length ? messages.notOthers({ others }) : messages.noOthers())
  }
  return { visibility, shared_with }
}
