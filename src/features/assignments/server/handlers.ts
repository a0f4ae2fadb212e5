import type { ReadTx } from '../../../core/data/tx.ts'
import { conflict, invalidField } from '../../../core/declare/errors.ts'
import { implement } from '../../../core/run/feature.ts'
import { inGivenOrder } from '../../../core/run/ordering.ts'
import { findPeople } from '../../../identity/server/people/store.ts'
import { getDay } from '../../days/server/index.ts'
import { createPlace, getPlace, type PlaceRow } from '../../places/server/index.ts'
import { listMembers } from '../../trips/server/index.ts'
import * as contract from '../contract/index.ts'
import { numberStops, placeStop, takeOffDay } from './order.ts'
import * as store from './store.ts'

export const handlers = implement(contract, {
  assign_place_to_day: async ({ tx, input: { tripId, dayId, placeId, ...values }, now }) => {
    await getDay(tx, tripId, dayId)
    const place = await getPlace(tx, tripId, placeId)
    checkTimes(values, place)
    const stops = await store.listAssignmentsOfDay(tx, tripId, dayId)
    const assignment = await store.insertAssignment(tx, {
      ...values,
      trip_id: tripId,
      day_id: dayId,
      place_id: placeId,
      order_index: stops.length,
      created_at: now,
    })
    return { assignment: stopView(assignment, place) }
  },

  create_and_assign_place: async ({ tx, input, now }) => {
    const { tripId, dayId, place_notes, assignment_notes, ...values } = input
    await getDay(tx, tripId, dayId)
    const place = await createPlace(tx, tripId, { ...values, notes: place_notes }, now)
    const assignment = await store.insertAssignment(tx, {
      notes: assignment_notes,
      trip_id: tripId,
      day_id: dayId,
      place_id: place.id,
      order_index: await store.countStops(tx, tripId, dayId),
      created_at: now,
    })
    return { place: { ...place, tags: [] }, assignment: stopView(assignment, place) }
  },

  unassign_place: async ({ tx, emit, input: { tripId, dayId, assignmentId } }) => {
    const stop = await store.getAssignment(tx, tripId, assignmentId)
    if (stop.day_id !== dayId) throw notOnThatDay(stop, dayId)
    await takeOffDay({ tx, emit }, stop)
    return { success: true }
  },

  update_assignment_time: async ({ tx, input: { tripId, assignmentId, ...patch } }) => {
    const before = await store.getAssignment(tx, tripId, assignmentId)
    const place = await getPlace(tx, tripId, before.place_id)
    const times = {
      place_time: patch.place_time === undefined ? before.place_time : patch.place_time,
      end_time: patch.end_time === undefined ? before.end_time : patch.end_time,
    }
    checkTimes(times, place)
    return { assignment: stopView(await store.patchAssignment(tx, before, patch), place) }
  },

  move_assignment: async ({ tx, emit, input: { tripId, assignmentId, newDayId, oldDayId, orderIndex } }) => {
    const stop = await store.getAssignment(tx, tripId, assignmentId)
    if (stop.day_id !== oldDayId) throw notOnThatDay(stop, oldDayId)
    await getDay(tx, tripId, newDayId)
    await placeStop({ tx, emit }, stop, newDayId, orderIndex)
    const moved = await store.getAssignment(tx, tripId, assignmentId)
    return { assignment: stopView(moved, await getPlace(tx, tripId, moved.place_id)) }
  },

  reorder_day_assignments: async ({ tx, input: { tripId, dayId, assignmentIds } }) => {
    await getDay(tx, tripId, dayId)
    const stops = await store.listAssignmentsOfDay(tx, tripId, dayId)
    await numberStops(tx, inGivenOrder(stops, assignmentIds, 'assignmentIds'), dayId)
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
      throw invalidField('userIds', `${strangers.join(', ')} not in this trip; members are ${[...members].join(', ')}`)
    }
    const participant_ids = [...new Set(userIds)].sort((a, b) => a - b)
    await store.patchAssignment(tx, stop, { participant_ids })
    return { participants: await findPeople(tx, participant_ids) }
  },
})

/** A stop as the itinerary shows it. */
export function stopView(assignment: contract.AssignmentRow, place: PlaceRow): contract.Stop {
  const { id, name, lat, lng, address, category_id, place_time, end_time, duration_minutes } = place
  return {
    ...assignment,
    place: { id, name, lat, lng, address, category_id, place_time, end_time, duration_minutes },
  }
}

/** The stops of a trip, by day. */
export async function stopsByDay(tx: ReadTx, tripId: number, places: readonly PlaceRow[]) {
  const byId = new Map(places.map((place) => [place.id, place]))
  const stops = (await store.listAssignments(tx, tripId)).flatMap((assignment) => {
    const place = byId.get(assignment.place_id)
    return place ? [stopView(assignment, place)] : []
  })
  return Map.groupBy(stops, (stop) => stop.day_id)
}

/** When each stop of a day starts, in their order: at its own time, or else at the usual one of its place. */
export async function startsOfDay(tx: ReadTx, tripId: number, dayId: number): Promise<(string | null)[]> {
  const stops = await store.listAssignmentsOfDay(tx, tripId, dayId)
  const starts: (string | null)[] = []
  for (const stop of stops) {
    const own = stop.place_time ?? stop.end_time
    starts.push(own ? stop.place_time : (await getPlace(tx, tripId, stop.place_id)).place_time)
  }
  return starts
}

interface Times {
  place_time?: string | null | undefined
  end_time?: string | null | undefined
}

/** Nothing ends before it starts; where the stop has no start of its own, the place's counts. */
function checkTimes({ place_time, end_time }: Times, place: PlaceRow): void {
  const start = place_time ?? place.place_time
  if (start && end_time && end_time < start) {
    throw invalidField('end_time', `${end_time} is before the start at ${start}`)
  }
}

function notOnThatDay(stop: contract.AssignmentRow, dayId: number) {
  return conflict(`Assignment ${stop.id} is on day ${stop.day_id}, not on day ${dayId}`, {
    hint: `Call again with day ${stop.day_id}.`,
    details: { day_id: stop.day_id },
  })
}
