import type { Tx } from '../../../core/data/tx.ts'
import type { TripCopy } from '../../trips/server/index.ts'
import { Todo } from '../contract/index.ts'
import * as store from './store.ts'

/** Copies the to-dos, none of them done, and the assignees of categories. */
export async function copyTodos(tx: Tx, copy: TripCopy, now: string): Promise<void> {
  const trip_id = copy.trip.id
  for (const { id, assigned_user_id, ...todo } of await store.listTodos(tx, copy.from)) {
    const made = await store.insertTodo(tx, {
      ...todo,
      trip_id,
      assigned_user_id: assigned_user_id && (await copy.person(assigned_user_id)),
      checked: false,
      created_at: now,
    })
    copy.became(Todo, id, made.id)
  }
  for (const { category, user_ids } of await store.listAssignees(tx, copy.from)) {
    const people = new Set<number>()
    for (const userId of user_ids) people.add(await copy.person(userId))
    await store.writeAssignees(
      tx,
      trip_id,
      category,
      null,
      [...people].sort((a, b) => a - b),
    )
  }
}
