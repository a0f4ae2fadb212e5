import { copying } from '../../../core/declare/copying.ts'
import { PackingItem, type PackingItemRow } from './index.ts'

const forOneself = copying(PackingItem, ['checked', 'bag_id', 'visibility', 'shared_with'])

/** The input for a copy of an item that a person packs for themselves. */
export const oneToo = (item: PackingItemRow) => ({
  tripId: item.trip_id,
  ...forOneself.of(item),
  visibility: 'personal' as const,
})
