import fc from 'fast-check'
import { expect, test } from 'vitest'
import { times } from '../../../../test/harness/prove.ts'
import { currencyDigits } from '../../../core/declare/values.ts'
import type { BudgetItemRow, SettlementRow } from '../contract/index.ts'
import { converted, major, minor, sharesOf, splitByWeights } from '../contract/shares.ts'
import { balancesOf, totalsOf } from './balances.ts'
import { EXACT_UP_TO, flowsOf } from './settle.ts'

const sum = (numbers: readonly number[]): number => numbers.reduce((total, one) => total + one, 0)

const NO_RATE = { exchange_rate: null, rate_base: null, rate_date: null, rate_source: null }

const item = (more: Partial<BudgetItemRow>): BudgetItemRow => ({
  id: 1,
  trip_id: 1,
  name: 'Dinner',
  category: 'food',
  total_price: 0,
  currency: 'EUR',
  payers: [],
  members: [],
  persons: null,
  days: null,
  expense_date: null,
  note: null,
  reservation_id: null,
  ...NO_RATE,
  order_key: 'a0',
  created_at: '2027-01-01T00:00:00.000Z',
  ...more,
})

const bearers = (count: number, weight: (index: number) => number | null = () => null) =>
  Array.from({ length: count }, (_, index) => ({
    user_id: index + 1,
    amount: null,
    weight: weight(index),
    paid: false,
  }))

const currency = fc.constantFrom('EUR', 'JPY', 'KWD', 'CHF', 'USD', 'CLF')
const units = fc.nat({ max: 1_000_000_000 })

test('leftover cents rotate from item to item', () => {
  const share = (id: number) => sharesOf(item({ id, total_price: 10, members: bearers(3) }))
  expect(share(3)).toEqual([334, 333, 333])
  expect(share(4)).toEqual([333, 334, 333])
  expect(share(5)).toEqual([333, 333, 334])
  expect(sharesOf(item({ id: 8, total_price: 0.05, members: bearers(3) }))).toEqual([2, 1, 2])
})

test('shares add up to the total exactly, equal or by weight, in every currency', () => {
  fc.assert(
    fc.property(
      currency,
      units,
      fc.nat(1e6),
      fc.array(fc.integer({ min: 1, max: 1000 }), { minLength: 1 }),
      fc.boolean(),
      (own, total, id, weights, equal) => {
        const members = bearers(weights.length, (index) => (equal ? null : (weights[index] as number)))
        const shares = sharesOf(item({ id, total_price: major(total, own), currency: own, members }))
        expect(sum(shares)).toBe(total)
        const totalWeight = equal ? weights.length : sum(weights)
        for (const [index, share] of shares.entries()) {
          const due = (total * (equal ? 1 : (weights[index] as number))) / totalWeight
          expect(Math.abs(share - due)).toBeLessThan(1)
        }
      },
    ),
  )
})

test('the largest possible amount is split without loss', () => {
  const parts = splitByWeights(1e15, [1, 999, 7], 2)
  expect(sum(parts)).toBe(1e15)
  for (const own of ['EUR', 'JPY', 'KWD']) expect(major(minor(1e12, own), own)).toBe(1e12)
  expect(splitByWeights(5, [0, 0])).toEqual([0, 0])
})

test('conversion rounds half to even, using the decimal digits of the rate as written', () => {
  const yen = { currency: 'JPY', exchange_rate: 163.41, rate_base: 'EUR' }
  expect(converted(16341, yen, 'EUR')).toBe(10_000)
  // 1.005 and 1.015 euro: both end in half a cent.
  expect(converted(2010, { currency: 'EUR', exchange_rate: 20, rate_base: 'CHF' }, 'CHF')).toBe(100)
  expect(converted(2030, { currency: 'EUR', exchange_rate: 20, rate_base: 'CHF' }, 'CHF')).toBe(102)
  expect(converted(100, { currency: 'EUR', exchange_rate: 1e-9, rate_base: 'JPY' }, 'JPY')).toBe(1_000_000_000)
  expect(converted(100, { currency: 'EUR', exchange_rate: null, rate_base: null }, 'CHF')).toBeNull()
  expect(converted(100, { currency: 'EUR', exchange_rate: 2, rate_base: 'CHF' }, 'JPY')).toBeNull()
  expect(converted(100, { currency: 'EUR', exchange_rate: 2, rate_base: 'CHF' }, 'EUR')).toBe(100)
})

const person = fc.integer({ min: 1, max: 6 })

/** An expense with random payers and shares, in any currency, with or without a rate. */
const expense = fc
  .record({
    id: fc.integer({ min: 1, max: 1e6 }),
    currency,
    payers: fc.uniqueArray(fc.record({ user_id: person, amount: fc.integer({ min: 1, max: 1e8 }) }), {
      selector: ({ user_id }) => user_id,
      maxLength: 3,
    }),
    members: fc.uniqueArray(
      fc.record({ user_id: person, weight: fc.option(fc.integer({ min: 1, max: 9 })), paid: fc.boolean() }),
      {
        selector: ({ user_id }) => user_id,
      },
    ),
    rate: fc.option(fc.double({ min: 1e-4, max: 1e4, noNaN: true })),
  })
  .map(({ payers, rate, members, ...rest }) =>
    item({
      ...rest,
      members: members.map((one) => ({ ...one, amount: null })),
      payers: payers.map(({ user_id, amount }) => ({ user_id, amount: major(amount, rest.currency) })),
      total_price: major(sum(payers.map(({ amount }) => amount)), rest.currency),
      ...(rate !== null && { exchange_rate: rate, rate_base: 'EUR' }),
    }),
  )

