import type { Rate, Rates } from '../../../adapters/rates.ts'
import type { ReadTx } from '../../../core/data/tx.ts'
import { invalidField } from '../../../core/declare/errors.ts'
import type { Output } from '../../../core/declare/operation.ts'
import { implement, prepared } from '../../../core/run/feature.ts'
import { findPeople } from '../../../identity/server/people/store.ts'
import { getTrip, membersOf } from '../../trips/server/index.ts'
import { get_budget_per_person, get_settlement_summary } from '../contract/index.ts'
import { messages } from '../contract/messages.ts'
import { converted, countedIn, major } from '../contract/shares.ts'
import { balancesOf, type PersonBalance, type TripBalances, totalsOf } from './balances.ts'
import { flowsOf } from './settle.ts'
import * as store from './store.ts'

type Summary = Output<typeof get_settlement_summary>['summary']
type PerPerson = Output<typeof get_budget_per_person>

export const reportHandlers = (rates: Rates) =>
  implement(
    { get_budget_per_person, get_settlement_summary },
    {
      get_budget_per_person: async ({ tx, input }) => perPerson(tx, input.tripId),

      get_settlement_summary: prepared(get_settlement_summary, {
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
          summary: await settlementSummary(tx, tripId, base, rate),
        }),
      }),
    },
  )

/** The costs of a trip with their totals. */
export async function budgetSection(tx: ReadTx, tripId: number) {
  const items = await store.listItems(tx, tripId)
  const currency = countedIn(items, (await getTrip(tx, tripId)).currency)
  return { items, item_count: items.length, ...totalsOf(items, currency) }
}

/** The costs of a trip in total and by category, for strangers: without names of expenses or people. */
export async function shownCosts(tx: ReadTx, tripId: number) {
  const { items, total, currency, unconverted } = await budgetSection(tx, tripId)
  const categories = [...Map.groupBy(items, (item) => item.category)].map(([category, costs]) => {
    const { total, totals } = totalsOf(costs, currency)
    return { category, total, totals }
  })
  return { total, currency, unconverted, categories: categories.sort((a, b) => b.total - a.total) }
}

export async function perPerson(tx: ReadTx, tripId: number): Promise<PerPerson> {
  const costs = await store.listCosts(tx, tripId)
  const currency = countedIn(costs, (await getTrip(tx, tripId)).currency)
  const tripBalances = balancesOf(costs, await store.listSettlements(tx, tripId), currency)
  const people = (await stakeholders(tx, tripId, tripBalances)).map((person) => {
    const { share, paid, balance } = balanceIn(tripBalances, person.user_id)
    const amounts = { share: major(share, currency), paid: major(paid, currency), balance: major(balance, currency) }
    return { ...person, ...amounts }
  })
  const items = tripBalances.splits.map(({ item, total, of }) => ({
    item_id: item.id,
    name: item.name,
    total: major(total, currency),
    people: [...of].map(([user_id, { share, paid }]) => ({
      user_id,
      share: major(share, currency),
      paid: major(paid, currency),
    })),
  }))
  return { currency, people, items, unconverted: unconvertedOf(tripBalances) }
}

/** The currency in which a trip settles its costs, unless a caller asks for another. */
export const currencyOf = async (tx: ReadTx, tripId: number): Promise<string> =>
  countedIn(await store.listCosts(tx, tripId), (await getTrip(tx, tripId)).currency)

/** Who owes whom. `rate` is units of the usual currency for one of `base`; without it only amounts in `base` count. */
export async function settlementSummary(
  tx: ReadTx,
  tripId: number,
  base: string | undefined,
  rate: Rate | null,
): Promise<Summary> {
  const costs = await store.listCosts(tx, tripId)
  const settlements = await store.listSettlements(tx, tripId)
  const usual = countedIn(costs, (await getTrip(tx, tripId)).currency)
  const currency = base ?? usual
  const tripBalances = balancesOf(costs, settlements, rate ? usual : currency)
  const people = await stakeholders(tx, tripId, tripBalances)
  const personOf = (id: number) => {
    const { former: _, ...person } = people.find(({ user_id }) => user_id === id) as (typeof people)[number]
    return person
  }
  const balances = people.map(({ user_id }) => ({
    userId: user_id,
    units: balanceIn(tripBalances, user_id).balance,
  }))
  // Converts the payments and derives the balances from them, so that they still settle each other to the last unit.
  const rated = rate && { currency: usual, exchange_rate: rate.value, rate_base: currency }
  const flows = flowsOf(balances).map((flow) => ({
    ...flow,
    units: rated ? (converted(flow.units, rated, currency) as number) : flow.units,
  }))
  const balanceOf = (id: number) =>
    flows.reduce((sum, { from, to, units }) => sum + (to === id ? units : from === id ? -units : 0), 0)
  return {
    currency,
    balances: people.map((person) => ({ ...person, balance: major(balanceOf(person.user_id), currency) })),
    flows: flows
      .filter(({ units }) => units > 0)
      .map(({ from, to, units }) => ({ from: personOf(from), to: personOf(to), amount: major(units, currency) })),
    settlements,
    unconverted: unconvertedOf(tripBalances),
  }
}

const NOTHING: PersonBalance = { share: 0, paid: 0, balance: 0 }
const balanceIn = ({ of }: TripBalances, userId: number): PersonBalance => of.get(userId) ?? NOTHING

/** Everybody in the trip, and people who have left it with a stake in its costs. */
async function stakeholders(tx: ReadTx, tripId: number, balances: TripBalances) {
  const { owner, members } = await membersOf(tx, tripId)
  const inTrip = [owner, ...members].map(({ user_id, username, name }) => ({ user_id, username, name, former: false }))
  const present = new Set(inTrip.map(({ user_id }) => user_id))
  const gone = [...balances.of.keys()].filter((id) => !present.has(id))
  const former = (await findPeople(tx, gone)).map((person) => ({ ...person, former: true }))
  return [...inTrip, ...former.sort((a, b) => a.user_id - b.user_id)]
}

/** The rows that no converted figure includes. */
export const unconvertedOf = ({ items, settlements }: Pick<TripBalances, 'items' | 'settlements'>) => [
  ...items.map(({ id, name, currency, total_price }) => ({ item_id: id, name, currency, amount: total_price })),
  ...settlements.map(({ id, currency, amount }) => ({
    settlement_id: id,
    name: messages.settlement().text,
    currency,
    amount,
  })),
]
