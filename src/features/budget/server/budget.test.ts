import { expect, test } from 'vitest'
import { bearer, fixedRates, tripWithCosts } from '../../../../test/fixtures/trip-with-costs.ts'
import { eachDatabase } from '../../../../test/harness/database/databases.ts'
import { makeUser } from '../../../../test/harness/rigs/world.ts'
import type { Rates } from '../../../adapters/rates.ts'
import * as budget from '../contract/index.ts'

/** Expenses, how they are shared, and how debts are settled. */

eachDatabase((database) => {
  const scene = (rates?: Rates) => tripWithCosts(database(), rates)

  test('by default an expense is shared by all members, in the currency of the trip', async () => {
    const { add, ids, watcher } = await scene()
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
    expect(watcher.lines).toEqual(['insert budget_item', 'insert budget_item', 'insert budget_item'])
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
    const { add, balances, summary, pay, run, tripId, ana, ids, watcher } = await scene()
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
    expect(watcher.lines.slice(3)).toEqual(['insert settlement', 'patch settlement', 'remove settlement'])
  })

  test('a ticked share is no longer owed', async () => {
    const { add, balances, run, tripId, ana, ids, watcher } = await scene()
    const item = await add({ payers: [{ user_id: ids.ana, amount: 90 }] })
    const tickShare = (memberId: number, paid: boolean) =>
      run(budget.toggle_budget_member_paid, { tripId, itemId: item.id, memberId, paid }, ana)
    expect(await tickShare(ids.ben, true)).toEqual({ member: bearer(ids.ben, { paid: true }) })
    expect(await balances()).toEqual([30, 0, -30])
    await tickShare(ids.ben, true)
    await tickShare(ids.ben, false)
    expect(await balances()).toEqual([60, -30, -30])
    await expect(tickShare(999_999, true)).rejects.toMatchObject({ code: 'not_found' })
    expect(watcher.lines).toEqual(['insert budget_item', 'patch budget_item', 'patch budget_item'])
  })

  test('a share both ticked and settled counts twice, with a warning', async () => {
    const { add, balances, pay, run, tripId, ana, ids } = await scene()
    const item = await add({ payers: [{ user_id: ids.ana, amount: 90 }] })
    const tickShare = (memberId: number, paid: boolean) =>
      run(budget.toggle_budget_member_paid, { tripId, itemId: item.id, memberId, paid }, ana)
    expect((await tickShare(ids.ben, true)).note).toBeUndefined()
    expect((await pay(ids.cleo, ids.ana, 5)).note).toBeUndefined()
    expect((await pay(ids.ben, ids.cleo, 5)).note).toBeUndefined()
    const payment = await pay(ids.ben, ids.ana, 30)
    expect(payment.note).toMatch(
      /^Ben’s share of “Dinner” is ticked as paid to Ana\. .*counts twice.*delete_settlement/,
    )
    expect(await balances()).toEqual([-5, 35, -30])
    expect((await tickShare(ids.ben, false)).note).toBeUndefined()
    expect((await tickShare(ids.ben, true)).note).toMatch(
      /^Ben has paid 30 EUR to Ana as a settlement\. .*counts twice/,
    )
    const ends = { from_user_id: ids.ben, to_user_id: ids.ana, amount: 10 }
    const changed = await run(budget.update_settlement, { tripId, settlementId: payment.settlement.id, ...ends }, ana)
    expect(changed.note).toMatch(/counts twice/)
  })

  test('each cost lists what each person bears and has paid', async () => {
    const { add, run, tripId, ana, ids } = await scene(fixedRates())
    const dinner = await add({ payers: [{ user_id: ids.ana, amount: 10 }] })
    const sushi = await add({ name: 'Sushi', currency: 'JPY', total_price: 1600, member_ids: [ids.ben] })
    const { items } = await run(budget.get_budget_per_person, { tripId }, ana)
    const [first, ...otherPeople] = items[0]?.people ?? []
    expect(first).toMatchObject({ user_id: ids.ana, paid: 10 })
    expect(otherPeople).toMatchObject([
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

  test('categories are reordered and renamed', async () => {
    const { add, run, tripId, ana, list, watcher } = await scene()
    const [a, b, c] = [
      await add({ name: 'a', category: 'food' }),
      await add({ name: 'b', category: 'transport' }),
      await add({ name: 'c', category: 'food' }),
    ]
    const names = async () => (await list()).map(({ name }) => name).join('')
    expect(await names()).toBe('acb')
    watcher.lines.splice(0)
    await run(budget.move_budget_category, { tripId, category: 'transport', before: 'food' }, ana)
    expect(await names()).toBe('bac')
    expect(watcher.lines).toEqual(['patch budget_item'])
    await run(budget.reorder_budget_items, { tripId, orderedIds: [c.id, a.id, b.id] }, ana)
    expect(await names()).toBe('cab')
    expect(watcher.lines).toEqual(['patch budget_item', 'patch budget_item', 'patch budget_item'])
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
    const { add, list, watcher } = await scene()
    const a = await add({ name: 'a' })
    const b = await add({ name: 'b', before: null })
    await add({ name: 'c', before: b.id })
    await add({ name: 'd', before: a.id })
    expect((await list()).map(({ name }) => name).join('')).toBe('dacb')
    expect(watcher.lines).toEqual(Array(4).fill('insert budget_item'))
    const wrong = { code: 'invalid', issues: [{ path: 'before', message: expect.stringContaining('999999') }] }
    await expect(add({ before: 999_999 })).rejects.toMatchObject(wrong)
  })
})
