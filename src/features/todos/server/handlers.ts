import type { Tx } from '../../../core/data/tx.ts'
import { implement } from '../../../core/run/feature.ts'
import { inGivenOrder } from '../../../core/run/ordering.ts'
import { checkedMembers, peopleOf } from '../../packing/server/index.ts'
import * as contract from '../contract/index.ts'
import * as store from './store.ts'

export const handlers = implement(contract, {
  list_todos: async ({ tx, input }) => ({ items: await store.listTodos(tx, input.tripId) }),

  create_todo: async ({ tx, input: { tripId, ...values }, now }) => {
    if (values.assigned_user_id) await checkedMembers(tx, tripId, [values.assigned_user_id], 'assigned_user_id')
    const item = await store.insertTodo(tx, {
      ...values,
      trip_id: tripId,
      sort_order: await store.countTodos(tx, tripId),
      created_at: now,
    })
    return { item }
  },

  update_todo: async ({ tx, input: { tripId, itemId, priority, ...patch } }) => {
    const todo = await store.getTodo(tx, tripId, itemId)
    if (patch.assigned_user_id) await checkedMembers(tx, tripId, [patch.assigned_user_id], 'assigned_user_id')
    return { item: await store.patchTodo(tx, todo, { ...patch, priority: priority === null ? 0 : priority }) }
  },

  toggle_todo: async ({ tx, input: { tripId, itemId, checked } }) => ({
    item: await store.patchTodo(tx, await store.getTodo(tx, tripId, itemId), { checked }),
  }),

  delete_todo: async ({ tx, input: { tripId, itemId } }) => {
    await store.removeTodo(tx, await store.getTodo(tx, tripId, itemId))
    await number(tx, await store.listTodos(tx, tripId))
    return { success: true }
  },

  reorder_todos: async ({ tx, input: { tripId, orderedIds } }) => {
    await number(tx, inGivenOrder(await store.listTodos(tx, tripId), orderedIds, 'orderedIds'))
    return { success: true }
  },

  get_todo_category_assignees: async ({ tx, input: { tripId } }) => {
    const rows = await store.listAssignees(tx, tripId)
    const assigneesOf = await peopleOf(tx, rows, (row) => row.user_ids)
    return { assignees: rows.map((row) => ({ category: row.category, assignees: assigneesOf(row) })) }
  },

  set_todo_category_assignees: async ({ tx, input: { tripId, categoryName, userIds } }) => {
    const user_ids = await checkedMembers(tx, tripId, userIds, 'userIds')
    const before = await store.findAssignees(tx, tripId, categoryName)
    await store.writeAssignees(tx, tripId, categoryName, before, user_ids)
    const assigneesOf = await peopleOf(tx, [user_ids], (ids) => ids)
    return { category: categoryName, assignees: assigneesOf(user_ids) }
  },
})

/** Numbers to-dos 0, 1, 2 … in this order; only those whose number changes are written. */
async function number(tx: Tx, todos: readonly contract.TodoRow[]): Promise<void> {
  for (const [sort_order, todo] of todos.entries()) await store.patchTodo(tx, todo, { sort_order })
}
