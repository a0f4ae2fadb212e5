import type { ReadTx, Tx } from '../../../core/data/tx.ts'
import type { Values } from '../../../core/declare/entity.ts'
import { Assignment, type AssignmentRow, type Stop } from '../contract/index.ts'
import { messages } from '../contract/messages.ts'

/** The stops of a trip, ordered by day and place in the day. */
export const listAssignments = (tx: ReadTx, tripId: number): Promise<AssignmentRow[]> =>
  tx.list(Assignment, { trip_id: tripId }, ['day_id', 'order_key'])

/** The stops of one day in order. */
export const listAssignmentsOfDay = (tx: ReadTx, tripId: number, dayId: number): Promise<AssignmentRow[]> =>
  tx.list(Assignment, { trip_id: tripId, day_id: dayId }, ['order_key'])

export const listAssignmentsOfPlace = (tx: ReadTx, tripId: number, placeId: number): Promise<AssignmentRow[]> =>
  tx.list(Assignment, { trip_id: tripId, place_id: placeId })

/** The fields of places that an answer contains with each stop. */
export async function listPlacesOfStops(tx: ReadTx, tripId: number): Promise<Stop['place'][]> {
  const rows = await tx.ask('places of stops', [tripId, tripId], (db) =>
    db
      .selectFrom('places')
      .select(['id', 'name', 'lat', 'lng', 'address', 'category_id', 'place_time', 'end_time', 'duration_minutes'])
      .where('trip_id', '=', tripId)
      .where('id', 'in', ({ selectFrom }) =>
        selectFrom('assignments').select('place_id').where('trip_id', '=', tripId),
      ),
  )
  // Stored in the same form as in answers: none of these fields is an amount or a list.
  return rows as unknown as Stop['place'][]
}

/** How many stops of a day come before this key. */
export async function stopsBefore(tx: ReadTx, tripId: number, dayId: number, order_key: string): Promise<number> {
  const [row] = await tx.ask('stops before', [tripId, dayId, order_key], (db) =>
    db
      .selectFrom('assignments')
      .select(({ fn }) => fn.countAll<number>().as('count'))
      .where('trip_id', '=', tripId)
      .where('day_id', '=', dayId)
      .where('order_key', '<', order_key),
  )
  return Number(row?.count ?? 0)
}

/** A stop of this trip, or `not_found`. */
export async function getAssignment(tx: ReadTx, tripId: number, assignmentId: number): Promise<AssignmentRow> {
  const assignment = await tx.find(Assignment, { id: assignmentId, trip_id: tripId })
  if (!assignment) throw messages.assignmentNotFound({ id: assignmentId })
  return assignment
}

export const insertAssignment = (tx: Tx, values: Values<typeof Assignment>): Promise<AssignmentRow> =>
  tx.insert(Assignment, values)

export const patchAssignment = (tx: Tx, row: AssignmentRow, patch: Values<typeof Assignment>): Promise<AssignmentRow> =>
  tx.patch(Assignment, row, patch)

export const removeAssignment = (tx: Tx, row: AssignmentRow): Promise<void> => tx.remove(Assignment, row)

declare module '../../../core/data/tx.ts' {
  interface Tables {
    assignments: { trip_id: number; day_id: number; place_id: number; order_key: string }
  }
}
