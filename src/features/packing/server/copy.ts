import type { Tx } from '../../../core/data/tx.ts'
import type { TripCopy } from '../../trips/server/index.ts'
import { PackingBag, PackingItem, type PackingItemRow } from '../contract/index.ts'
import * as store from './store.ts'

/** Copies bags, the items the copying person sees, and the assignees of categories. Nothing is packed in the copy. */
export async function copyPacking(tx: Tx, copy: TripCopy, now: string): Promise<void> {
  const trip_id = copy.trip.id
  const people = async (ids: readonly number[]): Promise<number[]> => {
    const found = new Set<number>()
    for (const id of ids) found.add(await copy.person(id))
    return [...found].sort((a, b) => a - b)
  }
  for (const { id, member_ids, ...bag } of await store.listBags(tx, copy.from)) {
    const made = await store.insertBag(tx, {
      ...bag,
      trip_id,
      member_ids: await people(member_ids),
      created_at: now,
    })
    copy.became(PackingBag, id, made.id)
  }
  for (const { id, ...item } of await store.listVisibleItems(tx, copy.from, copy.userId)) {
    const made = await store.insertItem(tx, {
      ...item,
      ...(await tierInCopy(item, copy, people)),
      trip_id,
      bag_id: copy.copyOf(PackingBag, item.bag_id),
      owner_id: copy.userId,
      checked: false,
      created_at: now,
    })
    copy.became(PackingItem, id, made.id)
  }
  for (const { category, user_ids } of await store.listAssignees(tx, copy.from)) {
    await store.writeAssignees(tx, trip_id, category, null, await people(user_ids))
  }
}

/** Who sees the copy of an item: the copying person owns it, and those who saw it before still see it. */
async function tierInCopy(
  { visibility, owner_id, shared_with }: Omit<PackingItemRow, 'id'>,
  { userId }: TripCopy,
  people: (ids: readonly number[]) => Promise<number[]>,
): Promise<Pick<PackingItemRow, 'visibility' | 'shared_with'>> {
  if (visibility !== 'shared') return { visibility, shared_with: [] }
  const others = await people([owner_id, ...shared_with].filter((id) => id !== userId))
  const seen = others.filter((id) => id !== userId)
  return seen.length ? { visibility, shared_with: seen } : { visibility: 'personal', shared_with: [] }
}
