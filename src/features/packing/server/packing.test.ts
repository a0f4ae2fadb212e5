import { expect, test } from 'vitest'
import { tripOfThree } from '../../../../test/fixtures/trip-of-three.ts'
import { eachDatabase } from '../../../../test/harness/database/databases.ts'
import { makeUser } from '../../../../test/harness/rigs/world.ts'
import { get_trip_summary } from '../../summary/contract/index.ts'
import { remove_trip_member } from '../../trips/contract/index.ts'
import * as packing from '../contract/index.ts'

eachDatabase((database) => {
  async function scene() {
    const { tripId, ana, ben, cleo, watchers, ...world } = await tripOfThree(database())
    const add = async (more: object, caller = ana) =>
      (await world.run(packing.create_packing_item, { tripId, name: 'Tent', ...more }, caller)).item
    const names = async (caller = ana) =>
      (await world.run(packing.list_packing_items, { tripId }, caller)).items.map((item) => item.name)
    return { ...world, ana, ben, cleo, tripId, watchers, add, names }
  }

  test('a common item belongs to all members', async () => {
    const { add, names, ana, ben, cleo, watchers, run, tripId } = await scene()
    const item = await add({ name: 'Tent' })
    expect(item).toMatchObject({
      category: 'General',
      quantity: 1,
      checked: false,
      visibility: 'common',
      shared_with: [],
      order_key: 'a0',
      weight_grams: null,
    })
    await run(packing.toggle_packing_item, { tripId, itemId: item.id, checked: true }, ben)
    for (const caller of [ana, ben, cleo]) expect(await names(caller)).toEqual(['Tent'])
    for (const { lines } of Object.values(watchers))
      expect(lines).toEqual(['insert packing_item', 'patch packing_item'])
  })

  test('a personal item is hidden from others everywhere', async () => {
    const { add, names, ben, watchers, run, tripId, pipeline } = await scene()
    const item = await add({ name: 'Ring', visibility: 'personal' })
    await run(packing.toggle_packing_item, { tripId, itemId: item.id, checked: true }, (await scene()).ana).catch(
      () => {},
    )
    expect(await names(ben)).toEqual([])
    expect(watchers.ben.rows).toEqual([])
    expect(watchers.cleo.rows).toEqual([])
    expect(watchers.ana.lines).toEqual(['insert packing_item'])
    const toBen = [
      await run(get_trip_summary, { tripId }, ben),
      await pipeline.snapshot({ space: 'trip', id: tripId }, ben),
    ]
    expect(JSON.stringify(toBen)).not.toContain('Ring')
    const attempts = [
      { operation: packing.update_packing_item, more: { name: 'Mine' } },
      { operation: packing.toggle_packing_item, more: { checked: true } },
      { operation: packing.delete_packing_item, more: {} },
    ]
    for (const { operation, more } of attempts) {
      const refusal = (itemId: number) => run(operation, { tripId, itemId, ...more }, ben).catch((error) => error)
      const [hidden, unknown] = [await refusal(item.id), await refusal(999_999)]
      expect(hidden.code).toBe('not_found')
      expect(hidden.message.replace(/\d+/, 'N')).toBe(unknown.message.replace(/\d+/, 'N'))
    }
  })

  test('sharing an item shows it to that member, and unsharing hides it again', async () => {
    const { add, ben, ana, watchers, run, tripId, names } = await scene()
    const item = await add({ name: 'Guide', visibility: 'personal' })
    const change = (more: object, caller = ana) =>
      run(packing.update_packing_item, { tripId, itemId: item.id, ...more }, caller)
    await change({ visibility: 'shared', shared_with: [ben.userId] })
    await change({ quantity: 2 }, ben)
    await change({ visibility: 'personal' })
    await change({ visibility: 'common' })
    expect(watchers.ana.lines).toEqual([
      'insert packing_item',
      'patch packing_item',
      'patch packing_item',
      'patch packing_item',
      'patch packing_item',
    ])
    expect(watchers.ben.lines).toEqual([
      'insert packing_item',
      'patch packing_item',
      'remove packing_item',
      'insert packing_item',
    ])
    expect(watchers.cleo.lines).toEqual(['insert packing_item'])
    expect(await names(ben)).toEqual(['Guide'])
  })

  test('only the owner decides who sees an item, and can share it only with members', async () => {
    const { add, ben, ana, run, tripId } = await scene()
    const stranger = await makeUser(database(), 'Sam')
    const item = await add({})
    const change = (more: object, caller = ana) =>
      run(packing.update_packing_item, { tripId, itemId: item.id, ...more }, caller)
    await expect(change({ visibility: 'personal' }, ben)).rejects.toMatchObject({ code: 'forbidden' })
    await expect(change({ visibility: 'shared', shared_with: [stranger.userId] })).rejects.toMatchObject({
      code: 'invalid',
      issues: [{ path: 'shared_with' }],
    })
    await expect(change({ visibility: 'shared' })).rejects.toMatchObject({ code: 'invalid' })
    await expect(change({ shared_with: [ben.userId] })).rejects.toMatchObject({ code: 'invalid' })
  })

  test('ticking an item changes nothing else', async () => {
    const { add, run, tripId, ana } = await scene()
    const item = await add({ quantity: 7, category: 'Clothes', weight_grams: 0 })
    const { item: ticked } = await run(packing.toggle_packing_item, { tripId, itemId: item.id, checked: true }, ana)
    expect(ticked).toEqual({ ...item, checked: true })
    const { item: cleared } = await run(
      packing.update_packing_item,
      { tripId, itemId: item.id, weight_grams: null },
      ana,
    )
    expect(cleared).toEqual({ ...item, checked: true, weight_grams: null })
  })

  test('reordering must name every visible item, and leaves hidden ones in place', async () => {
    const { add, run, tripId, ana, ben, names, watchers } = await scene()
    const [a, secret, b, c] = [
      await add({ name: 'a' }),
      await add({ name: 'secret', visibility: 'personal' }),
      await add({ name: 'b' }),
      await add({ name: 'c' }),
    ]
    const reorder = (orderedIds: number[], caller = ben) =>
      run(packing.reorder_packing_items, { tripId, orderedIds }, caller)
    watchers.ana.lines.splice(0)
    await reorder([a, c, b].map((item) => item?.id as number))
    expect(await names(ana)).toEqual(['a', 'secret', 'c', 'b'])
    await reorder([c, b, a].map((item) => item?.id as number))
    expect(await names(ana)).toEqual(['secret', 'c', 'b', 'a'])
    expect(watchers.ana.lines).toEqual(['patch packing_item', 'patch packing_item'])
    const { items } = await run(packing.list_packing_items, { tripId }, ana)
    expect(items[0]).toEqual(secret)
    expect(new Set(items.map(({ order_key }) => order_key)).size).toBe(4)
    await expect(reorder([c?.id as number, b?.id as number])).rejects.toMatchObject({ code: 'invalid' })
    await expect(reorder([c?.id as number, b?.id as number, b?.id as number])).rejects.toMatchObject({
      code: 'invalid',
    })
    await expect(reorder([c, b, a, secret].map((item) => item?.id as number))).rejects.toMatchObject({
      code: 'invalid',
    })
    expect(await names(ana)).toEqual(['secret', 'c', 'b', 'a'])
  })

  test('one call moves an item to another category and bag, before another one or to the end', async () => {
    const { add, run, tripId, ana, names, watchers } = await scene()
    const { bag } = await run(packing.create_packing_bag, { tripId, name: 'Backpack' }, ana)
    const change = async (itemId: number, more: object) =>
      (await run(packing.update_packing_item, { tripId, itemId, ...more }, ana)).item
    const a = await add({ name: 'a', category: 'Sleep' })
    const b = await add({ name: 'b' })
    await add({ name: 'c' })
    watchers.ben.lines.splice(0)
    const movedItem = await change(a.id, { category: 'Kitchen', bag_id: bag.id, before: null })
    expect(movedItem).toMatchObject({ name: 'a', category: 'Kitchen', bag_id: bag.id })
    expect(await names()).toEqual(['b', 'c', 'a'])
    await change(a.id, { before: b.id })
    for (const before of [a.id, b.id]) await change(a.id, { before })
    expect(await names()).toEqual(['a', 'b', 'c'])
    expect(watchers.ben.lines).toEqual(['patch packing_item', 'patch packing_item'])
    await add({ name: 'd', before: b.id })
    expect(await names()).toEqual(['a', 'd', 'b', 'c'])
    watchers.ben.lines.splice(0)
    const wrong = { code: 'invalid', issues: [{ path: 'before', message: expect.stringContaining('999999') }] }
    await expect(change(a.id, { before: 999_999, name: 'x' })).rejects.toMatchObject(wrong)
    await expect(add({ before: 999_999 })).rejects.toMatchObject(wrong)
    expect(watchers.ben.lines).toEqual([])
  })

  test('a hidden item keeps its place in the list, but cannot be named as the position', async () => {
    const { add, run, tripId, ana, ben, names, watchers } = await scene()
    const a = await add({ name: 'a' })
    const secret = await add({ name: 'secret', visibility: 'personal' })
    const b = await add({ name: 'b' })
    const change = (itemId: number, before: number | null) =>
      run(packing.update_packing_item, { tripId, itemId, before }, ben)
    watchers.ana.lines.splice(0)
    // For Ben, a is already before b, and b at the end.
    await change(a.id, b.id)
    await change(b.id, null)
    expect(watchers.ana.lines).toEqual([])
    const refusal = (itemId: number) => add({ name: 'x', before: itemId }, ben).catch((error) => error)
    const [hidden, unknown] = [await refusal(secret.id), await refusal(999_999)]
    expect(hidden.code).toBe('invalid')
    const refusalText = ({ message, issues }: typeof hidden) =>
      JSON.stringify([message, issues]).replaceAll(/\d+/g, 'N')
    expect(refusalText(hidden)).toBe(refusalText(unknown))
    await expect(change(a.id, secret.id)).rejects.toMatchObject({ code: 'invalid', issues: [{ path: 'before' }] })
    await add({ name: 'c', before: b.id }, ben)
    await change(a.id, null)
    expect(await names(ben)).toEqual(['c', 'b', 'a'])
    expect(await names(ana)).toEqual(['secret', 'c', 'b', 'a'])
    const { items } = await run(packing.list_packing_items, { tripId }, ana)
    expect(items[0]).toEqual(secret)
    expect(new Set(items.map(({ order_key }) => order_key)).size).toBe(4)
  })

  test('a member who leaves the trip no longer sees the items shared with them', async () => {
    const { add, run, tripId, ana, ben } = await scene()
    const item = await add({ name: 'Guide', visibility: 'shared', shared_with: [ben.userId] })
    await run(remove_trip_member, { tripId, memberId: ben.userId }, ben)
    const { items } = await run(packing.list_packing_items, { tripId }, ana)
    expect(items).toEqual([{ ...item, visibility: 'personal', shared_with: [] }])
  })
})
