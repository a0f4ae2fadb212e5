import { expect, test } from 'vitest'
import { tripOfThree } from '../../../../test/fixtures/trip-of-three.ts'
import { eachDatabase } from '../../../../test/harness/database/databases.ts'
import { makeUser } from '../../../../test/harness/rigs/world.ts'
import { delete_user } from '../../admin/contract/index.ts'
import { get_trip_summary } from '../../summary/contract/index.ts'
import { copy_trip, delete_trip, list_trip_members, remove_trip_member } from '../../trips/contract/index.ts'
import * as todos from '../contract/index.ts'

eachDatabase((database) => {
  async function scene() {
    const { tripId, ...three } = await tripOfThree(database())
    const { run, ana } = three
    const add = async (name: string, more: object = {}, caller = ana) =>
      (await run(todos.create_todo, { tripId, name, ...more }, caller)).item
    const change = async (itemId: number, more: object, caller = ana) =>
      (await run(todos.update_todo, { tripId, itemId, ...more }, caller)).item
    const list = async (caller = ana) => (await run(todos.list_todos, { tripId }, caller)).items
    const order = async () => (await list()).map(({ name }) => name)
    const clearLines = () => {
      for (const watcher of Object.values(three.watchers)) watcher.lines.splice(0)
    }
    return { ...three, tripId, add, change, list, order, clearLines }
  }

  test('a new to-do is open, without a date or an assignee, at the end', async () => {
    const { add, tripId, watchers } = await scene()
    await add('Book the ryokan')
    const item = await add('Buy the rail pass')
    expect(item).toMatchObject({
      trip_id: tripId,
      category: null,
      due_date: null,
      description: null,
      assigned_user_id: null,
      priority: 0,
      checked: false,
      order_key: 'a1',
    })
    for (const { lines } of Object.values(watchers)) expect(lines).toEqual(['insert todo', 'insert todo'])
  })

  test('omitted fields stay, and null clears', async () => {
    const { add, change, ben, watchers, clearLines } = await scene()
    const allFields = {
      category: 'Bookings',
      due_date: '2027-03-01',
      description: 'Two nights',
      assigned_user_id: ben.userId,
      priority: 1,
    }
    const item = await add('Book the ryokan', allFields)
    expect(item).toMatchObject(allFields)
    clearLines()
    expect(await change(item.id, { name: 'Book the inn' })).toEqual({ ...item, name: 'Book the inn' })
    const cleared = { category: null, due_date: null, description: null, assigned_user_id: null, priority: null }
    expect(await change(item.id, cleared, ben)).toEqual({ ...item, ...cleared, name: 'Book the inn', priority: 0 })
    expect(await change(item.id, {})).toMatchObject({ name: 'Book the inn' })
    expect(watchers.cleo.lines).toEqual(['patch todo', 'patch todo'])
  })

  test('ticking changes nothing else, and ticking twice is not a change', async () => {
    const { add, run, tripId, cleo, watchers, clearLines } = await scene()
    const item = await add('Book the ryokan', { priority: 3 })
    clearLines()
    const setChecked = async (checked: boolean) =>
      (await run(todos.toggle_todo, { tripId, itemId: item.id, checked }, cleo)).item
    expect(await setChecked(true)).toEqual({ ...item, checked: true })
    await setChecked(true)
    expect(watchers.ana.lines).toEqual(['patch todo'])
  })

  test('invalid values are refused with an explanation', async () => {
    const { add, change, watchers, clearLines } = await scene()
    const stranger = await makeUser(database(), 'Sam')
    const { id } = await add('Book the ryokan')
    clearLines()
    const refused: [object, string][] = [
      [{ assigned_user_id: stranger.userId }, 'assigned_user_id'],
      [{ priority: 4 }, 'priority'],
      [{ due_date: '2027-02-30' }, 'due_date'],
      [{ name: ' ' }, 'name'],
      [{ description: 'x'.repeat(2001) }, 'description'],
    ]
    for (const [more, path] of refused) {
      await expect(change(id, more), path).rejects.toMatchObject({ code: 'invalid', issues: [{ path }] })
      await expect(add('Another', more), path).rejects.toMatchObject({ code: 'invalid', issues: [{ path }] })
    }
    await expect(add('x'.repeat(501))).rejects.toMatchObject({ code: 'invalid' })
    await expect(change(999_999, { priority: 1 })).rejects.toMatchObject({
      code: 'not_found',
      hint: expect.stringContaining('list_todos'),
    })
    expect(watchers.ana.lines).toEqual([])
  })

  test('only the moved to-do is sent', async () => {
    const { add, order, run, tripId, ana, watchers, clearLines } = await scene()
    const ids = []
    for (const name of ['a', 'b', 'c', 'd']) ids.push((await add(name)).id)
    const [a, b, c, d] = ids as [number, number, number, number]
    clearLines()
    const reorder = (orderedIds: number[]) => run(todos.reorder_todos, { tripId, orderedIds }, ana)
    await reorder([a, c, b, d])
    expect(await order()).toEqual(['a', 'c', 'b', 'd'])
    expect(watchers.ben.lines).toEqual(['patch todo'])
    clearLines()
    for (const wrong of [[a, b, c], [a, b, c, c], [a, b, c, 999_999], []]) {
      await expect(reorder(wrong)).rejects.toMatchObject({ code: 'invalid' })
    }
    await run(todos.delete_todo, { tripId, itemId: c }, ana)
    expect(await order()).toEqual(['a', 'b', 'd'])
    expect(watchers.ben.lines).toEqual(['remove todo'])
    await expect(run(todos.delete_todo, { tripId, itemId: c }, ana)).rejects.toMatchObject({ code: 'not_found' })
  })

  test('one call moves a to-do to another category, before another one or to the end', async () => {
    const { add, change, order, watchers, clearLines } = await scene()
    const a = await add('a', { category: 'Home' })
    const b = await add('b')
    await add('c')
    clearLines()
    expect(await change(a.id, { category: null, before: null })).toMatchObject({ name: 'a', category: null })
    expect(await order()).toEqual(['b', 'c', 'a'])
    await change(a.id, { before: b.id })
    for (const before of [a.id, b.id]) await change(a.id, { before })
    expect(await order()).toEqual(['a', 'b', 'c'])
    expect(watchers.ben.lines).toEqual(['patch todo', 'patch todo'])
    await add('d', { before: b.id })
    expect(await order()).toEqual(['a', 'd', 'b', 'c'])
    clearLines()
    const wrong = { code: 'invalid', issues: [{ path: 'before', message: expect.stringContaining('999999') }] }
    await expect(change(a.id, { before: 999_999, name: 'x' })).rejects.toMatchObject(wrong)
    await expect(add('e', { before: 999_999 })).rejects.toMatchObject(wrong)
    expect(watchers.ben.lines).toEqual([])
  })

  test('the list is read page by page', async () => {
    const { add, run, tripId, ana } = await scene()
    for (const name of ['a', 'b', 'c']) await add(name)
    const first = await run(todos.list_todos, { tripId, limit: 2 }, ana)
    expect([first.items.length, first.remaining]).toEqual([2, 1])
    const rest = await run(todos.list_todos, { tripId, cursor: first.next_cursor as string }, ana)
    expect(rest).toMatchObject({ items: [{ name: 'c' }], next_cursor: null, remaining: 0 })
  })

  test('a category has assignees', async () => {
    const { run, tripId, ana, ben, cleo, watchers } = await scene()
    const name = (userIds: number[]) =>
      run(todos.set_todo_category_assignees, { tripId, categoryName: 'Bookings', userIds }, ana)
    expect(await name([cleo.userId, ben.userId])).toMatchObject({
      category: 'Bookings',
      assignees: [{ user_id: ben.userId }, { user_id: cleo.userId }],
    })
    await expect(name([999_999])).rejects.toMatchObject({ code: 'invalid' })
    expect(await run(todos.get_todo_category_assignees, { tripId }, ben)).toMatchObject({
      assignees: [{ category: 'Bookings', assignees: [{ name: 'Ben' }, { name: 'Cleo' }] }],
    })
    await name([])
    expect(await run(todos.get_todo_category_assignees, { tripId }, ben)).toEqual({ assignees: [] })
    expect(watchers.ben.lines).toEqual(['insert todo_assignees', 'remove todo_assignees'])
  })

  test('leaving the trip removes all assignments of a member', async () => {
    const { add, list, run, tripId, ana, ben, cleo } = await scene()
    await add('Hers', { assigned_user_id: cleo.userId })
    await add('His', { assigned_user_id: ben.userId })
    await run(todos.set_todo_category_assignees, { tripId, categoryName: 'Toys', userIds: [cleo.userId] }, ana)
    await run(remove_trip_member, { tripId, memberId: cleo.userId }, cleo)
    expect((await list()).map(({ assigned_user_id }) => assigned_user_id)).toEqual([null, ben.userId])
    expect(await run(todos.get_todo_category_assignees, { tripId }, ben)).toEqual({ assignees: [] })
  })

  test('after deleting an account, to-dos assigned to it in trips of others remain, unassigned', async () => {
    const { add, list, run, tripId, ana, ben } = await scene()
    await add('His', { assigned_user_id: ben.userId })
    await run(todos.set_todo_category_assignees, { tripId, categoryName: 'Toys', userIds: [ben.userId] }, ana)
    const admin = await makeUser(database(), 'Admin', { admin: true, way: 'web' })
    await run(delete_user, { userId: ben.userId }, admin)
    expect(await list()).toMatchObject([{ name: 'His', assigned_user_id: null }])
    expect(await run(todos.get_todo_category_assignees, { tripId }, ana)).toEqual({ assignees: [] })
  })

  test('the summary has the to-dos, unless the caller may not read them', async () => {
    const { add, run, tripId, ana } = await scene()
    const item = await add('Book the ryokan')
    expect((await run(get_trip_summary, { tripId }, ana)).todos).toEqual([item])
    const { todos: hidden, omitted } = await run(
      get_trip_summary,
      { tripId },
      { ...ana, scopes: new Set(['trips:read']) },
    )
    expect(hidden).toBeUndefined()
    expect(omitted).toContainEqual({ section: 'todos', reason: 'needs the scope todos:read' })
  })

  test('a copy of the trip has all to-dos, open, assigned to the people of the copy', async () => {
    const { add, run, tripId, ana, ben, list } = await scene()
    await add('Hers', { assigned_user_id: ana.userId, checked: true, priority: 2, due_date: '2027-03-01' })
    await add('His', { assigned_user_id: ben.userId, category: 'Bookings', description: 'Soon' })
    await run(todos.set_todo_category_assignees, { tripId, categoryName: 'Bookings', userIds: [ana.userId] }, ana)
    const before = await list()
    const { trip } = await run(copy_trip, { tripId }, ben)
    const { owner, members } = await run(list_trip_members, { tripId: trip.id }, ben)
    const guest = members.find((person) => person.name === 'Ana')
    expect([owner.user_id, guest?.role]).toEqual([ben.userId, 'guest'])
    const { items } = await run(todos.list_todos, { tripId: trip.id }, ben)
    const rest = ({ id: _, trip_id: __, created_at: ___, ...values }: todos.TodoRow) => values
    expect(items.map(rest)).toEqual(
      before.map((item, index) => ({
        ...rest(item),
        checked: false,
        assigned_user_id: [guest?.user_id, ben.userId][index],
      })),
    )
    expect(await run(todos.get_todo_category_assignees, { tripId: trip.id }, ben)).toMatchObject({
      assignees: [{ category: 'Bookings', assignees: [{ user_id: guest?.user_id }] }],
    })
    expect(await list()).toEqual(before)
  })

  test('deleting the trip deletes its to-dos', async () => {
    const { add, run, tripId, ana, ben, watchers, clearLines } = await scene()
    await add('Book the ryokan', { assigned_user_id: ben.userId })
    await run(todos.set_todo_category_assignees, { tripId, categoryName: 'Toys', userIds: [ben.userId] }, ana)
    clearLines()
    await run(delete_trip, { tripId }, ana)
    expect(watchers.ana.lines.filter((line) => line.includes('todo'))).toEqual(['remove todo', 'remove todo_assignees'])
  })
})
