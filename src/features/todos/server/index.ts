import { feature, onHook, rows } from '../../../core/run/feature.ts'
import { sharingPlacesIn } from '../../../core/run/ordering.ts'
import { sound } from '../../../core/run/sound.ts'
import { dueSoon } from '../../notifications/server/index.ts'
import { assignedIn } from '../../packing/server/index.ts'
import { listSection, memberRemoved, summarySection, tripCopied, tripDeleted } from '../../trips/server/index.ts'
import * as contract from '../contract/index.ts'
import { copyTodos } from './copy.ts'
import { dueTodos } from './due.ts'
import { handlers } from './handlers.ts'
import { listAssignees, listTodos, patchTodo, removeTodo, writeAssignees } from './store.ts'

export const todos = feature({
  name: 'todos',
  contract,
  handlers,
  entities: [rows(contract.Todo), rows(contract.TodoAssignees)],
  listeners: [
    sound('trip', async ({ tx }, id) => sharingPlacesIn(contract.Todo, await listTodos(tx, id))),
    summarySection('todos', contract.list_todos, listTodos),
    listSection('todo_assignees', contract.get_todo_category_assignees, async (tx, tripId) =>
      assignedIn(tx, await listAssignees(tx, tripId)),
    ),
    onHook(dueSoon, async ({ tx, barred }, { from, until }) =>
      barred(contract.list_todos) === null ? dueTodos(tx, from, until) : [],
    ),
    onHook(memberRemoved, async ({ tx }, { tripId, userId }) => {
      for (const todo of await listTodos(tx, tripId)) {
        if (todo.assigned_user_id === userId) await patchTodo(tx, todo, { assigned_user_id: null })
      }
      for (const row of await listAssignees(tx, tripId)) {
        const user_ids = row.user_ids.filter((id) => id !== userId)
        await writeAssignees(tx, tripId, row.category, row, user_ids)
      }
    }),
    onHook(tripDeleted, async ({ tx }, { tripId }) => {
      for (const todo of await listTodos(tx, tripId)) await removeTodo(tx, todo)
      for (const row of await listAssignees(tx, tripId)) await writeAssignees(tx, tripId, row.category, row, [])
    }),
    onHook(tripCopied, ({ tx, now }, copy) => copyTodos(tx, copy, now)),
  ],
})
