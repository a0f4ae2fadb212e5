import type { Rate, Rates } from '../../../adapters/rates.ts'
import type { Tx } from '../../../core/data/tx.ts'
import { invalidField } from '../../../core/declare/errors.ts'
import { keyAfter, movedBefore } from '../../../core/declare/order-key.ts'
import { implement, prepared } from '../../../core/run/feature.ts'
import { inGivenOrder, placeBefore, writeOrder } from '../../../core/run/ordering.ts'
import { getTrip } from '../../trips/server/index.ts'
import * as contract from '../contract/index.ts'
import { messages } from '../contract/messages.ts'
import { expenseAfter, namedIn, participantsOf } from './expense.ts'
import { type Found, frozenRate, lookUp } from './rate.ts'
import { refreshable, refreshed } from './rate-refresh.ts'
import { currencyOf, perPerson, settlementSummary, unconvertedOf } from './report.ts'
import { changedSettlement, newSettlement } from './settlements.ts'
import * as store from './store.ts'
import { settledTwice, tickedTwice } from './twice.ts'

/** The operations on costs; `rates` is called before a transaction begins. */
export const budgetHandlers = (rates: Rates) =>
  implement(contract, {
    list_budget_items: async ({ tx, input }) => ({ items: await store.itemsInPages(tx, input.tripId) }),

    create_budget_item: prepared(contract.create_budget_item, {
      async prepare({ tripId, currency, exchange_rate, expense_date }, _caller, read) {
        const base = (await read((tx) => getTrip(tx, tripId))).currency
        return lookUp(rates, base, currency ?? base, expense_date, exchange_rate)
      },
      async handle({ tx, input, prepared: found, now }) {
        const { tripId, currency: asked, exchange_rate, before, ...rest } = input
        const { member_ids, shares, payers, total_price, ...values } = rest
        const base = (await getTrip(tx, tripId)).currency
        const currency = asked ?? base
        const participants = await participantsOf(tx, tripId)
        const order_key = before
          ? await placeBefore(await store.listItems(tx, tripId), before, rekey(tx))
          : keyAfter(await store.lastKey(tx, tripId))
        const item = await store.insertItem(tx, {
          ...values,
          ...expenseAfter(null, { total_price, member_ids, shares, payers }, currency, participants),
          ...frozenRate(base, currency, exchange_rate, found as Found | null, now),
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
        return lookUp(
          rates,
          base,
          currency,
          expense_date === undefined ? item.expense_date : expense_date,
          exchange_rate,
        )
      },
      async handle({ tx, input, prepared: found, now }) {
        const {
          tripId,
          itemId,
          exchange_rate,
          member_ids,
          shares,
          payers,
          total_price,
          currency: asked,
          ...patch
        } = input
        const before = await store.getItem(tx, tripId, itemId)
        const base = (await getTrip(tx, tripId)).currency
        const currency = asked ?? before.currency
        const participants = await participantsOf(tx, tripId, namedIn(before))
        const newRate = currency !== before.currency || exchange_rate !== undefined
        const item = await store.patchItem(tx, before, {
          ...patch,
          ...expenseAfter(before, { total_price, member_ids, shares, payers }, currency, participants),
          ...(newRate && frozenRate(base, currency, exchange_rate, found as Found | null, now)),
        })
        return { item }
      },
    }),

    delete_budget_item: async ({ tx, input: { tripId, itemId } }) => {
      await store.removeItem(tx, await store.getItem(tx, tripId, itemId))
      return { success: true }
    },

    create_budget_item_with_members: async ({ tx, input, now }) => {
      const { tripId, userIds, total_price, payers, ...values } = input
      const { currency } = await getTrip(tx, tripId)
      const participants = await participantsOf(tx, tripId)
      participants.check('userIds', [...new Set(userIds)])
      const item = await store.insertItem(tx, {
        ...values,
        ...expenseAfter(null, { total_price, member_ids: userIds, payers }, currency, participants),
        trip_id: tripId,
        order_key: keyAfter(await store.lastKey(tx, tripId)),
        created_at: now,
      })
      return { item }
    },

    set_budget_item_members: async ({ tx, input: { tripId, itemId, userIds } }) => {
      const before = await store.getItem(tx, tripId, itemId)
      const participants = await participantsOf(tx, tripId, namedIn(before))
      participants.check('userIds', [...new Set(userIds)])
      const { members } = expenseAfter(before, { member_ids: userIds }, before.currency, participants)
      return { item: await store.patchItem(tx, before, { members }) }
    },

    toggle_budget_member_paid: async ({ tx, input: { tripId, itemId, memberId, paid } }) => {
      const item = await store.getItem(tx, tripId, itemId)
      const member = item.members.find(({ user_id }) => user_id === memberId)
      if (!member) {
        const bearers = item.members.map(({ user_id }) => user_id)
        throw bearers.length ? messages.bearerNotFound({ id: memberId, bearers }) : messages.nobodyBears()
      }
      const members = item.members.map((one) => (one === member ? { ...one, paid } : one))
      const after = await store.patchItem(tx, item, { members })
      return { member: { ...member, paid }, note: await tickedTwice(tx, after, memberId) }
    },

    reorder_budget_items: async ({ tx, input: { tripId, orderedIds } }) => {
      await writeOrder(inGivenOrder(await store.listItems(tx, tripId), orderedIds, 'orderedIds'), rekey(tx))
      return { success: true }
    },

    move_budget_category: async ({ tx, input: { tripId, category, before } }) => {
      const byCategory = Map.groupBy(await store.listItems(tx, tripId), (item) => item.category)
      const moved = movedBefore([...byCategory.keys()], category, before)
      if (!byCategory.has(category)) throw messages.categoryNotFound({ category })
      if (!moved) {
        const categories = [...byCategory.keys()]
        throw invalidField('before', messages.noSuchCategory({ category: String(before), categories }))
      }
      await writeOrder(
        moved.flatMap((one) => byCategory.get(one) ?? []),
        rekey(tx),
      )
      return { success: true }
    },

    rename_budget_category: async ({ tx, input: { tripId, category, name } }) => {
      const items = (await store.listItems(tx, tripId)).filter((item) => item.category === category)
      if (!items.length) throw messages.categoryNotFound({ category })
      for (const item of items) await store.patchItem(tx, item, { category: name })
      return { success: true }
    },

    refresh_budget_rates: prepared(contract.refresh_budget_rates, {
      prepare: async ({ tripId }, _caller, read) => {
        const missing = await read((tx) => refreshable(tx, tripId))
        return Promise.all(missing.map(({ base, currency, on }) => lookUp(rates, base, currency, on)))
      },
      async handle({ tx, input: { tripId }, prepared: found, now }) {
        const converted = await refreshed(tx, tripId, found as Found[], now)
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

    get_budget_per_person: async ({ tx, input }) => perPerson(tx, input.tripId),

    get_settlement_summary: prepared(contract.get_settlement_summary, {
      async prepare({ tripId, base }, _caller, read) {
        if (base === undefined) return null
        const { usual, items } = await read(async (tx) => ({
          usual: await currencyOf(tx, tripId),
          items: await store.listItems(tx, tripId),
        }))
        if (base === usual) return null
        const rate = await rates.find(base, usual, null)
        if (rate || items.some(({ currency }) => currency === base)) return rate
        throw invalidField('base', messages.noRate({ from: usual, to: base }))
      },
      handle: async ({ tx, input: { tripId, base }, prepared: rate }) => ({
        summary: await settlementSummary(tx, tripId, base, rate as Rate | null),
      }),
    }),

    list_settlements: async ({ tx, input }) => ({ settlements: await store.listSettlements(tx, input.tripId) }),

    create_settlement: prepared(contract.create_settlement, {
      async prepare({ tripId, currency, exchange_rate }, _caller, read) {
        const { base, usual } = await read(async (tx) => ({
          base: (await getTrip(tx, tripId)).currency,
          usual: await currencyOf(tx, tripId),
        }))
        return lookUp(rates, base, currency ?? usual, null, exchange_rate)
      },
      async handle({ tx, input, prepared: found, now }) {
        const settlement = await newSettlement(tx, input, found as Found | null, now)
        return { settlement, note: await settledTwice(tx, settlement) }
      },
    }),

    update_settlement: prepared(contract.update_settlement, {
      async prepare({ tripId, settlementId, currency, exchange_rate }, _caller, read) {
        if (currency === undefined) return null
        const { base, settlement } = await read(async (tx) => ({
          base: (await getTrip(tx, tripId)).currency,
          settlement: await store.getSettlement(tx, tripId, settlementId),
        }))
        return currency === settlement.currency ? null : lookUp(rates, base, currency, null, exchange_rate)
      },
      async handle({ tx, input, prepared: found, now }) {
        const settlement = await changedSettlement(tx, input, found as Found | null, now)
        return { settlement, note: await settledTwice(tx, settlement) }
      },
    }),

    delete_settlement: async ({ tx, input: { tripId, settlementId } }) => {
      await store.removeSettlement(tx, await store.getSettlement(tx, tripId, settlementId))
      return { success: true }
    },
  })

const rekey = (tx: Tx) => (item: contract.BudgetItemRow, order_key: string) => store.patchItem(tx, item, { order_key })
