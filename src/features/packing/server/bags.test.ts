import { expect, test, vi } from 'vitest'
import type { z } from 'zod'
import { tripOfThree } from '../../../../test/fixtures/trip-of-three.ts'
import { eachDatabase } from '../../../../test/harness/database/databases.ts'
import { makeUser } from '../../../../test/harness/rigs/world.ts'
import { onHook } from '../../../core/run/feature.ts'
import { type News, tripNews } from '../../notifications/server/index.ts'
import { delete_trip, remove_trip_member } from '../../trips/contract/index.ts'
import * as packing from '../contract/index.ts'
import { packingTagged } from '../contract/news.ts'

type NewItems = z.input<typeof packing.bulk_import_packing.input>['items']

eachDatabase((database) => {
  async function scene() {
    const { tripId, ...three } = await tripOfThree(database())
    const { run, ana } = three
    const bag = async (more: object = {}) =>
      (await run(packing.create_packing_bag, { tripId, name: 'Backpack', ...more }, ana)).bag
    const add = async (more: object, caller = ana) =>
      (await run(packing.create_packing_item, { tripId, name: 'Tent', ...more }, caller)).item
    const bags = async (caller = ana) => (await run(packing.list_packing_bags, { tripId }, caller)).bags
    const clearLines = () => {
      for (const watcher of Object.values(three.watchers)) watcher.lines.splice(0)
    }
    return { ...three, tripId, bag, add, bags, clearLines }
  }

  test('the weight of a bag counts the items that the person can see', async () => {
    const { bag, add, bags, ana, ben, cleo, watchers } = await scene()
    const { id: bag_id, color } = await bag({ weight_limit_grams: 8000 })
    expect(color).toMatch(/^#[0-9a-f]{6}$/)
    await add({ bag_id, weight_grams: 400, quantity: 3 })
    await add({ bag_id, name: 'Socks' })
    await add({ bag_id, name: 'Ring', weight_grams: 10, visibility: 'personal' })
    await add({ bag_id, name: 'Guide', weight_grams: 0, visibility: 'shared', shared_with: [cleo.userId] })
    await add({ name: 'Not in a bag', weight_grams: 9 })
    const bagsSeenBy = async (caller: typeof ana) =>
      (await bags(caller)).map(({ weight_grams, item_count, unweighed_count }) => [
        weight_grams,
        item_count,
        unweighed_count,
      ])
    expect(await bagsSeenBy(ana)).toEqual([[1210, 4, 1]])
    expect(await bagsSeenBy(ben)).toEqual([[1200, 2, 1]])
    expect(await bagsSeenBy(cleo)).toEqual([[1200, 3, 1]])
    expect(watchers.ben.lines).toEqual([
      'insert packing_bag',
      'insert packing_item',
      'insert packing_item',
      'insert packing_item',
    ])
  })

  test('an item moves between bags and out of them, only within its trip', async () => {
    const { bag, add, run, tripId, ana, watchers, clearLines } = await scene()
    const [one, two] = [await bag(), await bag({ name: 'Suitcase', color: '#123456' })]
    expect([one.order_key, two.order_key]).toEqual(['a0', 'a1'])
    expect(one.color).not.toBe(two.color)
    const item = await add({ bag_id: one.id })
    clearLines()
    const move = (bag_id: number | null) =>
      run(packing.update_packing_item, { tripId, itemId: item.id, bag_id }, ana).then((answer) => answer.item.bag_id)
    expect(await move(two.id)).toBe(two.id)
    expect(await move(null)).toBe(null)
    expect(watchers.ben.lines).toEqual(['patch packing_item', 'patch packing_item'])
    const elsewhere = await scene()
    const foreignBag = await elsewhere.bag()
    await expect(move(foreignBag.id)).rejects.toMatchObject({
      code: 'not_found',
      hint: expect.stringContaining('list_'),
    })
    await expect(add({ bag_id: foreignBag.id })).rejects.toMatchObject({ code: 'not_found' })
    expect(watchers.ben.lines).toHaveLength(2)
  })

  test('a personal item moves without events to others, and is in no bag after its bag is deleted', async () => {
    const { bag, add, run, tripId, ana, ben, watchers, clearLines } = await scene()
    const { id: bagId } = await bag()
    const ring = await add({ name: 'Ring', visibility: 'personal' })
    const tent = await add({ bag_id: bagId })
    clearLines()
    await run(packing.update_packing_item, { tripId, itemId: ring.id, bag_id: bagId }, ana)
    expect(watchers.ana.lines).toEqual(['patch packing_item'])
    expect(watchers.ben.lines).toEqual([])
    clearLines()
    await run(packing.delete_packing_bag, { tripId, bagId }, ben)
    expect(watchers.ana.lines).toEqual(['patch packing_item', 'patch packing_item', 'remove packing_bag'])
    expect(watchers.ben.lines).toEqual(['patch packing_item', 'remove packing_bag'])
    const { items } = await run(packing.list_packing_items, { tripId }, ana)
    expect(items).toEqual([
      { ...ring, bag_id: null },
      { ...tent, bag_id: null },
    ])
  })

  test('a bag is updated field by field, and null clears its limit', async () => {
    const { bag, run, tripId, ana, watchers, clearLines } = await scene()
    const created = await bag({ weight_limit_grams: 8000 })
    clearLines()
    const change = async (more: object) =>
      (await run(packing.update_packing_bag, { tripId, bagId: created.id, ...more }, ana)).bag
    expect(await change({ name: 'Daypack' })).toEqual({ ...created, name: 'Daypack' })
    expect(await change({ weight_limit_grams: null })).toEqual({
      ...created,
      name: 'Daypack',
      weight_limit_grams: null,
    })
    expect(await change({ name: 'Daypack' })).toMatchObject({ name: 'Daypack' })
    expect(watchers.cleo.lines).toEqual(['patch packing_bag', 'patch packing_bag'])
    await expect(change({ color: 'red' })).rejects.toMatchObject({ code: 'invalid' })
  })

  test('a bag belongs to travellers until they leave', async () => {
    const { bag, bags, run, tripId, ana, ben, cleo, watchers, clearLines } = await scene()
    const { id: bagId } = await bag()
    const stranger = await makeUser(database(), 'Sam')
    clearLines()
    const setMembers = (userIds: number[]) => run(packing.set_bag_members, { tripId, bagId, userIds }, ana)
    const { members } = await setMembers([cleo.userId, ben.userId, ben.userId])
    expect(members.map((person) => person.user_id)).toEqual([ben.userId, cleo.userId])
    await expect(setMembers([stranger.userId])).rejects.toMatchObject({
      code: 'invalid',
      issues: [{ path: 'userIds' }],
    })
    expect((await bags())[0]?.members).toEqual(members)
    await run(remove_trip_member, { tripId, memberId: cleo.userId }, cleo)
    expect((await bags())[0]?.member_ids).toEqual([ben.userId])
    expect(watchers.ana.lines.slice(0, 2)).toEqual(['patch packing_bag', 'patch packing_bag'])
  })

  test('newly named assignees of a category are notified, and nobody else', async () => {
    const { catalogue, run, tripId, ana, ben, cleo, watchers } = await scene()
    const news: News[] = []
    const listener = onHook(tripNews, async (_, one) => void news.push(one))
    const answers = catalogue.listenersOf.bind(catalogue)
    vi.spyOn(catalogue, 'listenersOf').mockImplementation((hook) =>
      hook.name === tripNews.name ? [listener] : answers(hook),
    )
    const name = (userIds: number[], caller = ana) =>
      run(packing.set_packing_category_assignees, { tripId, categoryName: 'Clothes', userIds }, caller)
    const newsTo = (...to: number[]) => ({ tripId, event: packingTagged, to, about: 'Clothes' })
    const { assignees } = await name([ben.userId, ana.userId])
    expect(assignees.map((person) => person.user_id)).toEqual([ana.userId, ben.userId])
    expect(news.splice(0)).toEqual([newsTo(ben.userId)])
    await name([ben.userId, cleo.userId])
    expect(news.splice(0)).toEqual([newsTo(cleo.userId)])
    const assigneeList = await run(packing.get_packing_category_assignees, { tripId }, ben)
    expect(assigneeList).toMatchObject({
      assignees: [{ category: 'Clothes', assignees: [{ user_id: ben.userId }, { user_id: cleo.userId }] }],
    })
    await name([ben.userId])
    await name([])
    await name([])
    expect(news).toEqual([])
    expect(await run(packing.get_packing_category_assignees, { tripId }, ana)).toEqual({ assignees: [] })
    expect(watchers.cleo.lines).toEqual([
      'insert packing_assignees',
      'patch packing_assignees',
      'patch packing_assignees',
      'remove packing_assignees',
    ])
    await expect(name([999_999])).rejects.toMatchObject({ code: 'invalid' })
  })

  test('leaving the trip removes an assignee from all categories', async () => {
    const { run, tripId, ana, ben, cleo } = await scene()
    const name = (categoryName: string, userIds: number[]) =>
      run(packing.set_packing_category_assignees, { tripId, categoryName, userIds }, ana)
    await name('Clothes', [ben.userId, cleo.userId])
    await name('Toys', [cleo.userId])
    await run(remove_trip_member, { tripId, memberId: cleo.userId }, ana)
    expect(await run(packing.get_packing_category_assignees, { tripId }, ana)).toMatchObject({
      assignees: [{ category: 'Clothes', assignees: [{ user_id: ben.userId }] }],
    })
  })

  test('many items are imported together with their bags, or none is', async () => {
    const { bag, run, tripId, ana, ben, watchers, clearLines } = await scene()
    const daypack = await bag({ name: 'Daypack' })
    clearLines()
    const importItems = (items: NewItems, caller = ana) => run(packing.bulk_import_packing, { tripId, items }, caller)
    const { items, count, new_bags } = await importItems([
      { name: 'Socks', category: 'Clothes', quantity: 3, bag: 'Suitcase', weight_grams: 49.6, checked: true },
      { name: 'Map', bag: 'DAYPACK' },
      { name: 'Shirt', bag: 'suitcase', weight_grams: 0 },
      { name: 'Ring', visibility: 'personal' },
    ])
    expect(new_bags.map(({ name }) => name)).toEqual(['Suitcase'])
    expect(count).toBe(4)
    expect(items.map((item) => [item.name, item.category, item.quantity, item.bag_id, item.weight_grams])).toEqual([
      ['Socks', 'Clothes', 3, new_bags[0]?.id, 50],
      ['Map', 'General', 1, daypack.id, null],
      ['Shirt', 'General', 1, new_bags[0]?.id, 0],
      ['Ring', 'General', 1, null, null],
    ])
    expect(items.map((item) => [item.order_key, item.checked, item.owner_id])).toEqual([
      ['a0', true, ana.userId],
      ['a1', false, ana.userId],
      ['a2', false, ana.userId],
      ['a3', false, ana.userId],
    ])
    expect(watchers.ben.lines).toEqual([
      'insert packing_bag',
      'insert packing_item',
      'insert packing_item',
      'insert packing_item',
    ])
    clearLines()
    await expect(importItems([{ name: 'Good', bag: 'Third' }, { name: ' ' }], ben)).rejects.toMatchObject({
      code: 'invalid',
      issues: [{ path: 'items.1.name' }],
    })
    await expect(importItems([])).rejects.toMatchObject({ code: 'invalid' })
    await expect(importItems(Array.from({ length: 501 }, () => ({ name: 'Sock' })))).rejects.toMatchObject({
      code: 'invalid',
    })
    expect(watchers.ana.lines).toEqual([])
    const socks = Array.from({ length: 500 }, (_, at) => `Sock ${at}`)
    expect((await importItems(socks.map((name) => ({ name })))).count).toBe(500)
    const itemList = await run(packing.list_packing_items, { tripId, limit: 200 }, ana)
    expect(itemList.items.map(({ name }) => name)).toEqual(['Socks', 'Map', 'Shirt', 'Ring', ...socks].slice(0, 200))
  })

  test('deleting the trip deletes items, bags and assignees', async () => {
    const { bag, add, run, tripId, ana, ben, watchers, clearLines } = await scene()
    await add({ bag_id: (await bag()).id })
    const assignees = { tripId, categoryName: 'General', userIds: [ben.userId] }
    await run(packing.set_packing_category_assignees, assignees, ana)
    clearLines()
    await run(delete_trip, { tripId }, ana)
    expect(watchers.ana.lines.filter((line) => line.includes('packing'))).toEqual([
      'remove packing_item',
      'remove packing_bag',
      'remove packing_assignees',
    ])
  })
})