const payment = fc
  .record({ from_user_id: person, to_user_id: person, units: fc.integer({ min: 1, max: 1e8 }), currency })
  .map(
    ({ units: amount, ...rest }): SettlementRow => ({
      ...rest,
      id: 1,
      trip_id: 1,
      amount: major(amount, rest.currency),
      ...NO_RATE,
      created_at: '2027-01-01T00:00:00.000Z',
    }),
  )

test('for any payments, shares and settlements, balances add up to zero and the suggested payments settle all of them', () => {
  fc.assert(
    fc.property(fc.array(expense), fc.array(payment), (items, payments) => {
      const { of } = balancesOf(items, payments, 'EUR')
      const balances = [...of].map(([userId, { balance }]) => ({ userId, units: balance }))
      expect(sum(balances.map((one) => one.units))).toBe(0)
      expectSettled(balances, flowsOf(balances))
    }),
  )
})

test('payers and shares count only if their amount can be converted', () => {
  const members = bearers(2)
  const payers = (amount: number) => [{ user_id: 1, amount }]
  const items = [
    item({ total_price: 10, payers: payers(10), members }),
    item({ total_price: 1000, currency: 'JPY', payers: payers(1000), members }),
    item({ total_price: 300, currency: 'JPY', members, exchange_rate: 150, rate_base: 'EUR' }),
    // The stored rate is for another currency than the trip has now.
    item({ total_price: 5, currency: 'USD', payers: payers(5), members, exchange_rate: 1.1, rate_base: 'CHF' }),
  ]
  const { of, items: unconverted } = balancesOf(items, [], 'EUR')
  expect(of.get(1)).toEqual({ share: 600, paid: 1000, balance: 500 })
  expect(of.get(2)).toEqual({ share: 600, paid: 0, balance: -500 })
  expect(unconverted).toEqual([items[1], items[3]])
  expect(totalsOf(items, 'EUR')).toEqual({
    total: 12,
    currency: 'EUR',
    totals: [
      { currency: 'EUR', amount: 10 },
      { currency: 'JPY', amount: 1300 },
      { currency: 'USD', amount: 5 },
    ],
    unconverted: [
      { currency: 'JPY', amount: 1000 },
      { currency: 'USD', amount: 5 },
    ],
  })
})

test('a ticked share is no longer owed', () => {
  const members = bearers(3).map((one) => ({ ...one, paid: one.user_id === 2 }))
  const { of } = balancesOf([item({ total_price: 90, payers: [{ user_id: 1, amount: 90 }], members })], [], 'EUR')
  expect([1, 2, 3].map((id) => of.get(id)?.balance)).toEqual([3000, 0, -3000])
})

const balanced = (most: number) =>
  fc
    .array(fc.integer({ min: -6, max: 6 }), { minLength: 1, maxLength: most - 1 })
    .map((amounts) => [...amounts, -sum(amounts)].map((amount, index) => ({ userId: index + 1, units: amount })))

test('the number of payments is minimal', () => {
  fc.assert(
    fc.property(balanced(7), (balances) => {
      const flows = flowsOf(balances)
      expectSettled(balances, flows)
      expect(flows.length).toBe(fewest(balances.map((one) => one.units)))
    }),
    { numRuns: times(300, 10_000) },
  )
})

test('large groups are settled with fewer payments than people', () => {
  fc.assert(
    fc.property(balanced(60), (balances) => {
      const flows = flowsOf(balances)
      expectSettled(balances, flows)
      expect(flows.length).toBeLessThanOrEqual(Math.max(0, balances.filter((one) => one.units).length - 1))
    }),
    { numRuns: times(50, 2000) },
  )
  const pairs = Array.from({ length: EXACT_UP_TO + 5 }, (_, index) => [
    { userId: 2 * index + 1, units: index + 1 },
    { userId: 2 * index + 2, units: -index - 1 },
  ]).flat()
  expect(flowsOf(pairs)).toHaveLength(EXACT_UP_TO + 5)
})

function expectSettled(balances: { userId: number; units: number }[], flows: ReturnType<typeof flowsOf>): void {
  const openBalances = new Map(balances.map(({ userId, units: owed }) => [userId, owed]))
  for (const { from, to, units: paid } of flows) {
    expect(paid).toBeGreaterThan(0)
    openBalances.set(from, (openBalances.get(from) as number) + paid)
    openBalances.set(to, (openBalances.get(to) as number) - paid)
  }
  expect([...openBalances.values()].every((owed) => owed === 0)).toBe(true)
}

/** The fewest payments, found by trying every debtor against every creditor. */
function fewest(balances: readonly number[]): number {
  const open = balances.filter(Boolean)
  const [first, ...rest] = open
  if (first === undefined) return 0
  let best = Number.POSITIVE_INFINITY
  for (const [index, other] of rest.entries()) {
    if (Math.sign(other) === Math.sign(first)) continue
    best = Math.min(best, 1 + fewest(rest.with(index, other + first)))
  }
  return best
}

test('every currency defines the decimals of its stored amounts', () => {
  expect(['EUR', 'JPY', 'KWD', 'CLF'].map(currencyDigits)).toEqual([2, 0, 3, 4])
})
