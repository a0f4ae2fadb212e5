import type { ReadTx, Tx } from '../../../core/data/tx.ts'
import type { Values } from '../../../core/declare/entity.ts'
import { Todo, TodoAssignees, type TodoAssigneesRow, type TodoRow } from '../contract/index.ts'
import { messages } from '../contract/messages.ts'

/** The to-dos of a trip in order. */
export const listTodos = (tx: ReadTx, tripId: number): Promise<TodoRow[]> =>
  tx.list(Todo, { trip_id: tripId }, ['order_key'])

/** The key of the last to-do of a trip, or null. */
export async function lastKey(tx: ReadTx, tripId: number): Promise<string | null> {
  const [last] = await tx.list(Todo, { trip_id: tripId }, ['order_key desc'], 1)
  return last?.order_key ?? null
}

/** The open to-dos of all trips that are due on one of these days. */
export const listOpenTodosDue = (tx: ReadTx, dates: readonly string[]): Promise<TodoRow[]> =>
  tx.list(Todo, { due_date: dates, checked: false })

/** A to-do of this trip, or `not_found`. */
export async function getTodo(tx: ReadTx, tripId: number, itemId: number): Promise<TodoRow> {
  const todo = await tx.find(Todo, { id: itemId, trip_id: tripId })
  if (!todo) throw messages.todoNotFound({ id: itemId })
  return todo
}

export const insertTodo = (tx: Tx, values: Values<typeof Todo>): Promise<TodoRow> => tx.insert(Todo, values)

export const patchTodo = (tx: Tx, todo: TodoRow, patch: Values<typeof Todo>): Promise<TodoRow> =>
  tx.patch(Todo, todo, patch)

export const removeTodo = (tx: Tx, todo: TodoRow): Promise<void> => tx.remove(Todo, todo)

export const listAssignees = (tx: ReadTx, tripId: number): Promise<TodoAssigneesRow[]> =>
  tx.list(TodoAssignees, { trip_id: tripId }, ['category'])

export const findAssignees = (tx: ReadTx, tripId: number, category: string): Promise<TodoAssigneesRow | null> =>
  tx.find(TodoAssignees, { trip_id: tripId, category })

/** Writes the assignees of a category; a category without any has no row. */
export async function writeAssignees(
  tx: Tx,
  tripId: number,
  category: string,
  before: TodoAssigneesRow | null,
  user_ids: number[],
): Promise<void> {
  if (!before && user_ids.length) await tx.insert(TodoAssignees, { trip_id: tripId, category, user_ids })
  else if (before && user_ids.length) await tx.patch(TodoAssignees, before, { user_ids })
  else if (before) await tx.remove(TodoAssignees, before)
}
