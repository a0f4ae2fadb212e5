import type { Viewer } from '../../../core/data/space.ts'
import type { PackingItemRow } from '../contract/index.ts'

type Tier = Pick<PackingItemRow, 'visibility' | 'owner_id' | 'shared_with'>

/** Everybody sees a common item; only the owner sees the others, and the named people a shared one. */
export const seesItem = (item: Tier, { userId }: Pick<Viewer, 'userId'>): boolean =>
  item.visibility === 'common' ||
  item.owner_id === userId ||
  (item.visibility === 'shared' && item.shared_with.includes(userId))

/** Only the owner decides who sees an item. */
export const mayChangeVisibility = (item: Tier, { userId }: Pick<Viewer, 'userId'>): boolean => item.owner_id === userId
