import { expect, test } from 'vitest'
import type { BudgetItemRow } from '../contract/index.ts'
import { type ExpenseValues, inputOf, newExpense, sharesIn, totalUnits, uncovered, valuesOf } from './expense-values.ts'

const values = (more: Partial<ExpenseValues>): ExpenseValues => ({
  ...newExpense('EUR', 1, [1, 2, 3], '2027-04-05'),
  name: 'Dinner',
  amount: '10,00',
  ...more,
})

const bearer = (user_id: number, more: object = {}) => ({ user_id, amount: null, weight: null, paid: false, ...more })

const item = (more: Partial<BudgetItemRow>): BudgetItemRow => ({
  id: 4,
  trip_id: 1,
  name: 'Dinner',
  category: 'food',
  total_price: 30,
  currency: 'JPY',
  payers: [{ user_id: 1, amount: 30 }],
  members: [bearer(1), bearer(2)],
  persons: null,
  days: null,
  expense_date: null,
  note: null,
  reservation_id: null,
  exchange_rate: null,
  rate_base: null,
  rate_date: null,
  rate_source: null,
  order_key: 'a0',
  created_at: '2027-01-01T00:00:00.000Z',
  ...more,
})

test('a new expense is paid by one person and shared by all', () => {
  expect(inputOf(values({}), '', 'EUR')).toEqual({
    name: 'Dinner',
    total_price: 10,
    currency: 'EUR',
    payers: [{ user_id: 1, amount: 10 }],
    member_ids: [1, 2, 3],
    expense_date: '2027-04-05',
    note: null,
  })
})

test('with several payers, the total is the sum of their payments', () => {
  const several = values({ payer: 'several', payments: { 1: '0.1', 2: '0,2', 3: '' } })
  expect(totalUnits(several)).toBe(30)
  expect(inputOf(several, 'food', 'EUR')).toMatchObject({
    total_price: 0.3,
    category: 'food',
    payers: [
      { user_id: 1, amount: 0.1 },
      { user_id: 2, amount: 0.2 },
    ],
  })
})

test('exact shares are checked at every keystroke', () => {
  const exact = (texts: Record<number, string>) => values({ split: 'exact', exact: texts })
  expect(uncovered(exact({}))).toBe(1000)
  expect(uncovered(exact({ 1: '4', 2: '6' }))).toBe(0)
  expect(uncovered(exact({ 1: '4', 2: '7' }))).toBe(-100)
  expect(uncovered(values({ split: 'exact', amount: 'ten' }))).toBeNull()
  expect(uncovered(values({}))).toBeNull()
  expect(inputOf(exact({ 1: '4', 2: '6' }), '', 'EUR').shares).toEqual([
    { user_id: 1, amount: 4 },
    { user_id: 2, amount: 6 },
  ])
})

test('the shares shown are those that are settled, to the cent', () => {
  expect([...sharesIn(values({}), 4)]).toEqual([
    [1, 333],
    [2, 334],
    [3, 333],
  ])
  const parts = values({ split: 'shares', weights: { 1: '2', 2: '1', 3: '0' } })
  expect([...sharesIn(parts, 3)]).toEqual([
    [1, 667],
    [2, 333],
  ])
  expect(inputOf(parts, '', 'EUR').shares).toEqual([
    { user_id: 1, weight: 2 },
    { user_id: 2, weight: 1 },
  ])
  expect(sharesIn(values({ amount: '' }), 1).size).toBe(0)
})

test('an amount with a sign between thousands is read as it is shown', () => {
  expect(inputOf(values({ amount: '1,234.50' }), '', 'EUR').total_price).toBe(1234.5)
})

test('an invalid amount is refused, not sent', () => {
  expect(inputOf(values({ amount: '' }), '', 'EUR')).toMatchObject({ total_price: null, payers: [] })
  expect(inputOf(values({ amount: '-5' }), '', 'EUR')).toMatchObject({ total_price: -5, payers: [] })
  expect(inputOf(values({ amount: '1.2.3' }), '', 'EUR').total_price).toBeNaN()
  expect(inputOf(values({ payer: 'nobody' }), '', 'EUR').payers).toEqual([])
})

test('the form values of an expense convert back to the same expense', () => {
  for (const one of [
    item({}),
    item({ payers: [] }),
    item({
      payers: [
        { user_id: 1, amount: 10 },
        { user_id: 2, amount: 20 },
      ],
    }),
    item({ members: [bearer(1, { amount: 10 }), bearer(2, { amount: 20 })], note: 'Yum', expense_date: '2027-04-05' }),
    item({ members: [bearer(1, { weight: 1 }), bearer(2, { weight: 3 })], exchange_rate: 160.5, rate_base: 'EUR' }),
    item({ members: [] }),
  ]) {
    const { members, exchange_rate, total_price, currency, payers, expense_date, note } = one
    const input = inputOf(valuesOf(one, 'Food & drink'), one.category, 'EUR')
    expect(input).toMatchObject({ total_price, currency, payers, expense_date, note, category: 'food' })
    expect(input.exchange_rate ?? null).toBe(exchange_rate)
    if (input.member_ids) expect(members).toEqual(input.member_ids.map((id) => bearer(id)))
    else {
      expect(
        members.map(({ user_id, amount, weight }) => ({
          user_id,
          ...(amount !== null && { amount }),
          ...(weight !== null && { weight }),
        })),
      ).toEqual(input.shares)
    }
  }
})
