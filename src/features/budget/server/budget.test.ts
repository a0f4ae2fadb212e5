import { expect, test } from 'vitest'
import { eachDatabase } from '../../../../test/harness/database/databases.ts'
import { services } from '../../../../test/harness/network/outside-address.ts'
import { makeUser, makeWorld } from '../../../../test/harness/rigs/world.ts'
import type { Rates } from '../../../adapters/rates.ts'
import { NOBODY } from '../../../core/data/space.ts'
import { delete_user } from '../../admin/contract/index.ts'
import { create_reservation, delete_reservation, update_reservation } from '../../reservations/contract/index.ts'
import { create_share_link, get_shared_trip } from '../../sharing/contract/index.ts'
import { get_trip_summary } from '../../summary/contract/index.ts'
import {
  add_guest,
  add_trip_member,
  copy_trip,
  create_trip,
  delete_trip,
  list_trip_members,
  remove_guest,
  remove_trip_member,
  update_trip,
} from '../../trips/contract/index.ts'
import * as budget from '../contract/index.ts'

const PER_EURO: Record<string, number> = { JPY: 160, USD: 1.1, CHF: 0.9 }

/** Fixed rates that record the requests for them. */
function fixedRates(): Rates & { asked: string[] } {
  const asked: string[] = []
  return {
    asked,
    known: true,
    async find(base, quote, on) {
      asked.push(`${base}/${quote}${on ? ` on ${on}` : ''}`)
      const worth = (currency: string) => (currency === 'EUR' ? 1 : PER_EURO[currency])
      const [one, other] = [worth(base), worth(quote)]
      return one && other ? { value: other / one, date: on ?? '2027-01-01', source: 'test' } : null
    },
  }
}

