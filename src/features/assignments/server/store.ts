import type { ReadTx, Tx } from '../../../core/data/tx.ts'
import type { Values } from '../../../core/declare/entity.ts'
import { notFound } from '../../../core/declare/errors.ts'
import { Assignment, type AssignmentRow } from '../contract/index.ts'

/** The stops of a whole trip, day by day in order. */
export const listAssignments = (tx: ReadTx, tripId: number): Promise<AssignmentRow[]> =>
  tx.list(Assignment, { trip_id: tripId }, ['day_id', 'order_key'])

/** The stops of one day in order. */
export const listAssignmentsOfDay = (tx: ReadTx, tripId: number, dayId: number): Promise<AssignmentRow[]> =>
  tx.list(Assignment, { trip_id: tripId, day_id: dayId }, ['order_key'])

export const listAssignmentsOfPlace = (tx: ReadTx, tripId: number, placeId: number): Promise<AssignmentRow[]> =>
  tx.list(Assignment, { trip_id: tripId, place_id: placeId })

/** A stop of this trip, or `not_found`. */
export async function getAssignment(tx: ReadTx, tripId: number, assignmentId: number): Promise<AssignmentRow> {
  const assignment = await tx.find(Assignment, { id: assignmentId, trip_id: tripId })
  if (!assignment) {
    throw notFound(`Assignment ${assignmentId} is not in this trip`, {
      hint: 'get_trip_summary lists the assignments of each day with their ids.',
    })
  }
  return assignment
}

export const insertAssignment = (tx: Tx, values: Values<typeof Assignment>): Promise<AssignmentRow> =>
  tx.insert(Assignment, values)

export const patchAssignment = (tx: Tx, row: AssignmentRow, patch: Values<typeof Assignment>): Promise<AssignmentRow> =>
  tx.patch(Assignment, row, patch)

export const removeAssignment = (tx: Tx, row: AssignmentRow): Promise<void> => tx.remove(Assignment, row)
