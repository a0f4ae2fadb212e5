import { expect, test } from 'vitest'
import type { BudgetItemRow } from '../contract/index.ts'
import { costsAsCsv } from './csv.ts'

const item = (more: Partial<BudgetItemRow>) =>
  ({
    id: 1,
    name: 'Dinner',
    category: 'food',
    total_price: 30,
    currency: 'EUR',
    payers: [],
    expense_date: null,
    note: null,
    exchange_rate: null,
    rate_base: null,
    ...more,
  }) as BudgetItemRow

const wordsOf = { category: (category: string) => `<${category}>`, person: (userId: number) => `person ${userId}` }

test('costs are exported as a table by date that spreadsheets read, without formulas', async () => {
  const items = [
    item({ name: 'Later' }),
    item({
      name: '=HYPERLINK("http://x")',
      expense_date: '2027-04-06',
      note: 'two\nlines; "quoted"',
      payers: [{ user_id: 7, amount: 30 }],
    }),
    item({
      name: 'Sushi',
      expense_date: '2027-04-05',
      currency: 'JPY',
      total_price: 3268,
      exchange_rate: 163.4,
      rate_base: 'EUR',
    }),
    item({ name: 'Tea', currency: 'JPY', total_price: 500 }),
  ]
  expect(
    await costsAsCsv(
      items,
      ['a', 'b'],
      'EUR',
      (one) => (one.name === 'Tea' ? '2027-04-07' : one.expense_date),
      wordsOf,
    ),
  ).toBe(
    [
      '\uFEFFa;b',
      '2027-04-05;Sushi;<food>;3268;JPY;20;;',
      '2027-04-06;"\'=HYPERLINK(""http://x"")";<food>;30;EUR;30;person 7 30;"two\nlines; ""quoted"""',
      '2027-04-07;Tea;<food>;500;JPY;;;',
      ';Later;<food>;30;EUR;30;;',
      '',
    ].join('\r\n'),
  )
})
