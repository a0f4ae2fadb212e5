import type { ReadTx } from '../../../core/data/tx.ts'
import { datesOf } from '../../../core/declare/dates.ts'
import type { DueItem } from '../../notifications/server/index.ts'
import { findAssignees, listOpenTodosDue } from './store.ts'

/** What is due on one of these days, and for whom: the assignee, the assignees of its category, or everybody. */
export async function dueTodos(tx: ReadTx, from: string, until: string): Promise<DueItem[]> {
  const items: DueItem[] = []
  for (const todo of await listOpenTodosDue(tx, datesOf(from, until))) {
    const { id, trip_id: tripId, name, category, due_date, assigned_user_id } = todo
    const assignees = category === null ? null : await findAssignees(tx, tripId, category)
    const to = assigned_user_id !== null ? [assigned_user_id] : (assignees?.user_ids ?? 'everybody')
    items.push({ tripId, key: `todo ${id}`, about: name, date: due_date ?? from, to })
  }
  return items
}
