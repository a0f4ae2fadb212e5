import type { Rates } from '../../../adapters/rates.ts'
import type { ReadTx, Tx } from '../../../core/data/tx.ts'
import { implement, prepared } from '../../../core/run/feature.ts'
import { getTrip } from '../../trips/server/index.ts'
import { type BudgetItemRow, refresh_budget_rates, type SettlementRow } from '../contract/index.ts'
import { isConvertible } from '../contract/shares.ts'
import { frozenRate, lookUpRate, type RateLookup } from './rate.ts'
import { unconvertedOf } from './report.ts'
import * as store from './store.ts'

export const rateHandlers = (rates: Rates) =>
  implement(
    { refresh_budget_rates },
    {
      refresh_budget_rates: prepared(refresh_budget_rates, {
        prepare: async ({ tripId }, _caller, read) => {
          const missing = await read((tx) => refreshable(tx, tripId))
          return Promise.all(missing.map(({ base, currency, on }) => lookUpRate(rates, base, currency, on)))
        },
        async handle({ tx, input: { tripId }, prepared: lookups, now }) {
          const converted = await refreshed(
            tx,
            tripId,
            lookups.filter((lookup) => lookup !== null),
            now,
          )
          const left = await refreshable(tx, tripId)
          return {
            converted,
            unconverted: unconvertedOf({
              items: left.flatMap(({ item }) => item ?? []),
              settlements: left.flatMap(({ settlement }) => settlement ?? []),
            }),
          }
        },
      }),
    },
  )

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
async function refreshable(tx: ReadTx, tripId: number): Promise<Refreshable[]> {
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

/** Stores the rates that were looked up in the rows that lack one; returns how many rows got one. */
async function refreshed(tx: Tx, tripId: number, lookups: readonly RateLookup[], now: string): Promise<number> {
  let count = 0
  for (const { base, currency, on, item, settlement } of await refreshable(tx, tripId)) {
    const lookup = lookups.find((one) => one.base === base && one.currency === currency && one.on === on && one.rate)
    if (!lookup) continue
    const rate = frozenRate(base, currency, undefined, lookup, now)
    if (item) await store.patchItem(tx, item, rate)
    if (settlement) await store.patchSettlement(tx, settlement, rate)
    count++
  }
  return count
}
