import type { ReadTx } from '../../../core/data/tx.ts'
import { keysInOrder } from '../../../core/declare/order-key.ts'
import type { Call } from '../../../core/run/feature.ts'
import { inGivenOrder } from '../../../core/run/ordering.ts'
import { listPlacesById } from '../../places/server/index.ts'
import { type DayEntry, type EntryRef, refOf } from '../../plan/contract/entry.ts'
import { type Spot, spotOfNote, spotOfStop } from '../../plan/contract/timeline.ts'
import { entriesOfDay, entriesPlaced } from '../../plan/server/index.ts'
import { type AssignmentRow, stopEntry, visitTimes } from '../contract/index.ts'
import { stopDeleted } from './hooks.ts'
import { listAssignments, listAssignmentsOfDay, removeAssignment } from './store.ts'

type Scene = Pick<Call, 'tx' | 'emit'>

/** Stops as entries of their days: each starts at its own time, or else at the usual time of its place. */
export async function stopEntries(tx: ReadTx, tripId: number, stops: readonly AssignmentRow[]): Promise<DayEntry[]> {
  const ids = new Set(stops.map(({ place_id }) => place_id))
  const places = ids.size ? await listPlacesById(tx, tripId, [...ids]) : []
  const byId = new Map(places.map((place) => [place.id, place]))
  return stops.map((stop) => stopEntry(stop, visitTimes(stop, byId.get(stop.place_id) ?? {}).start))
}

/** The keys of the stops of each day in order, or of one day. */
export async function stopKeys(
  tx: ReadTx,
  tripId: number,
  dayId?: number,
): Promise<(dayId: number) => readonly string[]> {
  const all = dayId === undefined
  const stops = all ? await listAssignments(tx, tripId) : await listAssignmentsOfDay(tx, tripId, dayId)
  const byDay = Map.groupBy(stops, (stop) => stop.day_id)
  const keys = new Map([...byDay].map(([id, ofDay]) => [id, ofDay.map(({ order_key }) => order_key)]))
  return (id) => keys.get(id) ?? []
}

export async function takeOffDay({ tx, emit }: Scene, stop: AssignmentRow): Promise<void> {
  await emit(stopDeleted, { tripId: stop.trip_id, assignmentId: stop.id })
  await removeAssignment(tx, stop)
}

/** The spot of a stop that moves to an index among the other stops of a day; null if it is there already. */
export function spotAtIndex(day: readonly DayEntry[], stop: AssignmentRow, index: number): Spot | null {
  const stops = day.filter(({ kind }) => kind === 'stop')
  const others = stops.filter(({ id }) => id !== stop.id)
  const at = Math.min(index, others.length)
  if (stops[at]?.id === stop.id) return null
  const next = others[at]
  return { ...(next && { before: refOf(next) }), byTime: true }
}

/** The spot of a stop that comes to a day: by its time, or else at the end; null if it is in order already. */
export function spotByTime(day: readonly DayEntry[], stop: DayEntry): Spot | null {
  const isThere = day.some((entry) => refOf(entry) === refOf(stop))
  return isThere && stop.time !== null ? spotOfStop(day, stop) : spotOfNote(day, stop.time)
}

/** Puts the stops of a day in an order that lists all of them; notes and bookings keep their places between them. */
export async function reorderStops(
  scene: Scene,
  tripId: number,
  dayId: number,
  ids: readonly number[],
  path: string,
): Promise<void> {
  const stops = await listAssignmentsOfDay(scene.tx, tripId, dayId)
  const inOrder = inGivenOrder(stops, ids, path)
  const entries = await entriesOfDay(scene, { tripId, dayId })
  const byRef = new Map(entries.map((entry) => [refOf(entry), entry]))
  let turn = 0
  const target = entries.flatMap((entry) => {
    const now = entry.kind === 'stop' ? byRef.get(refOf({ kind: 'stop', id: inOrder[turn++]?.id as number })) : entry
    return now && now.order_key !== null ? [{ id: now.id, ref: refOf(now), order_key: now.order_key }] : []
  })
  const keys = new Map<EntryRef, string>([...keysInOrder(target)].map(([{ ref }, key]) => [ref, key]))
  if (keys.size) await scene.emit(entriesPlaced, { tripId, dayId, keys })
}
