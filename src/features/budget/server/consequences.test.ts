import { expect, test } from 'vitest'
import { bearer, fixedRates, tripWithCosts } from '../../../../test/fixtures/trip-with-costs.ts'
import { eachDatabase } from '../../../../test/harness/database/databases.ts'
import { makeUser } from '../../../../test/harness/rigs/world.ts'
import type { Rates } from '../../../adapters/rates.ts'
import { NOBODY } from '../../../core/data/space.ts'
import { delete_user } from '../../admin/contract/index.ts'
import { create_reservation, delete_reservation, update_reservation } from '../../reservations/contract/index.ts'
import { create_share_link, get_shared_trip } from '../../sharing/contract/index.ts'
import {
  add_guest,
  copy_trip,
  delete_trip,
  list_trip_members,
  remove_guest,
  remove_trip_member,
} from '../../trips/contract/index.ts'
import * as budget from '../contract/index.ts'

/** What happens to costs when members leave, bookings change, and trips are copied, shared or deleted. */

eachDatabase((database) => {
  const scene = (rates?: Rates) => tripWithCosts(database(), rates)

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
    const { run, tripId, ana, list, watcher, change, ids } = await scene()
    const created = await run(create_reservation, { tripId, title: 'Ryokan', type: 'hotel', price: 240 }, ana)
    const { id: reservationId } = created.reservation
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
    expect(watcher.lines.filter((line) => line.endsWith('budget_item'))).toEqual([
      'insert budget_item',
      'patch budget_item',
      'patch budget_item',
      'remove budget_item',
    ])
    const freeBooking = { tripId, title: 'Free', type: 'event', price: 0 }
    await run(create_reservation, freeBooking, ana)
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
    const copiedTrip = await run(copy_trip, { tripId }, ana)
    const [copied] = (await run(budget.list_budget_items, { tripId: copiedTrip.trip.id }, ana)).items
    // A person who is not in the copy becomes a guest of the same name there, with the same payments.
    const { members } = await run(list_trip_members, { tripId: copiedTrip.trip.id }, ana)
    const guest = members.find(({ name }) => name === 'Ben')
    expect(guest).toMatchObject({ role: 'guest' })
    expect(copied?.payers).toEqual([{ user_id: guest?.user_id, amount: 2400 }])
  })

  test('a share link shows costs without names', async () => {
    const { run, tripId, ana, add, ids } = await scene()
    await add({ category: 'food', payers: [{ user_id: ids.ana, amount: 30 }] })
    await add({ category: 'flights', total_price: 100 })
    await add({ category: 'food', currency: 'JPY', total_price: 3000 })
    const { token } = await run(create_share_link, { tripId, share_budget: true }, ana)
    const { budget: sharedBudget } = await run(get_shared_trip, { token }, NOBODY)
    expect(sharedBudget).toEqual({
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
    const { run, tripId, ana, add, pay, ids, watcher } = await scene()
    await add()
    await pay(ids.ben, ids.ana, 2)
    await run(delete_trip, { tripId }, ana)
    expect(watcher.lines).toEqual(expect.arrayContaining(['remove budget_item', 'remove settlement']))
  })
})
