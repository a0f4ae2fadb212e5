import type { Values } from '../../core/entity.ts'
import type { ReadTx, Tx } from '../../core/tx.ts'
import { PackingItem, type PackingItemRow } from './contract.ts'

/** The whole packing list of a trip in order, whoever may see what. */
export const listItems = (tx: ReadTx, tripId: number): Promise<PackingItemRow[]> =>
  tx.list(PackingItem, { trip_id: tripId }, ['sort_order'])

export const findItem = (tx: ReadTx, tripId: number, itemId: number): Promise<PackingItemRow | null> =>
  tx.find(PackingItem, { id: itemId, trip_id: tripId })

/** The last item of a trip's list, whose place in the order the next one comes after. */
export async function lastSortOrder(tx: ReadTx, tripId: number): Promise<number> {
  const row = await tx
    .selectFrom('packing_items')
    .select(({ fn }) => fn.max('sort_order').as('last'))
    .where('trip_id', '=', tripId)
    .executeTakeFirst()
  return row?.last ?? -1
}

export const listItemsOwnedBy = (tx: ReadTx, userId: number): Promise<PackingItemRow[]> =>
  tx.list(PackingItem, { owner_id: userId })

export const insertItem = (tx: Tx, values: Values<typeof PackingItem>): Promise<PackingItemRow> =>
  tx.insert(PackingItem, values)

export const patchItem = (tx: Tx, item: PackingItemRow, patch: Values<typeof PackingItem>): Promise<PackingItemRow> =>
  tx.patch(PackingItem, item, patch)

export const removeItem = (tx: Tx, item: PackingItemRow): Promise<void> => tx.remove(PackingItem, item)

declare module '../../core/tx.ts' {
  interface Tables {
    packing_items: { id: number; trip_id: number; sort_order: number }
  }
}
