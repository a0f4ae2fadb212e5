import type { ReadTx } from '../../../core/data/tx.ts'
import type { Values } from '../../../core/declare/entity.ts'
import { invalidField } from '../../../core/declare/errors.ts'
import { type Call, implement } from '../../../core/run/feature.ts'
import { findPeople } from '../../../identity/server/people/store.ts'
import { getDay } from '../../days/server/index.ts'
import { createPlace, fewPlaces, getPlace, type PlaceRow } from '../../places/server/index.ts'
import { type DayEntry, refOf } from '../../plan/contract/entry.ts'
import { type Spot, spotOfStop } from '../../plan/contract/timeline.ts'
import { entriesOfDay, makePlace, makeRoom, type OfDay } from '../../plan/server/index.ts'
import { listMembers } from '../../trips/server/index.ts'
import * as contract from '../contract/index.ts'
import { messages } from '../contract/messages.ts'
import { reorderStops, spotAtIndex, spotByTime, takeOffDay } from './order.ts'
import * as store from './store.ts'

export const handlers = implement(contract, {
  assign_place_to_day: async (call) => {
    const { tx, input, now } = call
    const { tripId, dayId, placeId, before, after, ...values } = input
    await getDay(tx, tripId, dayId)
    const place = await getPlace(tx, tripId, placeId)
    checkTimes(values, place)
    const [assignment] = await putOnDay(call, { tripId, dayId, now }, [{ place, values }], { before, after })
    return { assignment: await stopOf(tx, assignment as contract.AssignmentRow, place) }
  },

  assign_places_to_day: async (call) => {
    const { tx, input, now } = call
    const { tripId, dayId, placeIds, ...spot } = input
    await getDay(tx, tripId, dayId)
    const places: PlaceRow[] = []
    for (const placeId of placeIds) places.push(await getPlace(tx, tripId, placeId))
    const visits = places.map((place) => ({ place, values: {} }))
    const created = await putOnDay(call, { tripId, dayId, now }, visits, spot)
    const inOrder = (await store.listAssignmentsOfDay(tx, tripId, dayId)).map(({ id }) => id)
    return {
      assignments: created.map((row, at) => stopView(row, places[at] as PlaceRow, inOrder.indexOf(row.id))),
    }
  },

  create_and_assign_place: async (call) => {
    const { tx, input, now } = call
    const { tripId, dayId, place_notes, assignment_notes, before, after, ...given } = input
    await getDay(tx, tripId, dayId)
    const place = await createPlace(tx, tripId, { ...contract.placeToVisit.of(given), notes: place_notes }, now)
    const values = contract.visitFields.of({ ...given, notes: assignment_notes })
    checkTimes(values, place)
    const [assignment] = await putOnDay(call, { tripId, dayId, now }, [{ place, values }], { before, after })
    return {
      place: { ...place, tags: [] },
      assignment: await stopOf(tx, assignment as contract.AssignmentRow, place),
    }
  },

  unassign_place: async ({ tx, emit, input: { tripId, dayId, assignmentId } }) => {
    const stop = await store.getAssignment(tx, tripId, assignmentId)
    if (stop.day_id !== dayId) throw notOnThatDay(stop, dayId)
    await takeOffDay({ tx, emit }, stop)
    return { success: true }
  },

  unassign_places: async ({ tx, emit, input: { tripId, assignmentIds } }) => {
    for (const id of new Set(assignmentIds)) {
      await takeOffDay({ tx, emit }, await store.getAssignment(tx, tripId, id))
    }
    return { success: true }
  },

  update_assignment_time: async (call) => {
    const { tx, input } = call
    const { tripId, assignmentId, notes, ...changes } = input
    const before = await store.getAssignment(tx, tripId, assignmentId)
    const place = await getPlace(tx, tripId, before.place_id)
    const times = timesAfter(before, place, changes)
    const isNew = times.place_time && times.place_time !== before.place_time
    const order_key = isNew ? await keyByTime(call, before, times.place_time) : undefined
    const stop = await store.patchAssignment(tx, before, { ...times, notes, order_key })
    return { assignment: await stopOf(tx, stop, place) }
  },

  move_assignment: async (call) => {
    const { tx, input } = call
    const { tripId, assignmentId, newDayId, oldDayId, orderIndex, ...changes } = input
    const stop = await store.getAssignment(tx, tripId, assignmentId)
    if (stop.day_id !== oldDayId) throw notOnThatDay(stop, oldDayId)
    await getDay(tx, tripId, newDayId)
    const place = await getPlace(tx, tripId, stop.place_id)
    const times = timesAfter(stop, place, changes)
    const day = { tripId, dayId: newDayId }
    const entries = await entriesOfDay(call, day)
    const moving = contract.stopEntry(stop, contract.visitTimes(times, place).start)
    const spot = orderIndex === undefined ? spotByTime(entries, moving) : spotAtIndex(entries, stop, orderIndex)
    const order_key = spot ? (await makePlace(call, day, [moving], spot)).get(refOf(moving)) : undefined
    const moved = await store.patchAssignment(tx, stop, { ...times, day_id: newDayId, order_key })
    return { assignment: await stopOf(tx, moved, place) }
  },

  reorder_day_assignments: async ({ tx, emit, input: { tripId, dayId, assignmentIds } }) => {
    await getDay(tx, tripId, dayId)
    await reorderStops({ tx, emit }, tripId, dayId, assignmentIds, 'assignmentIds')
    return { success: true, dayId, order: assignmentIds }
  },

  get_assignment_participants: async ({ tx, input: { tripId, assignmentId } }) => {
    const stop = await store.getAssignment(tx, tripId, assignmentId)
    return { participants: await findPeople(tx, stop.participant_ids) }
  },

  set_assignment_participants: async ({ tx, input: { tripId, assignmentId, userIds } }) => {
    const stop = await store.getAssignment(tx, tripId, assignmentId)
    const members = new Set((await listMembers(tx, tripId)).map((member) => member.user_id))
    const strangers = userIds.filter((userId) => !members.has(userId))
    if (strangers.length) {
      throw invalidField('userIds', messages.notMembers({ strangers, members: [...members] }))
    }
    const participant_ids = [...new Set(userIds)].sort((a, b) => a - b)
    await store.patchAssignment(tx, stop, { participant_ids })
    return { participants: await findPeople(tx, participant_ids) }
  },
})

