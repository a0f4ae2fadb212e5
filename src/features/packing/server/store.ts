import type { ReadTx, Tx } from '../../../core/data/tx.ts'
import type { Values } from '../../../core/declare/entity.ts'
import {
  PackingAssignees,
  type PackingAssigneesRow,
  PackingBag,
  type PackingBagRow,
  PackingItem,
  type PackingItemRow,
  PackingTemplate,
  type PackingTemplateRow,
} from '../contract/index.ts'
import { messages } from '../contract/messages.ts'
import { seesItem } from './access.ts'

/** The whole packing list of a trip in order, regardless of who can see what. */
export const listItems = (tx: ReadTx, tripId: number): Promise<PackingItemRow[]> =>
  tx.list(PackingItem, { trip_id: tripId }, ['order_key'])

/** The packing list as this person sees it. */
export const listVisibleItems = async (tx: ReadTx, tripId: number, userId: number): Promise<PackingItemRow[]> =>
  (await listItems(tx, tripId)).filter((item) => seesItem(item, { userId }))

export const findItem = (tx: ReadTx, tripId: number, itemId: number): Promise<PackingItemRow | null> =>
  tx.find(PackingItem, { id: itemId, trip_id: tripId })

/** The key of the last item of a trip, visible or not; null if there is none. */
export async function lastKey(tx: ReadTx, tripId: number): Promise<string | null> {
  const [last] = await tx.list(PackingItem, { trip_id: tripId }, ['order_key desc'], 1)
  return last?.order_key ?? null
}

export const listItemsOwnedBy = (tx: ReadTx, userId: number): Promise<PackingItemRow[]> =>
  tx.list(PackingItem, { owner_id: userId })

export const insertItem = (tx: Tx, values: Values<typeof PackingItem>): Promise<PackingItemRow> =>
  tx.insert(PackingItem, values)

export const patchItem = (tx: Tx, item: PackingItemRow, patch: Values<typeof PackingItem>): Promise<PackingItemRow> =>
  tx.patch(PackingItem, item, patch)

export const removeItem = (tx: Tx, item: PackingItemRow): Promise<void> => tx.remove(PackingItem, item)

export const listItemsInBag = (tx: ReadTx, tripId: number, bagId: number): Promise<PackingItemRow[]> =>
  tx.list(PackingItem, { trip_id: tripId, bag_id: bagId }, ['order_key'])

/** The bags of a trip in order. */
export const listBags = (tx: ReadTx, tripId: number): Promise<PackingBagRow[]> =>
  tx.list(PackingBag, { trip_id: tripId }, ['order_key'])

/** A bag of this trip, or `not_found`. */
export async function getBag(tx: ReadTx, tripId: number, bagId: number): Promise<PackingBagRow> {
  const bag = await tx.find(PackingBag, { id: bagId, trip_id: tripId })
  if (!bag) {
    throw messages.bagNotFound({ id: bagId })
  }
  return bag
}

export const insertBag = (tx: Tx, values: Values<typeof PackingBag>): Promise<PackingBagRow> =>
  tx.insert(PackingBag, values)

export const patchBag = (tx: Tx, bag: PackingBagRow, patch: Values<typeof PackingBag>): Promise<PackingBagRow> =>
  tx.patch(PackingBag, bag, patch)

export const removeBag = (tx: Tx, bag: PackingBagRow): Promise<void> => tx.remove(PackingBag, bag)

export const listAssignees = (tx: ReadTx, tripId: number): Promise<PackingAssigneesRow[]> =>
  tx.list(PackingAssignees, { trip_id: tripId }, ['category'])

export const findAssignees = (tx: ReadTx, tripId: number, category: string): Promise<PackingAssigneesRow | null> =>
  tx.find(PackingAssignees, { trip_id: tripId, category })

/** Writes the assignees of a category; a category without any has no row. */
export async function writeAssignees(
  tx: Tx,
  tripId: number,
  category: string,
  before: PackingAssigneesRow | null,
  user_ids: number[],
): Promise<void> {
  if (!before && user_ids.length) await tx.insert(PackingAssignees, { trip_id: tripId, category, user_ids })
  else if (before && user_ids.length) await tx.patch(PackingAssignees, before, { user_ids })
  else if (before) await tx.remove(PackingAssignees, before)
}

export const listTemplates = (tx: ReadTx): Promise<PackingTemplateRow[]> =>
  tx.list(PackingTemplate, {}, ['created_at desc', 'id desc'])

export const findTemplateByName = (tx: ReadTx, name: string): Promise<PackingTemplateRow | null> =>
  tx.find(PackingTemplate, { name })

/** A template of this server, or `not_found`. */
export async function getTemplate(tx: ReadTx, templateId: number): Promise<PackingTemplateRow> {
  const template = await tx.find(PackingTemplate, { id: templateId })
  if (!template) {
    throw messages.templateNotFound({ id: templateId })
  }
  return template
}

export const insertTemplate = (tx: Tx, values: Values<typeof PackingTemplate>): Promise<PackingTemplateRow> =>
  tx.insert(PackingTemplate, values)

export const listTemplatesMadeBy = (tx: ReadTx, userId: number): Promise<PackingTemplateRow[]> =>
  tx.list(PackingTemplate, { created_by: userId })

export const patchTemplate = (
  tx: Tx,
  template: PackingTemplateRow,
  patch: Values<typeof PackingTemplate>,
): Promise<PackingTemplateRow> => tx.patch(PackingTemplate, template, patch)

export const removeTemplate = (tx: Tx, template: PackingTemplateRow): Promise<void> =>
  tx.remove(PackingTemplate, template)
