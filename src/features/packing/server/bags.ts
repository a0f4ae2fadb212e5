import type { ReadTx, Tx } from '../../../core/data/tx.ts'
import { keyAfter, keysAfter } from '../../../core/declare/order-key.ts'
import { implement } from '../../../core/run/feature.ts'
import {
  BAG_COLOURS,
  type BagLoad,
  bulk_import_packing,
  create_packing_bag,
  delete_packing_bag,
  list_packing_bags,
  type PackingBagRow,
  type PackingItemRow,
  set_bag_members,
  update_packing_bag,
} from '../contract/index.ts'
import { checkedMembers, peopleOf } from './people.ts'
import * as store from './store.ts'

const contract = {
  list_packing_bags,
  create_packing_bag,
  update_packing_bag,
  delete_packing_bag,
  set_bag_members,
  bulk_import_packing,
}

export const bagHandlers = implement(contract, {
  list_packing_bags: async ({ tx, input: { tripId }, caller }) => ({ bags: await loads(tx, tripId, caller.userId) }),

  create_packing_bag: async ({ tx, input: { tripId, ...values }, now }) => ({
    bag: await addBag(tx, tripId, values, await store.listBags(tx, tripId), now),
  }),

  update_packing_bag: async ({ tx, input: { tripId, bagId, ...patch } }) => ({
    bag: await store.patchBag(tx, await store.getBag(tx, tripId, bagId), patch),
  }),

  delete_packing_bag: async ({ tx, input: { tripId, bagId } }) => {
    const bag = await store.getBag(tx, tripId, bagId)
    for (const item of await store.listItemsInBag(tx, tripId, bagId)) await store.patchItem(tx, item, { bag_id: null })
    await store.removeBag(tx, bag)
    return { success: true }
  },

  set_bag_members: async ({ tx, input: { tripId, bagId, userIds } }) => {
    const bag = await store.getBag(tx, tripId, bagId)
    const member_ids = await checkedMembers(tx, tripId, userIds, 'userIds')
    const after = await store.patchBag(tx, bag, { member_ids })
    return { members: (await peopleOf(tx, [after], (one) => one.member_ids))(after) }
  },

  bulk_import_packing: async ({ tx, input: { tripId, items }, caller, now }) => {
    const bags = await store.listBags(tx, tripId)
    const new_bags: PackingBagRow[] = []
    const bagNamed = async (name: string): Promise<number> => {
      const all = [...bags, ...new_bags]
      const known = all.find((bag) => bag.name.toLowerCase() === name.toLowerCase())
      if (known) return known.id
      const made = await addBag(tx, tripId, { name }, all, now)
      new_bags.push(made)
      return made.id
    }
    const added: PackingItemRow[] = []
    const keys = keysAfter(await store.lastKey(tx, tripId), items.length)
    for (const [at, { bag, weight_grams, ...values }] of items.entries()) {
      const item = await store.insertItem(tx, {
        ...values,
        weight_grams: weight_grams === undefined ? null : Math.round(weight_grams),
        bag_id: bag === undefined ? null : await bagNamed(bag),
        trip_id: tripId,
        owner_id: caller.userId,
        order_key: keys[at],
        created_at: now,
      })
      added.push(item)
    }
    return { items: added, count: added.length, new_bags }
  },
})

interface NewBag {
  name: string
  color?: string | undefined
  weight_limit_grams?: number | null | undefined
}

/** Adds a bag after the existing ones, in the next colour if none was chosen. */
const addBag = (tx: Tx, tripId: number, bag: NewBag, others: readonly PackingBagRow[], now: string) =>
  store.insertBag(tx, {
    ...bag,
    color: bag.color ?? (BAG_COLOURS[others.length % BAG_COLOURS.length] as string),
    trip_id: tripId,
    member_ids: [],
    order_key: keyAfter(others.at(-1)?.order_key ?? null),
    created_at: now,
  })

/** The bags of a trip with the items this person sees. */
export async function loads(tx: ReadTx, tripId: number, userId: number): Promise<BagLoad[]> {
  const bags = await store.listBags(tx, tripId)
  const inBags = Map.groupBy(await store.listVisibleItems(tx, tripId, userId), (item) => item.bag_id)
  const membersOf = await peopleOf(tx, bags, (bag) => bag.member_ids)
  return bags.map((bag) => {
    const items = inBags.get(bag.id) ?? []
    return {
      ...bag,
      members: membersOf(bag),
      item_count: items.length,
      weight_grams: items.reduce((sum, item) => sum + (item.weight_grams ?? 0) * item.quantity, 0),
      unweighed_count: items.filter((item) => item.weight_grams === null).length,
    }
  })
}