interface Visit {
  readonly place: PlaceRow
  readonly values: Values<typeof contract.Assignment>
}

/** Puts places on a day, one after another. */
async function putOnDay(
  { tx, emit }: Pick<Call, 'tx' | 'emit'>,
  { now, ...day }: OfDay & { now: string },
  visits: readonly Visit[],
  spot: Spot,
): Promise<contract.AssignmentRow[]> {
  const coming = visits.map(({ place, values }) => ({
    kind: 'stop' as const,
    time: contract.visitTimes(values, place).start,
  }))
  const keys = await makeRoom({ emit }, day, coming, spot)
  const created: contract.AssignmentRow[] = []
  for (const [at, { place, values }] of visits.entries()) {
    const where = { trip_id: day.tripId, day_id: day.dayId, place_id: place.id, order_key: keys[at] }
    created.push(await store.insertAssignment(tx, { ...values, ...where, created_at: now }))
  }
  return created
}

/** The new key of a stop whose start has changed, if it has to move. */
async function keyByTime(
  { emit }: Pick<Call, 'emit'>,
  { id, order_key, trip_id: tripId, day_id: dayId }: contract.AssignmentRow,
  time: string | null,
): Promise<string | undefined> {
  const moving: DayEntry = { kind: 'stop', id, order_key, time }
  const spot = spotOfStop(await entriesOfDay({ emit }, { tripId, dayId }), moving)
  return spot ? (await makePlace({ emit }, { tripId, dayId }, [moving], spot)).get(refOf(moving)) : undefined
}

const stopOf = async (tx: ReadTx, stop: contract.AssignmentRow, place: PlaceRow): Promise<contract.Stop> =>
  stopView(stop, place, await store.stopsBefore(tx, stop.trip_id, stop.day_id, stop.order_key))

/** A stop as shown in the itinerary. */
function stopView(
  assignment: contract.AssignmentRow,
  place: contract.Stop['place'],
  order_index: number,
): contract.Stop {
  const { id, name, lat, lng, address, category_id, place_time, end_time, duration_minutes } = place
  return {
    ...assignment,
    order_index,
    place: { id, name, lat, lng, address, category_id, place_time, end_time, duration_minutes },
  }
}

/** The stops of a trip by day, or those of one day. */
export async function stopsByDay(tx: ReadTx, tripId: number, dayId: number | undefined) {
  const all = dayId === undefined
  const assignments = all
    ? await store.listAssignments(tx, tripId)
    : await store.listAssignmentsOfDay(tx, tripId, dayId)
  if (!assignments.length) return new Map<number, contract.Stop[]>()
  const places = (await fewPlaces(tx, tripId)) ?? (await store.listPlacesOfStops(tx, tripId))
  const byId = new Map(places.map((place): [number, contract.Stop['place']] => [place.id, place]))
  const byDay = Map.groupBy(assignments, (stop) => stop.day_id)
  const views = [...byDay].map(([dayId, stops]): [number, contract.Stop[]] => [
    dayId,
    stops.flatMap((stop, index) => {
      const place = byId.get(stop.place_id)
      return place ? [stopView(stop, place, index)] : []
    }),
  ])
  return new Map(views)
}

interface Times {
  place_time?: string | null | undefined
  end_time?: string | null | undefined
}

/** The times of a stop after a change. A new start alone moves the end too, also an end that comes from the place. */
function timesAfter(before: contract.AssignmentRow, place: PlaceRow, { place_time, end_time }: Times) {
  const { start, end } = contract.visitTimes(before, place)
  const isStartAlone = place_time && end_time === undefined && start && end
  const movedEnd = isStartAlone ? endAsLong(place_time, minutesOf(end) - minutesOf(start)) : before.end_time
  const after = {
    place_time: place_time === undefined ? before.place_time : place_time,
    end_time: end_time === undefined ? movedEnd : end_time,
  }
  checkTimes(after, place)
  return after
}

const minutesOf = (time: string): number => Number(time.slice(0, 2)) * 60 + Number(time.slice(3))

/** The end of a visit that lasts this many minutes; `invalid` if it falls on another day. */
function endAsLong(start: string, minutes: number): string {
  const end = minutesOf(start) + minutes
  if (end >= 24 * 60) {
    throw invalidField('place_time', messages.endAfterMidnight({ count: minutes, start }))
  }
  return [Math.floor(end / 60), end % 60].map((part) => String(part).padStart(2, '0')).join(':')
}

/** Refuses an end before the start; the start of the place counts where the stop has none. */
function checkTimes({ place_time, end_time }: Times, place: PlaceRow): void {
  const start = place_time ?? place.place_time
  if (start && end_time && end_time < start) {
    throw invalidField('end_time', messages.endBeforeStart({ end: end_time, start }))
  }
}

const notOnThatDay = ({ id, day_id: day }: contract.AssignmentRow, requestedDay: number) =>
  messages.onOtherDay({ id, day, given: requestedDay }, { details: { day_id: day } })
