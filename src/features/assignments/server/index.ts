import { feature, instruction, onHook, rows } from '../../../core/run/feature.ts'
import { sound } from '../../../core/run/sound.ts'
import { Day } from '../../days/contract/index.ts'
import { dayContents, dayDeleted, dayPlan } from '../../days/server/index.ts'
import { Place } from '../../places/contract/index.ts'
import { placeDeleted, placesOnDays } from '../../places/server/index.ts'
import { entryIn } from '../../plan/contract/entry.ts'
import { checkMayMove, dayEntries, entriesPlaced, entryFor } from '../../plan/server/hooks.ts'
import { showSection } from '../../sharing/server/hooks.ts'
import { list_days } from '../../summary/contract/index.ts'
import { memberRemoved, tripCopied, tripDeleted } from '../../trips/server/index.ts'
import * as contract from '../contract/index.ts'
import { sharedStops } from '../contract/shared.ts'
import { handlers, stopsByDay } from './handlers.ts'
import { stopEntries, stopKeys, takeOffDay } from './order.ts'
import {
  getAssignment,
  insertAssignment,
  listAssignments,
  listAssignmentsOfDay,
  listAssignmentsOfPlace,
  patchAssignment,
  removeAssignment,
  stopsBefore,
} from './store.ts'

export * from './hooks.ts'
export { getAssignment, stopKeys, stopsBefore }

export const assignments = feature({
  name: 'assignments',
  contract,
  handlers,
  instructions: [
    instruction(
      'steps',
      'To plan a day: search_place, then create_and_assign_place with the coordinates, in the order of the day; assign_place_to_day for a place that exists.',
      contract.create_and_assign_place,
    ),
  ],
  entities: [rows(contract.Assignment)],
  listeners: [
    sound('trip', async ({ tx }, tripId) =>
      (await listAssignments(tx, tripId))
        .filter(({ place_time, end_time }) => place_time !== null && end_time !== null && end_time < place_time)
        .map(({ id }) => ({ entity: 'assignment', id, says: 'ends before it starts' })),
    ),
    onHook(dayContents, async ({ tx }, { tripId }) => {
      const byDay = Map.groupBy(await listAssignments(tx, tripId), (stop) => stop.day_id)
      return new Map([...byDay].map(([dayId, stops]) => [dayId, { stops: stops.length }]))
    }),
    onHook(dayPlan, async ({ tx }, { tripId, dayId }) => ({
      name: 'assignments',
      byDay: await stopsByDay(tx, tripId, dayId),
    })),
    onHook(dayEntries, async ({ tx }, { tripId, dayId }) =>
      stopEntries(tx, tripId, await listAssignmentsOfDay(tx, tripId, dayId)),
    ),
    onHook(entryFor, async ({ tx, caller }, { tripId, kind, id }) => {
      if (kind !== 'stop') return null
      checkMayMove('stop', contract.move_assignment, caller)
      const [entry] = await stopEntries(tx, tripId, [await getAssignment(tx, tripId, id)])
      return entry ?? null
    }),
    onHook(entriesPlaced, async ({ tx }, { tripId, dayId, keys }) => {
      for (const [ref, order_key] of keys) {
        const { kind, id } = entryIn(ref)
        if (kind === 'stop')
          await patchAssignment(tx, await getAssignment(tx, tripId, id), { day_id: dayId, order_key })
      }
    }),
    onHook(placesOnDays, async ({ tx }, { tripId }) => {
      return new Set((await listAssignments(tx, tripId)).map((stop) => stop.place_id))
    }),
    onHook(dayDeleted, async ({ tx, emit }, { tripId, dayId }) => {
      for (const stop of await listAssignmentsOfDay(tx, tripId, dayId)) await takeOffDay({ tx, emit }, stop)
    }),
    onHook(placeDeleted, async ({ tx, emit }, { tripId, placeId }) => {
      for (const stop of await listAssignmentsOfPlace(tx, tripId, placeId)) await takeOffDay({ tx, emit }, stop)
    }),
    onHook(memberRemoved, async ({ tx }, { tripId, userId }) => {
      for (const stop of await listAssignments(tx, tripId)) {
        const participant_ids = stop.participant_ids.filter((id) => id !== userId)
        await patchAssignment(tx, stop, { participant_ids })
      }
    }),
    onHook(tripCopied, async ({ tx, now }, copy) => {
      for (const { id, day_id, place_id, participant_ids, ...visit } of await listAssignments(tx, copy.from)) {
        const [dayId, placeId] = [copy.copyOf(Day, day_id), copy.copyOf(Place, place_id)]
        if (dayId === null || placeId === null) continue
        const people = []
        for (const userId of participant_ids) people.push(await copy.person(userId))
        const copied = await insertAssignment(tx, {
          ...visit,
          trip_id: copy.trip.id,
          day_id: dayId,
          place_id: placeId,
          participant_ids: people.sort((a, b) => a - b),
          created_at: now,
        })
        copy.became(contract.Assignment, id, copied.id)
      }
    }),
    showSection(sharedStops, listAssignments, list_days),
    onHook(tripDeleted, async ({ tx }, { tripId }) => {
      for (const stop of await listAssignments(tx, tripId)) await removeAssignment(tx, stop)
    }),
  ],
})
