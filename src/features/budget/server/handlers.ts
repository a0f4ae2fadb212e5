import type { Rates } from '../../../adapters/rates.ts'
import { keyAfter } from '../../../core/declare/order-key.ts'
import { implement, prepared } from '../../../core/run/feature.ts'
import { placeBefore } from '../../../core/run/ordering.ts'
import { getTrip } from '../../trips/server/index.ts'
import * as contract from '../contract/index.ts'
import { bearerHandlers } from './bearers.ts'
import { categoryHandlers } from './categories.ts'
import { expenseAfter, namedIn, participantsOf } from './expense.ts'
import { frozenRate, lookUpRate } from './rate.ts'
import { rateHandlers } from './rate-refresh.ts'
import { reportHandlers } from './report.ts'
import { settlementHandlers } from './settlements.ts'
import * as store from './store.ts'

/** The operations on costs; `rates` is called before a transaction begins. */
export const budgetHandlers = (rates: Rates) =>
  implement(contract, {
    ...bearerHandlers,
    ...categoryHandlers,
    ...rateHandlers(rates),
    ...reportHandlers(rates),
    ...settlementHandlers(rates),

    list_budget_items: async ({ tx, input }) => ({ items: await store.itemsInPages(tx, input.tripId) }),

    create_budget_item: prepared(contract.create_budget_item, {
      async prepare({ tripId, currency, exchange_rate, expense_date }, _caller, read) {
        const base = (await read((tx) => getTrip(tx, tripId))).currency
        return lookUpRate(rates, base, currency ?? base, expense_date, exchange_rate)
      },
      async handle({ tx, input, prepared: lookup, now }) {
        const { tripId, currency: givenCurrency, exchange_rate, before, ...rest } = input
        const { member_ids, shares, payers, total_price, ...values } = rest
        const base = (await getTrip(tx, tripId)).currency
        const currency = givenCurrency ?? base
        const participants = await participantsOf(tx, tripId)
        const order_key = before
          ? await placeBefore(await store.listItems(tx, tripId), before, store.writeKey(tx))
          : keyAfter(await store.lastKey(tx, tripId))
        const item = await store.insertItem(tx, {
          ...values,
          ...expenseAfter(null, { total_price, member_ids, shares, payers }, currency, participants),
          ...frozenRate(base, currency, exchange_rate, lookup, now),
          trip_id: tripId,
          order_key,
          created_at: now,
        })
        return { item }
      },
    }),

    update_budget_item: prepared(contract.update_budget_item, {
      async prepare({ tripId, itemId, currency, exchange_rate, expense_date }, _caller, read) {
        if (currency === undefined) return null
        const { base, item } = await read(async (tx) => ({
          base: (await getTrip(tx, tripId)).currency,
          item: await store.getItem(tx, tripId, itemId),
        }))
        if (currency === item.currency) return null
        const on = expense_date === undefined ? item.expense_date : expense_date
        return lookUpRate(rates, base, currency, on, exchange_rate)
      },
      async handle({ tx, input, prepared: lookup, now }) {
        const { tripId, itemId, currency: givenCurrency, exchange_rate, ...rest } = input
        const { member_ids, shares, payers, total_price, ...patch } = rest
        const before = await store.getItem(tx, tripId, itemId)
        const base = (await getTrip(tx, tripId)).currency
        const currency = givenCurrency ?? before.currency
        const participants = await participantsOf(tx, tripId, namedIn(before))
        const newRate = currency !== before.currency || exchange_rate !== undefined
        const item = await store.patchItem(tx, before, {
          ...patch,
          ...expenseAfter(before, { total_price, member_ids, shares, payers }, currency, participants),
          ...(newRate && frozenRate(base, currency, exchange_rate, lookup, now)),
        })
        return { item }
      },
    }),

    delete_budget_item: async ({ tx, input: { tripId, itemId } }) => {
      await store.removeItem(tx, await store.getItem(tx, tripId, itemId))
      return { success: true }
    },
  })
