import { expect, test } from 'vitest'
import { tripOfThree } from '../../../../test/fixtures/trip-of-three.ts'
import { eachDatabase } from '../../../../test/harness/database/databases.ts'
import { copy_trip, list_trip_members } from '../../trips/contract/index.ts'
import * as packing from '../contract/index.ts'

eachDatabase((database) => {
  async function scene() {
    const { tripId, ...three } = await tripOfThree(database())
    const { run, ana, ben, cleo } = three
    const add = (name: string, more: object, caller = ana) =>
      run(packing.create_packing_item, { tripId, name, ...more }, caller)
    const { bag } = await run(
      packing.create_packing_bag,
      { tripId, name: 'Backpack', weight_limit_grams: 8000, color: '#123456' },
      ana,
    )
    await run(packing.set_bag_members, { tripId, bagId: bag.id, userIds: [ana.userId, ben.userId] }, ana)
    await add('Tent', { bag_id: bag.id, quantity: 2, weight_grams: 900, category: 'Sleep', checked: true })
    await add('Diary of Ana', { visibility: 'personal' })
    await add('Diary of Ben', { visibility: 'personal', checked: true }, ben)
    await add('Guide', { visibility: 'shared', shared_with: [ben.userId, cleo.userId] })
    await add('Surprise', { visibility: 'shared', shared_with: [cleo.userId] })
    await run(
      packing.set_packing_category_assignees,
      { tripId, categoryName: 'Sleep', userIds: [ben.userId, cleo.userId] },
      ana,
    )
    const copyTrip = async (more: object = {}) => {
      const { trip } = await run(copy_trip, { tripId, ...more }, ben)
      const { owner, members } = await run(list_trip_members, { tripId: trip.id }, ben)
      const ids = (names: string[]) =>
        names
          .map((name) => [owner, ...members].find((person) => person.name === name)?.user_id as number)
          .sort((a, b) => a - b)
      const { items } = await run(packing.list_packing_items, { tripId: trip.id }, ben)
      const { bags } = await run(packing.list_packing_bags, { tripId: trip.id }, ben)
      const { assignees } = await run(packing.get_packing_category_assignees, { tripId: trip.id }, ben)
      return { trip, items, bags, assignees, ids }
    }
    return { ...three, tripId, bag, copyTrip }
  }

  test('a copy has the items that its author can see, unpacked and owned by the author', async () => {
    const { copyTrip, bag, ben } = await scene()
    const { trip, items, bags, assignees, ids } = await copyTrip()
    expect(items.map(({ name, visibility, shared_with }) => [name, visibility, shared_with])).toEqual([
      ['Tent', 'common', []],
      ['Diary of Ben', 'personal', []],
      ['Guide', 'shared', ids(['Ana', 'Cleo'])],
    ])
    for (const item of items) expect(item).toMatchObject({ trip_id: trip.id, owner_id: ben.userId, checked: false })
    expect(bags).toMatchObject([{ name: 'Backpack', color: '#123456', weight_limit_grams: 8000, weight_grams: 1800 }])
    expect(bags[0]?.id).not.toBe(bag.id)
    expect(bags[0]?.member_ids).toEqual(ids(['Ana', 'Ben']))
    expect(items[0]).toMatchObject({ bag_id: bags[0]?.id, quantity: 2, weight_grams: 900, category: 'Sleep' })
    expect(assignees.map(({ category, assignees }) => [category, assignees.map(({ user_id }) => user_id)])).toEqual([
      ['Sleep', ids(['Ben', 'Cleo'])],
    ])
  })

  test('members copied along still see the items shared with them, and no others', async () => {
    const { copyTrip, run, ana, cleo } = await scene()
    const { trip } = await copyTrip({ with_members: true })
    const names = async (caller: typeof ana) =>
      (await run(packing.list_packing_items, { tripId: trip.id }, caller)).items.map(({ name }) => name)
    expect(await names(ana)).toEqual(['Tent', 'Guide'])
    expect(await names(cleo)).toEqual(['Tent', 'Guide'])
  })

  test('the original trip stays unchanged', async () => {
    const { copyTrip, run, tripId, ana, watchers } = await scene()
    const before = await run(packing.list_packing_items, { tripId }, ana)
    for (const watcher of Object.values(watchers)) watcher.lines.splice(0)
    await copyTrip()
    expect(await run(packing.list_packing_items, { tripId }, ana)).toEqual(before)
    for (const { lines } of Object.values(watchers)) expect(lines).toEqual([])
  })
})
