import type { Tx } from '../../core/tx.ts'
import type { AssignmentRow } from './contract.ts'
import { listAssignmentsOfDay, patchAssignment, removeAssignment } from './store.ts'

/** Numbers the stops of a day 0, 1, 2 … in this order; only those whose number changes are written. */
export async function numberStops(tx: Tx, stops: readonly AssignmentRow[], dayId: number): Promise<void> {
  for (const [index, stop] of stops.entries()) {
    await patchAssignment(tx, stop, { day_id: dayId, order_index: index })
  }
}

/** Removes a stop and closes the gap it leaves. */
export async function takeOffDay(tx: Tx, stop: AssignmentRow): Promise<void> {
  await removeAssignment(tx, stop)
  await numberStops(tx, await listAssignmentsOfDay(tx, stop.trip_id, stop.day_id), stop.day_id)
}

/** Puts a stop at a position of a day, its own or another; beyond the end is last. */
export async function placeStop(tx: Tx, stop: AssignmentRow, dayId: number, position: number): Promise<void> {
  const others = (await listAssignmentsOfDay(tx, stop.trip_id, dayId)).filter((other) => other.id !== stop.id)
  await numberStops(tx, others.toSpliced(position, 0, stop), dayId)
  if (stop.day_id !== dayId) {
    await numberStops(tx, await listAssignmentsOfDay(tx, stop.trip_id, stop.day_id), stop.day_id)
  }
}