eachDatabase((database) => {
  async function scene(rates?: Rates) {
    const world = makeWorld(database(), rates ? { ...services, rates } : services)
    const { run } = world
    const [ana, ben, cleo] = [
      await makeUser(database(), 'Ana'),
      await makeUser(database(), 'Ben'),
      await makeUser(database(), 'Cleo'),
    ]
    const { trip } = await run(create_trip, { title: 'Kyoto' }, ana)
    const tripId = trip.id
    for (const { userId } of [ben, cleo]) {
      const { username } = await database()
        .kysely.selectFrom('users')
        .select('username')
        .where('id', '=', userId)
        .executeTakeFirstOrThrow()
      await run(add_trip_member, { tripId, identifier: username }, ana)
    }
    const ids = { ana: ana.userId, ben: ben.userId, cleo: cleo.userId }
    const eyes = await world.watch({ space: 'trip', id: tripId }, cleo)
    const add = async (
      more: { payers?: { user_id: number; amount: number }[]; [key: string]: unknown } = {},
      who = ana,
    ) => {
      const total_price = more.payers?.reduce((sum, { amount }) => sum + amount, 0) ?? 30
      return (await run(budget.create_budget_item, { tripId, name: 'Dinner', total_price, ...more }, who)).item
    }
    const change = async (itemId: number, more: object) =>
      (await run(budget.update_budget_item, { tripId, itemId, ...more }, ana)).item
    const summary = async (more: object = {}) =>
      (await run(budget.get_settlement_summary, { tripId, ...more }, ben)).summary
    const balances = async () => (await summary()).balances.map(({ balance }) => balance)
    const pay = (from: number, to: number, amount: number, more: object = {}) =>
      run(budget.create_settlement, { tripId, from_user_id: from, to_user_id: to, amount, ...more }, ana)
    const list = async () => (await run(budget.list_budget_items, { tripId }, ben)).items
    return { ...world, ana, ben, cleo, ids, tripId, eyes, add, change, summary, balances, pay, list }
  }

  const bearer = (user_id: number, more: object = {}) => ({ user_id, amount: null, weight: null, paid: false, ...more })

  test('by default an expense is shared by all members, in the currency of the trip', async () => {
    const { add, ids, eyes } = await scene()
    expect(await add()).toMatchObject({
      category: 'other',
      total_price: 30,
      currency: 'EUR',
      exchange_rate: null,
      payers: [],
      members: [bearer(ids.ana), bearer(ids.ben), bearer(ids.cleo)],
      order_key: 'a0',
    })
    expect(await add({ member_ids: [], total_price: 0 })).toMatchObject({
      members: [],
      total_price: 0,
      order_key: 'a1',
    })
    expect(await add({ member_ids: [ids.cleo, ids.ana, ids.cleo] })).toMatchObject({
      members: [bearer(ids.ana), bearer(ids.cleo)],
    })
    expect(eyes.lines).toEqual(['insert budget_item', 'insert budget_item', 'insert budget_item'])
  })

  test('the total is the sum of what was paid', async () => {
    const { add, change, ids } = await scene()
    const payers = [
      { user_id: ids.ben, amount: 0.1 },
      { user_id: ids.ana, amount: 0.2 },
      { user_id: ids.cleo, amount: 0 },
    ]
    const item = await add({ payers, total_price: 0.3 })
    expect(item).toMatchObject({ total_price: 0.3, payers: [payers[1], payers[0]] })
    const differs = { code: 'invalid', issues: [{ path: 'total_price', message: expect.stringContaining('0.3 EUR') }] }
    await expect(add({ payers, total_price: 99 })).rejects.toMatchObject(differs)
    await expect(add({ payers: payers.slice(1, 2), total_price: 0.3 })).rejects.toMatchObject({ code: 'invalid' })
    await expect(change(item.id, { payers, total_price: 5 })).rejects.toMatchObject(differs)
    await expect(change(item.id, { total_price: 5 })).rejects.toMatchObject(differs)
    expect(await change(item.id, { payers: payers.slice(2), total_price: 4 })).toMatchObject({
      payers: [],
      total_price: 4,
    })
    expect(await change(item.id, { payers: [{ user_id: ids.ben, amount: 7 }] })).toMatchObject({ total_price: 7 })
    expect(await change(item.id, { total_price: 8 })).toMatchObject({ payers: [{ user_id: ids.ben, amount: 8 }] })
    expect(await change(item.id, { payers: [] })).toMatchObject({ payers: [], total_price: 8 })
  })

  test('shares are either exact amounts that add up, or weights', async () => {
    const { add, change, ids, tripId, run, ana } = await scene()
    const exact = (a: number, b: number) => [
      { user_id: ids.ana, amount: a },
      { user_id: ids.ben, amount: b },
    ]
    const item = await add({ shares: exact(10.5, 19.5) })
    expect(item.members).toEqual([bearer(ids.ana, { amount: 10.5 }), bearer(ids.ben, { amount: 19.5 })])
    const refused = async (more: object) => {
      const error = await change(item.id, more).catch((one) => one)
      expect(error.code).toBe('invalid')
      return error.message
    }
    expect(await refused({ shares: exact(10, 10) })).toMatch(/must add up to the total of 30 EUR, and add up to 20 EUR/)
    expect(await refused({ total_price: 40 })).toMatch(/the total of 40 EUR, and add up to 30 EUR/)
    expect(
      await refused({
        shares: [
          { user_id: ids.ana, weight: 1 },
          { user_id: ids.ben, amount: 3 },
        ],
      }),
    ).toMatch(/each/)
    expect(await refused({ shares: [{ user_id: ids.ana }] })).toMatch(/each/)
    expect(await refused({ shares: exact(10, 20), member_ids: [] })).toMatch(/together with member_ids/)
    expect(await refused({ shares: [exact(15, 15)[0], exact(15, 15)[0]] })).toMatch(/twice/)
    const weights = [
      { user_id: ids.ana, weight: 2 },
      { user_id: ids.ben, weight: 1 },
    ]
    expect((await change(item.id, { total_price: 31, shares: weights })).members).toEqual(
      weights.map(({ user_id, weight }) => bearer(user_id, { weight })),
    )
    await run(budget.toggle_budget_member_paid, { tripId, itemId: item.id, memberId: ids.ben, paid: true }, ana)
    expect((await change(item.id, { member_ids: [ids.ben, ids.cleo] })).members).toEqual([
      bearer(ids.ben, { paid: true }),
      bearer(ids.cleo),
    ])
  })

  test('an expense can name only travellers of the trip, and the error lists them', async () => {
    const { add, run, tripId, ana, pay, ids } = await scene()
    const stranger = await makeUser(database(), 'Sam')
    for (const more of [
      { member_ids: [stranger.userId] },
      { payers: [{ user_id: stranger.userId, amount: 1 }] },
      { shares: [{ user_id: stranger.userId, weight: 1 }] },
    ]) {
      await expect(add(more)).rejects.toMatchObject({ code: 'invalid', message: expect.stringContaining('(Ana)') })
    }
    await expect(pay(stranger.userId, ids.ana, 1)).rejects.toMatchObject({ issues: [{ path: 'from_user_id' }] })
    await expect(pay(ids.ana, stranger.userId, 1)).rejects.toMatchObject({ issues: [{ path: 'to_user_id' }] })
    await expect(pay(ids.ana, ids.ana, 1)).rejects.toMatchObject({ issues: [{ path: 'to_user_id' }] })
    await expect(pay(ids.ana, ids.ben, 0)).rejects.toMatchObject({ code: 'invalid' })
    const make = (more: object) =>
      run(budget.create_budget_item_with_members, { tripId, name: 'Taxi', total_price: 9, ...more }, ana)
    await expect(make({ userIds: [stranger.userId] })).rejects.toMatchObject({ issues: [{ path: 'userIds' }] })
    expect((await make({})).item.members).toHaveLength(3)
    expect((await make({ userIds: [] })).item.members).toEqual([])
    const { item } = await make({ userIds: [ids.ben] })
    expect(item.members).toEqual([bearer(ids.ben)])
    const payers = [{ user_id: ids.ana, amount: 9 }]
    expect((await make({ userIds: [ids.ben], payers })).item).toMatchObject({ payers, members: [bearer(ids.ben)] })
    await expect(make({ payers: [{ user_id: ids.ana, amount: 8 }] })).rejects.toMatchObject({ code: 'invalid' })
    await expect(make({ payers: [{ user_id: stranger.userId, amount: 9 }] })).rejects.toMatchObject({
      issues: [{ path: 'payers' }],
    })
    const set = (userIds: number[]) =>
      run(budget.set_budget_item_members, { tripId, itemId: item.id, userIds }, ana).then((one) => one.item.members)
    expect(await set([ids.cleo])).toEqual([bearer(ids.cleo)])
    expect(await set([])).toEqual([])
  })

  test('amounts with more decimals than their currency are refused', async () => {
    const { add, change, ids, pay } = await scene()
    const refused = (more: Parameters<typeof add>[0], path: string, message: string) =>
      expect(add(more)).rejects.toMatchObject({ code: 'invalid', issues: [{ path, message }] })
    await refused({ total_price: 1.005 }, 'total_price', 'must have at most 2 decimals in EUR, but is 1.005')
    await refused({ total_price: 1.5, currency: 'JPY' }, 'total_price', 'must have no decimals in JPY, but is 1.5')
    await refused({ total_price: -5 }, 'total_price', 'must be at least 0, not -5')
    await refused({ shares: [] }, 'shares', 'must have an entry for at least one traveller')
    await expect(add({ payers: [{ user_id: ids.ana, amount: 1.001 }] })).rejects.toMatchObject({ code: 'invalid' })
    await expect(pay(ids.ana, ids.ben, 0.001)).rejects.toMatchObject({ code: 'invalid' })
    const item = await add({ total_price: 12.5 })
    await expect(change(item.id, { currency: 'JPY' })).rejects.toMatchObject({ code: 'invalid' })
    expect(await change(item.id, { currency: 'jpy', total_price: 1900 })).toMatchObject({
      currency: 'JPY',
      total_price: 1900,
    })
    expect(await add({ total_price: 0.125, currency: 'KWD' })).toMatchObject({ total_price: 0.125 })
  })

  test('debts are settled in the fewest payments, and settled amounts count', async () => {
    const { add, balances, summary, pay, run, tripId, ana, ids, eyes } = await scene()
    await add({ payers: [{ user_id: ids.ana, amount: 90 }] })
    await add({ total_price: 500 })
    await add({ payers: [{ user_id: ids.ben, amount: 15 }], member_ids: [] })
    expect(await balances()).toEqual([60, -30, -30])
    const { flows } = await summary()
    expect(flows.map(({ from, to, amount }) => [from.name, to.name, amount])).toEqual([
      ['Ben', 'Ana', 30],
      ['Cleo', 'Ana', 30],
    ])
    const { settlement } = await pay(ids.ben, ids.ana, 30)
    expect(settlement).toMatchObject({ amount: 30, currency: 'EUR', exchange_rate: null })
    expect(await balances()).toEqual([30, 0, -30])
    const update = { tripId, settlementId: settlement.id, from_user_id: ids.cleo, to_user_id: ids.ana, amount: 10 }
    await run(budget.update_settlement, update, ana)
    expect(await balances()).toEqual([50, -30, -20])
    expect((await run(budget.list_settlements, { tripId }, ana)).settlements).toEqual((await summary()).settlements)
    await run(budget.delete_settlement, { tripId, settlementId: settlement.id }, ana)
    expect(await balances()).toEqual([60, -30, -30])
    expect(eyes.lines.slice(3)).toEqual(['insert settlement', 'patch settlement', 'remove settlement'])
  })

  test('a ticked share is no longer owed', async () => {
    const { add, balances, run, tripId, ana, ids, eyes } = await scene()
    const item = await add({ payers: [{ user_id: ids.ana, amount: 90 }] })
    const tick = (memberId: number, paid: boolean) =>
      run(budget.toggle_budget_member_paid, { tripId, itemId: item.id, memberId, paid }, ana)
    expect(await tick(ids.ben, true)).toEqual({ member: bearer(ids.ben, { paid: true }) })
    expect(await balances()).toEqual([30, 0, -30])
    await tick(ids.ben, true)
    await tick(ids.ben, false)
    expect(await balances()).toEqual([60, -30, -30])
    await expect(tick(999_999, true)).rejects.toMatchObject({ code: 'not_found' })
    expect(eyes.lines).toEqual(['insert budget_item', 'patch budget_item', 'patch budget_item'])
  })

  test('a share both ticked and settled counts twice, with a warning', async () => {
    const { add, balances, pay, run, tripId, ana, ids } = await scene()
    const item = await add({ payers: [{ user_id: ids.ana, amount: 90 }] })
    const tick = (memberId: number, paid: boolean) =>
      run(budget.toggle_budget_member_paid, { tripId, itemId: item.id, memberId, paid }, ana)
    expect((await tick(ids.ben, true)).note).toBeUndefined()
    expect((await pay(ids.cleo, ids.ana, 5)).note).toBeUndefined()
    expect((await pay(ids.ben, ids.cleo, 5)).note).toBeUndefined()
    const twice = await pay(ids.ben, ids.ana, 30)
    expect(twice.note).toMatch(/^Ben’s share of “Dinner” is ticked as paid to Ana\. .*counts twice.*delete_settlement/)
    expect(await balances()).toEqual([-5, 35, -30])
    expect((await tick(ids.ben, false)).note).toBeUndefined()
    expect((await tick(ids.ben, true)).note).toMatch(/^Ben has paid 30 EUR to Ana as a settlement\. .*counts twice/)
    const ends = { from_user_id: ids.ben, to_user_id: ids.ana, amount: 10 }
    const changed = await run(budget.update_settlement, { tripId, settlementId: twice.settlement.id, ...ends }, ana)
    expect(changed.note).toMatch(/counts twice/)
  })

  test('each cost lists what each person bears and has paid', async () => {
    const { add, run, tripId, ana, ids } = await scene(fixedRates())
    const dinner = await add({ payers: [{ user_id: ids.ana, amount: 10 }] })
    const sushi = await add({ name: 'Sushi', currency: 'JPY', total_price: 1600, member_ids: [ids.ben] })
    const { items } = await run(budget.get_budget_per_person, { tripId }, ana)
    const [first, ...others] = items[0]?.people ?? []
    expect(first).toMatchObject({ user_id: ids.ana, paid: 10 })
    expect(others).toMatchObject([
      { user_id: ids.ben, paid: 0 },
      { user_id: ids.cleo, paid: 0 },
    ])
    const cents = (items[0]?.people ?? []).map(({ share }) => Math.round(share * 100))
    expect(cents.toSorted()).toEqual([333, 333, 334])
    expect(items.map(({ item_id, name, total }) => [item_id, name, total])).toEqual([
      [dinner.id, 'Dinner', 10],
      [sushi.id, 'Sushi', 10],
    ])
    expect(items[1]?.people).toEqual([{ user_id: ids.ben, share: 10, paid: 0 }])
  })

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
    expect(rates.asked).toEqual(['EUR/JPY on 2026-05-01'])
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
    expect(rates.asked).toEqual([])
  })

  test('without a rate no amount is invented', async () => {
    const { add, summary, pay, run, tripId, ana, ids, change } = await scene()
    const payers = (amount: number) => [{ user_id: ids.ana, amount }]
    await add({ payers: payers(30) })
    const yen = await add({ name: 'Sushi', currency: 'JPY', payers: payers(3000) })
    const { settlement } = await pay(ids.ben, ids.ana, 500, { currency: 'JPY' })
    expect(yen).toMatchObject({ exchange_rate: null, rate_base: null })
    const left = [
      { item_id: yen.id, name: 'Sushi', currency: 'JPY', amount: 3000 },
      { settlement_id: settlement.id, name: 'Settlement', currency: 'JPY', amount: 500 },
    ]
    expect(await summary()).toMatchObject({ currency: 'EUR', unconverted: left })
    expect((await summary()).balances.map(({ balance }) => balance)).toEqual([20, -10, -10])
    const per = await run(budget.get_budget_per_person, { tripId }, ana)
    expect(per).toMatchObject({
      currency: 'EUR',
      people: [
        { name: 'Ana', former: false, share: 10, paid: 30, balance: 20 },
        { name: 'Ben', share: 10, paid: 0, balance: -10 },
        { name: 'Cleo', share: 10, paid: 0, balance: -10 },
      ],
      unconverted: left,
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
    expect(await run(budget.refresh_budget_rates, { tripId }, ana)).toEqual({ converted: 0, unconverted: left })
    await change(yen.id, { exchange_rate: 150 })
    expect((await summary()).balances[0]?.balance).toBeCloseTo(33.33, 1)
  })

  test('when the trip changes its currency, costs keep theirs and are converted once rates are looked up', async () => {
    const rates = fixedRates()
    const { add, summary, run, tripId, ana, ids, eyes } = await scene(rates)
    await add({ payers: [{ user_id: ids.ana, amount: 9 }] })
    await add({ currency: 'USD', expense_date: '2026-02-03', payers: [{ user_id: ids.ana, amount: 11 }] })
    await run(update_trip, { tripId, currency: 'CHF' }, ana)
    expect((await summary()).unconverted.map(({ currency }) => currency)).toEqual(['EUR', 'USD'])
    expect(await run(budget.refresh_budget_rates, { tripId }, ana)).toEqual({ converted: 2, unconverted: [] })
    expect(rates.asked.slice(1)).toEqual(['CHF/EUR', 'CHF/USD on 2026-02-03'])
    const { balances, currency } = await summary()
    expect([currency, ...balances.map(({ balance }) => balance)]).toEqual(['CHF', 11.4, -5.7, -5.7])
    expect(eyes.lines.slice(-2)).toEqual(['patch budget_item', 'patch budget_item'])
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

  test('categories are reordered and renamed', async () => {
    const { add, run, tripId, ana, list, eyes } = await scene()
    const [a, b, c] = [
      await add({ name: 'a', category: 'food' }),
      await add({ name: 'b', category: 'transport' }),
      await add({ name: 'c', category: 'food' }),
    ]
    const names = async () => (await list()).map(({ name }) => name).join('')
    expect(await names()).toBe('acb')
    eyes.lines.splice(0)
    await run(budget.move_budget_category, { tripId, category: 'transport', before: 'food' }, ana)
    expect(await names()).toBe('bac')
    expect(eyes.lines).toEqual(['patch budget_item'])
    await run(budget.reorder_budget_items, { tripId, orderedIds: [c.id, a.id, b.id] }, ana)
    expect(await names()).toBe('cab')
    expect(eyes.lines).toEqual(['patch budget_item', 'patch budget_item', 'patch budget_item'])
    await run(budget.rename_budget_category, { tripId, category: 'transport', name: 'food' }, ana)
    expect((await list()).every(({ category }) => category === 'food')).toBe(true)
    for (const [category, before, code] of [
      ['food', 'fun', 'invalid'],
      ['fun', 'food', 'not_found'],
    ]) {
      const wrong = run(budget.move_budget_category, { tripId, category, before }, ana)
      await expect(wrong).rejects.toMatchObject({ code })
    }
    await expect(run(budget.reorder_budget_items, { tripId, orderedIds: [a.id] }, ana)).rejects.toMatchObject({
      code: 'invalid',
    })
    const rename = { tripId, category: 'nothing', name: 'x' }
    await expect(run(budget.rename_budget_category, rename, ana)).rejects.toMatchObject({ code: 'not_found' })
  })

  test('a new expense goes to the end, or before another one', async () => {
    const { add, list, eyes } = await scene()
    const a = await add({ name: 'a' })
    const b = await add({ name: 'b', before: null })
    await add({ name: 'c', before: b.id })
    await add({ name: 'd', before: a.id })
    expect((await list()).map(({ name }) => name).join('')).toBe('dacb')
    expect(eyes.lines).toEqual(Array(4).fill('insert budget_item'))
    const wrong = { code: 'invalid', issues: [{ path: 'before', message: expect.stringContaining('999999') }] }
    await expect(add({ before: 999_999 })).rejects.toMatchObject(wrong)
  })

  test('a member who leaves the trip keeps open debts and claims', async () => {
    const { add, run, tripId, ana, ids, pay, change } = await scene()
    const item = await add({ payers: [{ user_id: ids.ana, amount: 90 }] })
    await run(remove_trip_member, { tripId, memberId: ids.ben }, ana)
    const summary = async () => (await run(budget.get_settlement_summary, { tripId }, ana)).summary
    const { balances, flows } = await summary()
    expect(balances.map(({ name, former, balance }) => [name, former, balance])).toEqual([
      ['Ana', false, 60],
      ['Cleo', false, -30],
      ['Ben', true, -30],
    ])
    expect(flows.map(({ from }) => from.name).sort()).toEqual(['Ben', 'Cleo'])
    await pay(ids.ben, ids.ana, 30)
    expect((await summary()).balances.map(({ balance }) => balance)).toEqual([30, -30, 0])
    // Costs that already name the former member can be changed; new ones are only for current members.
    expect(await change(item.id, { name: 'Feast', member_ids: [ids.ana, ids.ben] })).toMatchObject({ name: 'Feast' })
    expect((await add()).members).toHaveLength(2)
    await expect(add({ member_ids: [ids.ben] })).rejects.toMatchObject({ code: 'invalid' })
  })

  test('a removed guest who paid nothing is taken out of all shares, and the others share the costs', async () => {
    const { add, run, tripId, ana, ids, list } = await scene()
    const { member } = await run(add_guest, { tripId, name: 'Gus' }, ana)
    await add({ payers: [{ user_id: ids.ana, amount: 90 }] })
    await add({ member_ids: [member.user_id] })
    await add({
      shares: [
        { user_id: member.user_id, amount: 10 },
        { user_id: ids.ben, amount: 20 },
      ],
    })
    await run(remove_guest, { tripId, guestId: member.user_id }, ana)
    expect((await list()).map(({ members }) => members)).toEqual([
      [bearer(ids.ana), bearer(ids.ben), bearer(ids.cleo)],
      [bearer(ids.ana, { amount: 30 })],
      [bearer(ids.ana, { amount: 10 }), bearer(ids.ben, { amount: 20 })],
    ])
  })

  test('once a person has paid or settled, deleting the account transfers their part to the owner', async () => {
    const { add, run, tripId, ids, balances, pay, cleo } = await scene()
    const admin = await makeUser(database(), 'Root', { admin: true, way: 'web' })
    await add({ payers: [{ user_id: ids.ana, amount: 90 }] })
    await add({
      payers: [
        { user_id: ids.ben, amount: 30 },
        { user_id: ids.ana, amount: 30 },
      ],
    })
    await pay(ids.ben, ids.ana, 5)
    await pay(ids.cleo, ids.ben, 10)
    const before = await balances()
    await run(delete_user, { userId: ids.ben }, admin)
    const { summary } = await run(budget.get_settlement_summary, { tripId }, cleo)
    expect(summary.balances.map(({ balance }) => balance)).toEqual([
      (before[0] as number) + (before[1] as number),
      before[2],
    ])
    const items = (await run(budget.list_budget_items, { tripId }, cleo)).items
    expect(items.map(({ members }) => members)).toEqual([
      [bearer(ids.ana, { amount: 60 }), bearer(ids.cleo, { amount: 30 })],
      [bearer(ids.ana, { amount: 40 }), bearer(ids.cleo, { amount: 20 })],
    ])
    expect(items[1]?.payers).toEqual([{ user_id: ids.ana, amount: 60 }])
    expect(summary.settlements).toMatchObject([{ from_user_id: ids.cleo, to_user_id: ids.ana, amount: 10 }])
  })

  test('the price of a booking is stored as its cost, and deleted with it', async () => {
    const { run, tripId, ana, list, eyes, change, ids } = await scene()
    const made = await run(create_reservation, { tripId, title: 'Ryokan', type: 'hotel', price: 240 }, ana)
    const { id: reservationId } = made.reservation
    const [item] = await list()
    expect(item).toMatchObject({
      name: 'Ryokan',
      category: 'accommodation',
      total_price: 240,
      currency: 'EUR',
      reservation_id: reservationId,
    })
    expect(item?.members).toHaveLength(3)
    await change(item?.id as number, { payers: [{ user_id: ids.ben, amount: 250 }] })
    await run(update_reservation, { tripId, reservationId, price: 260 }, ana)
    expect(await list()).toMatchObject([{ total_price: 260, payers: [{ user_id: ids.ben, amount: 260 }] }])
    await run(delete_reservation, { tripId, reservationId }, ana)
    expect(await list()).toEqual([])
    expect(eyes.lines.filter((line) => line.endsWith('budget_item'))).toEqual([
      'insert budget_item',
      'patch budget_item',
      'patch budget_item',
      'remove budget_item',
    ])
    const free = { tripId, title: 'Free', type: 'event', price: 0 }
    await run(create_reservation, free, ana)
    expect(await list()).toEqual([])
  })

  test('a copy has every cost with its payers and currency, and all settlements', async () => {
    const { run, tripId, ana, ids, add, pay } = await scene(fixedRates())
    await add({
      currency: 'JPY',
      total_price: 2400,
      payers: [{ user_id: ids.ben, amount: 2400 }],
      expense_date: '2026-05-01',
      category: 'food',
      note: 'Yum',
    })
    await pay(ids.ana, ids.ben, 2)
    const { trip } = await run(copy_trip, { tripId, with_members: true }, ana)
    const { items } = await run(budget.list_budget_items, { tripId: trip.id }, ana)
    expect(items).toMatchObject([
      {
        currency: 'JPY',
        total_price: 2400,
        exchange_rate: 160,
        payers: [{ user_id: ids.ben, amount: 2400 }],
        expense_date: '2026-05-01',
        category: 'food',
        note: 'Yum',
        members: [bearer(ids.ana), bearer(ids.ben), bearer(ids.cleo)],
      },
    ])
    // Five euros each, because who bears an odd cent depends on the id of the expense.
    const balanceFor = async (id: number) => (await run(budget.get_settlement_summary, { tripId: id }, ana)).summary
    expect((await balanceFor(trip.id)).balances).toEqual((await balanceFor(tripId)).balances)
    const alone = await run(copy_trip, { tripId }, ana)
    const [copied] = (await run(budget.list_budget_items, { tripId: alone.trip.id }, ana)).items
    // A person who is not in the copy becomes a guest of the same name there, with the same payments.
    const { members } = await run(list_trip_members, { tripId: alone.trip.id }, ana)
    const guest = members.find(({ name }) => name === 'Ben')
    expect(guest).toMatchObject({ role: 'guest' })
    expect(copied?.payers).toEqual([{ user_id: guest?.user_id, amount: 2400 }])
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

  test('a share link shows costs without names', async () => {
    const { run, tripId, ana, add, ids } = await scene()
    await add({ category: 'food', payers: [{ user_id: ids.ana, amount: 30 }] })
    await add({ category: 'flights', total_price: 100 })
    await add({ category: 'food', currency: 'JPY', total_price: 3000 })
    const { token } = await run(create_share_link, { tripId, share_budget: true }, ana)
    const { budget: shown } = await run(get_shared_trip, { token }, NOBODY)
    expect(shown).toEqual({
      currency: 'EUR',
      total: 130,
      unconverted: [{ currency: 'JPY', amount: 3000 }],
      categories: [
        { category: 'flights', total: 100, totals: [{ currency: 'EUR', amount: 100 }] },
        {
          category: 'food',
          total: 30,
          totals: [
            { currency: 'EUR', amount: 30 },
            { currency: 'JPY', amount: 3000 },
          ],
        },
      ],
    })
  })

  test('deleting a trip deletes all its costs', async () => {
    const { run, tripId, ana, add, pay, ids, eyes } = await scene()
    await add()
    await pay(ids.ben, ids.ana, 2)
    await run(delete_trip, { tripId }, ana)
    expect(eyes.lines).toEqual(expect.arrayContaining(['remove budget_item', 'remove settlement']))
  })
})
