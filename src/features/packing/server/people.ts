import type { ReadTx } from '../../../core/data/tx.ts'
import { invalidField } from '../../../core/declare/errors.ts'
import type { Person } from '../../../identity/contract/person.ts'
import { findPeople } from '../../../identity/server/people/store.ts'
import { listMembers } from '../../trips/server/index.ts'
import { messages } from '../contract/messages.ts'

/** These people without duplicates, or `invalid` if one is not in the trip. */
export async function checkedMembers(
  tx: ReadTx,
  tripId: number,
  userIds: readonly number[],
  path: string,
): Promise<number[]> {
  const members = new Set((await listMembers(tx, tripId)).map((member) => member.user_id))
  const strangers = userIds.filter((userId) => !members.has(userId))
  if (strangers.length) {
    throw invalidField(path, messages.notMembers({ strangers, members: [...members] }))
  }
  return [...new Set(userIds)].sort((a, b) => a - b)
}

/** The assignees of each category, with their names. */
export async function assignedIn(tx: ReadTx, rows: readonly { category: string; user_ids: readonly number[] }[]) {
  const assigneesOf = await peopleOf(tx, rows, (row) => row.user_ids)
  return rows.map((row) => ({ category: row.category, assignees: assigneesOf(row) }))
}

/** The people each row names, in its order. */
export async function peopleOf<R>(tx: ReadTx, rows: readonly R[], ids: (row: R) => readonly number[]) {
  const people = await findPeople(tx, [...new Set(rows.flatMap(ids))])
  const known = new Map(people.map((person) => [person.user_id, person]))
  return (row: R): Person[] =>
    ids(row).flatMap((id) => {
      const person = known.get(id)
      return person ? [person] : []
    })
}
