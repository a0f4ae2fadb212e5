import type { ReadTx } from '../../../core/data/tx.ts'
import type { PackingItemRow } from '../contract/index.ts'
import { seesItem } from './access.ts'
import { listItems } from './store.ts'

/** The packing list as this person sees it. */
export const visibleItems = async (tx: ReadTx, tripId: number, userId: number): Promise<PackingItemRow[]> =>
  (await listItems(tx, tripId)).filter((item) => seesItem(item, { userId }))
