import type { Tx } from '../../../core/data/tx.ts'
import { keyAfter } from '../../../core/declare/order-key.ts'
import { implement } from '../../../core/run/feature.ts'
import { inGivenOrder, placeBefore, writeOrder } from '../../../core/run/ordering.ts'
import { assignedIn, checkedMembers, peopleOf } from '../../packing/server/index.ts'
import * as contract from '../contract/index.ts'
import * as store from './store.ts'

export const handlers = implement(contract, {
  list_todos: async ({ tx, input }) => ({ items: await store.listTodos(tx, input.tripId) }),

  create_todo: async ({ tx, input: { tripId, before, ...values }, now }) => {
    if (values.assigned_user_id) await checkedMembers(tx, tripId, [values.assigned_user_id], 'assigned_user_id')
    const order_key = before
      ? await placeBefore(await store.listTodos(tx, tripId), before, rekey(tx))
      : keyAfter(await store.lastKey(tx, tripId))
    return { item: await store.insertTodo(tx, { ...values, trip_id: tripId, order_key, created_at: now }) }
  },

  update_todo: async ({ tx, input: { tripId, itemId, priority, before, ...values } }) => {
    const todo = await store.getTodo(tx, tripId, itemId)
    if (values.assigned_user_id) await checkedMembers(tx, tripId, [values.assigned_user_id], 'assigned_user_id')
    const order_key =
      before === undefined ? before : await placeBefore(await store.listTodos(tx, tripId), before, rekey(tx), todo)
    const patch = { ...values, order_key, priority: priority === null ? 0 : priority }
    return { item: await store.patchTodo(tx, todo, patch) }
  },

  toggle_todo: async ({ tx, input: { tripId, itemId, checked } }) => ({
    item: await store.patchTodo(tx, await store.getTodo(tx, tripId, itemId), { checked }),
  }),

  delete_todo: async ({ tx, input: { tripId, itemId } }) => {
    await store.removeTodo(tx, await store.getTodo(tx, tripId, itemId))
    return { success: true }
  },

  reorder_todos: async ({ tx, input: { tripId, orderedIds } }) => {
    await writeOrder(inGivenOrder(await store.listTodos(tx, tripId), orderedIds, 'orderedIds'), rekey(tx))
    return { success: true }
  },

  get_todo_category_assignees: async ({ tx, input: { tripId } }) => ({
    assignees: await assignedIn(tx, await store.listAssignees(tx, tripId)),
  }),

  set_todo_category_assignees: async ({ tx, input: { tripId, categoryName, userIds } }) => {
    const user_ids = await checkedMembers(tx, tripId, userIds, 'userIds')
    const before = await store.findAssignees(tx, tripId, categoryName)
    await store.writeAssignees(tx, tripId, categoryName, before, user_ids)
    const assigneesOf = await peopleOf(tx, [user_ids], (ids) => ids)
    return { category: categoryName, assignees: assigneesOf(user_ids) }
  },
})

const rekey = (tx: Tx) => (todo: contract.TodoRow, order_key: string) => store.patchTodo(tx, todo, { order_key })
