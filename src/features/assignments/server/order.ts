import type { Tx } from '../../../core/data/tx.ts'
import type { Call } from '../../../core/run/feature.ts'
import type { AssignmentRow } from '../contract/index.ts'
import { stopDeleted, stopsShifted } from './hooks.ts'
import { listAssignmentsOfDay, patchAssignment, removeAssignment } from './store.ts'

type Scene = Pick<Call, 'tx' | 'emit'>

/** Numbers the stops of a day 0, 1, 2 … in this order; only those whose number changes are written. */
export async function numberStops(tx: Tx, stops: readonly AssignmentRow[], dayId: number): Promise<void> {
  for (const [index, stop] of stops.entries()) {
    await patchAssignment(tx, stop, { day_id: dayId, order_index: index })
  }
}

/** Removes a stop and closes the gap it leaves. */
export async function takeOffDay({ tx, emit }: Scene, stop: AssignmentRow): Promise<void> {
  await emit(stopDeleted, { tripId: stop.trip_id, assignmentId: stop.id })
  await removeAssignment(tx, stop)
  await numberStops(tx, await listAssignmentsOfDay(tx, stop.trip_id, stop.day_id), stop.day_id)
  await emit(stopsShifted, { tripId: stop.trip_id, dayId: stop.day_id, at: stop.order_index, by: -1 })
}

/** Puts a stop at a position of a day, its own or another; beyond the end is last. */
export async function placeStop(
  { tx, emit }: Scene,
  stop: AssignmentRow,
  dayId: number,
  position: number,
): Promise<void> {
  const others = (await listAssignmentsOfDay(tx, stop.trip_id, dayId)).filter((other) => other.id !== stop.id)
  const at = Math.min(position, others.length)
  if (stop.day_id === dayId && stop.order_index === at) return
  await numberStops(tx, others.toSpliced(at, 0, stop), dayId)
  if (stop.day_id !== dayId) {
    await numberStops(tx, await listAssignmentsOfDay(tx, stop.trip_id, stop.day_id), stop.day_id)
  }
  await emit(stopsShifted, { tripId: stop.trip_id, dayId: stop.day_id, at: stop.order_index, by: -1 })
  await emit(stopsShifted, { tripId: stop.trip_id, dayId, at, by: 1 })
}
