import { decode } from '../../../core/data/storage.ts'
import type { ReadTx, Tx } from '../../../core/data/tx.ts'
import type { Values } from '../../../core/declare/entity.ts'
import { AT_ONCE, type Listing, listingOf } from '../../../core/run/paging.ts'
import { BudgetItem, type BudgetItemRow, Settlement, type SettlementRow } from '../contract/index.ts'
import { messages } from '../contract/messages.ts'

/** The costs of a trip by category; categories are in the order of their first cost. */
export const listItems = async (tx: ReadTx, tripId: number): Promise<BudgetItemRow[]> =>
  byCategory(await tx.list(BudgetItem, { trip_id: tripId }, ['order_key']))

const byCategory = <Item extends { category: string }>(items: readonly Item[]): Item[] =>
  [...Map.groupBy(items, ({ category }) => category).values()].flat()

/** The same with only the fields that decide who owes what. */
export async function listCosts(tx: ReadTx, tripId: number): Promise<CostRow[]> {
  const rows = await tx.ask('costs', [tripId], (db) =>
    db.selectFrom('budget_items').select(COST).where('trip_id', '=', tripId).orderBy('order_key').orderBy('id'),
  )
  return byCategory(rows.map((row) => decode(BudgetItem, row)))
}

const COST = [
  'id',
  'name',
  'category',
  'total_price',
  'currency',
  'payers',
  'members',
  'exchange_rate',
  'rate_base',
] as const
export type CostRow = Pick<BudgetItemRow, (typeof COST)[number]>

/** The costs of a trip in the same order; reads only the page if there are many. */
export async function itemsInPages(tx: ReadTx, tripId: number): Promise<BudgetItemRow[] | Listing<BudgetItemRow>> {
  const first = await tx.list(BudgetItem, { trip_id: tripId }, ['order_key'], AT_ONCE + 1)
  if (first.length <= AT_ONCE) return byCategory(first)
  const marks = await tx.ask('cost marks', [tripId], (db) =>
    db
      .selectFrom('budget_items')
      .select(['id', 'category'])
      .where('trip_id', '=', tripId)
      .orderBy('order_key')
      .orderBy('id'),
  )
  const ids = byCategory(marks as { id: number; category: string }[]).map(({ id }) => id)
  return listingOf(ids, (some) => tx.list(BudgetItem, { trip_id: tripId, id: some }))
}

/** An expense of this trip, or `not_found`. */
export async function getItem(tx: ReadTx, tripId: number, itemId: number): Promise<BudgetItemRow> {
  const item = await tx.find(BudgetItem, { id: itemId, trip_id: tripId })
  if (!item) throw messages.expenseNotFound({ id: itemId })
  return item
}

/** The key of the last cost of a trip, or null. */
export async function lastKey(tx: ReadTx, tripId: number): Promise<string | null> {
  const [last] = await tx.list(BudgetItem, { trip_id: tripId }, ['order_key desc'], 1)
  return last?.order_key ?? null
}

export const insertItem = (tx: Tx, values: Values<typeof BudgetItem>): Promise<BudgetItemRow> =>
  tx.insert(BudgetItem, values)

export const patchItem = (tx: Tx, item: BudgetItemRow, patch: Values<typeof BudgetItem>): Promise<BudgetItemRow> =>
  tx.patch(BudgetItem, item, patch)

/** Writes the new place of a cost. */
export const writeKey = (tx: Tx) => (item: BudgetItemRow, order_key: string) => patchItem(tx, item, { order_key })

export const removeItem = (tx: Tx, item: BudgetItemRow): Promise<void> => tx.remove(BudgetItem, item)

/** The cost that holds the price of a booking, if any. */
export const findItemOfReservation = (
  tx: ReadTx,
  tripId: number,
  reservationId: number,
): Promise<BudgetItemRow | null> => tx.find(BudgetItem, { trip_id: tripId, reservation_id: reservationId })

/** Payments between the people of a trip, the latest first. */
export const listSettlements = (tx: ReadTx, tripId: number): Promise<SettlementRow[]> =>
  tx.list(Settlement, { trip_id: tripId }, ['created_at desc'])

/** A recorded payment of this trip, or `not_found`. */
export async function getSettlement(tx: ReadTx, tripId: number, settlementId: number): Promise<SettlementRow> {
  const settlement = await tx.find(Settlement, { id: settlementId, trip_id: tripId })
  if (!settlement) throw messages.paymentNotFound({ id: settlementId })
  return settlement
}

export const insertSettlement = (tx: Tx, values: Values<typeof Settlement>): Promise<SettlementRow> =>
  tx.insert(Settlement, values)

export const patchSettlement = (
  tx: Tx,
  settlement: SettlementRow,
  patch: Values<typeof Settlement>,
): Promise<SettlementRow> => tx.patch(Settlement, settlement, patch)

export const removeSettlement = (tx: Tx, settlement: SettlementRow): Promise<void> => tx.remove(Settlement, settlement)

/** The trips whose costs name somebody, including those they have left. */
export async function listTripsThatName(tx: ReadTx, userId: number): Promise<number[]> {
  // Both lists store the user id first in each entry.
  const entry = `%"user_id":${userId},%`
  const items = await tx
    .selectFrom('budget_items')
    .select('trip_id')
    .where((either) => either.or([either('payers', 'like', entry), either('members', 'like', entry)]))
    .execute()
  const settlements = await tx
    .selectFrom('budget_settlements')
    .select('trip_id')
    .where((either) => either.or([either('from_user_id', '=', userId), either('to_user_id', '=', userId)]))
    .execute()
  return [...new Set([...items, ...settlements].map(({ trip_id }) => trip_id))].sort((a, b) => a - b)
}

declare module '../../../core/data/tx.ts' {
  interface Tables {
    budget_items: {
      id: number
      trip_id: number
      name: string
      category: string
      total_price: number
      currency: string
      payers: string
      members: string
      exchange_rate: number | null
      rate_base: string | null
      order_key: string
    }
    budget_settlements: { id: number; trip_id: number; from_user_id: number; to_user_id: number }
  }
}
