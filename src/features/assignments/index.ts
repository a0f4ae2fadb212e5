import { answer, feature, rows } from '../../core/feature.ts'
import { dayContents, dayDeleted, dayPlan } from '../days/index.ts'
import { listPlaces, placeDeleted, placesOnDays } from '../places/index.ts'
import { memberRemoved, tripDeleted } from '../trips/index.ts'
import * as contract from './contract.ts'
import { handlers, stopsByDay } from './handlers.ts'
import { takeOffDay } from './order.ts'
import {
  getAssignment,
  listAssignments,
  listAssignmentsOfDay,
  listAssignmentsOfPlace,
  patchAssignment,
  removeAssignment,
} from './store.ts'

export const assignments = feature({
  name: 'assignments',
  contract,
  handlers,
  entities: [rows(contract.Assignment)],
  answers: [
    answer(dayContents, async ({ tx }, { tripId }) => {
      const byDay = Map.groupBy(await listAssignments(tx, tripId), (stop) => stop.day_id)
      return new Map([...byDay].map(([dayId, stops]) => [dayId, { stops: stops.length }]))
    }),
    answer(dayPlan, async ({ tx }, { tripId }) => ({
      name: 'assignments',
      byDay: await stopsByDay(tx, tripId, await listPlaces(tx, tripId)),
    })),
    answer(placesOnDays, async ({ tx }, { tripId }) => {
      return new Set((await listAssignments(tx, tripId)).map((stop) => stop.place_id))
    }),
    answer(dayDeleted, async ({ tx }, { tripId, dayId }) => {
      for (const stop of await listAssignmentsOfDay(tx, tripId, dayId)) await removeAssignment(tx, stop)
    }),
    answer(placeDeleted, async ({ tx }, { tripId, placeId }) => {
      for (const { id } of await listAssignmentsOfPlace(tx, tripId, placeId)) {
        // Read anew each time: taking one off renumbers those behind it.
        await takeOffDay(tx, await getAssignment(tx, tripId, id))
      }
    }),
    answer(memberRemoved, async ({ tx }, { tripId, userId }) => {
      for (const stop of await listAssignments(tx, tripId)) {
        const participant_ids = stop.participant_ids.filter((id) => id !== userId)
        await patchAssignment(tx, stop, { participant_ids })
      }
    }),
    answer(tripDeleted, async ({ tx }, { tripId }) => {
      for (const stop of await listAssignments(tx, tripId)) await removeAssignment(tx, stop)
    }),
  ],
})
