import type { ReadTx, Tx } from '../../../core/data/tx.ts'
import { getTrip } from '../../trips/server/index.ts'
import type { BudgetItemRow, SettlementRow } from '../contract/index.ts'
import { isConvertible } from '../contract/shares.ts'
import { type Found, frozenRate } from './rate.ts'
import * as store from './store.ts'

/** A row whose amount cannot be expressed in the currency of the trip. */
interface Refreshable {
  readonly base: string
  readonly currency: string
  /** The day of the rate; null for the latest. */
  readonly on: string | null
  readonly item?: BudgetItemRow
  readonly settlement?: SettlementRow
}

/** The rows of a trip that lack a rate. */
export async function refreshable(tx: ReadTx, tripId: number): Promise<Refreshable[]> {
  const { currency: base } = await getTrip(tx, tripId)
  const items = (await store.listItems(tx, tripId)).map((item) => ({
    base,
    currency: item.currency,
    on: item.expense_date,
    item,
  }))
  const settlements = (await store.listSettlements(tx, tripId)).map((settlement) => ({
    base,
    currency: settlement.currency,
    on: settlement.created_at.slice(0, 10),
    settlement,
  }))
  return [
    ...items.filter(({ item }) => !isConvertible(item, base)),
    ...settlements.filter(({ settlement }) => !isConvertible(settlement, base)),
  ]
}

/** Gives each row that lacks a rate the one that was found for it; returns how many rows got one. */
export async function refreshed(tx: Tx, tripId: number, found: readonly Found[], now: string): Promise<number> {
  let count = 0
  for (const { base, currency, on, item, settlement } of await refreshable(tx, tripId)) {
    const fits = found.find((one) => one.base === base && one.currency === currency && one.on === on && one.rate)
    if (!fits) continue
    const rate = frozenRate(base, currency, undefined, fits, now)
    if (item) await store.patchItem(tx, item, rate)
    if (settlement) await store.patchSettlement(tx, settlement, rate)
    count++
  }
  return count
}
