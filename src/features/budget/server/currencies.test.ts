import { expect, test } from 'vitest'
import { fixedRates, tripWithCosts } from '../../../../test/fixtures/trip-with-costs.ts'
import { eachDatabase } from '../../../../test/harness/database/databases.ts'
import { makeUser } from '../../../../test/harness/rigs/world.ts'
import type { Rates } from '../../../adapters/rates.ts'
import { get_trip_summary } from '../../summary/contract/index.ts'
import { update_trip } from '../../trips/contract/index.ts'
import * as budget from '../contract/index.ts'

/** Costs in several currencies: rates, conversion, and settling in one of them. */

eachDatabase((database) => {
  const scene = (rates?: Rates) => tripWithCosts(database(), rates)

  test('a rate is looked up before the write, stored with the row, and kept until the currency changes', async () => {
    const rates = fixedRates()
    const { add, change, summary, pay, ids } = await scene(rates)
    const item = await add({
      currency: 'JPY',
      expense_date: '2026-05-01',
      payers: [{ user_id: ids.ana, amount: 1000 }],
    })
    expect(item).toMatchObject({ exchange_rate: 160, rate_base: 'EUR', rate_date: '2026-05-01', rate_source: 'test' })
    const { balances, unconverted } = await summary()
    // 1000 yen are 6.25 euro: three shares of 2.08 and one cent left over.
    expect(balances.reduce((sum, { balance }) => sum + Math.round(balance * 100), 0)).toBe(0)
    expect([416, 417]).toContain(Math.round((balances[0]?.balance as number) * 100))
    expect(unconverted).toEqual([])
    await change(item.id, { name: 'Lunch', total_price: 2000 })
    expect(rates.requestedRates).toEqual(['EUR/JPY on 2026-05-01'])
    expect(await change(item.id, { currency: 'USD' })).toMatchObject({ exchange_rate: 1.1, rate_base: 'EUR' })
    expect(await change(item.id, { currency: 'EUR' })).toMatchObject({ exchange_rate: null, rate_base: null })
    expect(await add({ currency: 'CHF', exchange_rate: 0.95 })).toMatchObject({
      exchange_rate: 0.95,
      rate_source: 'given',
    })
    await expect(add({ exchange_rate: 2 })).rejects.toMatchObject({ issues: [{ path: 'exchange_rate' }] })
    expect((await pay(ids.ben, ids.ana, 11, { currency: 'USD' })).settlement).toMatchObject({ exchange_rate: 1.1 })
  })

  test('a caller without write access causes no outgoing call', async () => {
    const rates = fixedRates()
    const { run, tripId, ana } = await scene(rates)
    const stranger = await makeUser(database(), 'Sam')
    const input = { tripId, name: 'Sushi', total_price: 9, currency: 'JPY' }
    await expect(run(budget.create_budget_item, input, stranger)).rejects.toMatchObject({ code: 'not_found' })
    await expect(run(budget.create_budget_item, { ...input, total_price: -1 }, ana)).rejects.toMatchObject({
      code: 'invalid',
    })
    expect(rates.requestedRates).toEqual([])
  })

  test('an amount without a rate stays unconverted', async () => {
    const { add, summary, pay, run, tripId, ana, ids, change } = await scene()
    const payers = (amount: number) => [{ user_id: ids.ana, amount }]
    await add({ payers: payers(30) })
    const yen = await add({ name: 'Sushi', currency: 'JPY', payers: payers(3000) })
    const { settlement } = await pay(ids.ben, ids.ana, 500, { currency: 'JPY' })
    expect(yen).toMatchObject({ exchange_rate: null, rate_base: null })
    const unconverted = [
      { item_id: yen.id, name: 'Sushi', currency: 'JPY', amount: 3000 },
      { settlement_id: settlement.id, name: 'Settlement', currency: 'JPY', amount: 500 },
    ]
    expect(await summary()).toMatchObject({ currency: 'EUR', unconverted: unconverted })
    expect((await summary()).balances.map(({ balance }) => balance)).toEqual([20, -10, -10])
    const per = await run(budget.get_budget_per_person, { tripId }, ana)
    expect(per).toMatchObject({
      currency: 'EUR',
      people: [
        { name: 'Ana', former: false, share: 10, paid: 30, balance: 20 },
        { name: 'Ben', share: 10, paid: 0, balance: -10 },
        { name: 'Cleo', share: 10, paid: 0, balance: -10 },
      ],
      unconverted: unconverted,
    })
    expect((await run(get_trip_summary, { tripId }, ana)).budget).toMatchObject({
      item_count: 2,
      total: 30,
      currency: 'EUR',
      totals: [
        { currency: 'EUR', amount: 30 },
        { currency: 'JPY', amount: 3000 },
      ],
      unconverted: [{ currency: 'JPY', amount: 3000 }],
    })
    await expect(summary({ base: 'USD' })).rejects.toMatchObject({ issues: [{ path: 'base' }] })
    expect(await run(budget.refresh_budget_rates, { tripId }, ana)).toEqual({ converted: 0, unconverted: unconverted })
    await change(yen.id, { exchange_rate: 150 })
    expect((await summary()).balances[0]?.balance).toBeCloseTo(33.33, 1)
  })

  test('when the trip changes its currency, costs keep theirs and are converted once rates are looked up', async () => {
    const rates = fixedRates()
    const { add, summary, run, tripId, ana, ids, watcher } = await scene(rates)
    await add({ payers: [{ user_id: ids.ana, amount: 9 }] })
    await add({ currency: 'USD', expense_date: '2026-02-03', payers: [{ user_id: ids.ana, amount: 11 }] })
    await run(update_trip, { tripId, currency: 'CHF' }, ana)
    expect((await summary()).unconverted.map(({ currency }) => currency)).toEqual(['EUR', 'USD'])
    expect(await run(budget.refresh_budget_rates, { tripId }, ana)).toEqual({ converted: 2, unconverted: [] })
    expect(rates.requestedRates.slice(1)).toEqual(['CHF/EUR', 'CHF/USD on 2026-02-03'])
    const { balances, currency } = await summary()
    expect([currency, ...balances.map(({ balance }) => balance)]).toEqual(['CHF', 11.4, -5.7, -5.7])
    expect(watcher.lines.slice(-2)).toEqual(['patch budget_item', 'patch budget_item'])
    expect(await run(budget.refresh_budget_rates, { tripId }, ana)).toEqual({ converted: 0, unconverted: [] })
  })

  test('debts can be shown in another currency, and still settle to the last unit', async () => {
    const { add, summary, ids } = await scene(fixedRates())
    await add({ payers: [{ user_id: ids.ana, amount: 10 }] })
    const { currency, balances, flows } = await summary({ base: 'JPY' })
    expect(currency).toBe('JPY')
    expect(balances.reduce((sum, { balance }) => sum + balance, 0)).toBe(0)
    for (const { amount } of flows) expect([533, 534]).toContain(amount)
  })

  test('costs that all share one other currency are summed and settled in it', async () => {
    const { run, tripId, ana, ids, add } = await scene()
    await add({ currency: 'JPY', total_price: 3000, payers: [{ user_id: ids.ben, amount: 3000 }] })
    const summary = async (more = {}) => (await run(budget.get_settlement_summary, { tripId, ...more }, ana)).summary
    const { currency, flows, unconverted } = await summary()
    expect({ currency, unconverted }).toEqual({ currency: 'JPY', unconverted: [] })
    expect(flows.map(({ to, amount }) => [to.user_id, amount])).toEqual([
      [ids.ben, 1000],
      [ids.ben, 1000],
    ])
    expect((await run(get_trip_summary, { tripId }, ana)).budget).toMatchObject({ total: 3000, currency: 'JPY' })
    // Once a cost is in the currency of the trip, that currency counts again, and the rest is reported.
    await add({ payers: [{ user_id: ids.ana, amount: 30 }] })
    expect(await summary()).toMatchObject({ currency: 'EUR', unconverted: [{ currency: 'JPY', amount: 3000 }] })
    expect(await summary({ base: 'JPY' })).toMatchObject({ currency: 'JPY', unconverted: [{ currency: 'EUR' }] })
  })

  test('a payment without a currency is in the currency of the settlement summary', async () => {
    const rates = fixedRates()
    const { add, ids, pay, summary } = await scene(rates)
    expect((await pay(ids.ben, ids.ana, 1)).settlement).toMatchObject({ currency: 'EUR', exchange_rate: null })
    const unrated = await scene()
    await unrated.add({ currency: 'JPY', total_price: 3000, payers: [{ user_id: unrated.ids.ben, amount: 3000 }] })
    for (const { from, to, amount } of (await unrated.summary()).flows) {
      const { settlement } = await unrated.pay(from.user_id, to.user_id, amount)
      expect(settlement).toMatchObject({ currency: 'JPY', amount: 1000 })
    }
    expect(await unrated.summary()).toMatchObject({ currency: 'JPY', flows: [], unconverted: [] })
    // With a rate, everything counts in the currency of the trip.
    await add({ currency: 'JPY', total_price: 4800, payers: [{ user_id: ids.ben, amount: 4800 }] })
    expect((await summary()).currency).toBe('EUR')
    expect((await pay(ids.ana, ids.ben, 10)).settlement).toMatchObject({ currency: 'EUR' })
  })

  test('the overview sums only convertible amounts', async () => {
    const { catalogue, run, tripId, ana, add, ids } = await scene()
    const overview = catalogue.prompts.find(({ prompt }) => prompt.name === 'budget-overview')
    const write = () => overview?.write((operation, input) => run(operation, input, ana), { tripId })
    expect(await write()).toBe('There are no costs in this trip yet.')
    await add({ category: 'food', payers: [{ user_id: ids.ana, amount: 30 }] })
    await add({ category: 'flights', total_price: 1234.5 })
    await add({ category: 'food', currency: 'JPY', total_price: 3000 })
    expect(await write()).toBe(
      [
        '# Costs',
        'Total: EUR 1,264.50\nAs entered: EUR 1,264.50, JPY 3,000\nNot converted and not in the total, for want of an exchange rate: JPY 3,000',
        '## By category',
        '- flights: EUR 1,234.50\n- food: EUR 30.00 (and JPY 3,000, not converted)',
        '## By traveller',
        '- Ana: bears EUR 421.50, has paid EUR 30.00\n- Ben: bears EUR 421.50, has paid EUR 0.00\n- Cleo: bears EUR 421.50, has paid EUR 0.00',
        '## To settle',
        '- Ben pays Ana EUR 10.00\n- Cleo pays Ana EUR 10.00',
      ].join('\n\n'),
    )
  })
})
