import { feature, instruction, onHook, rows } from '../../../core/run/feature.ts'
import { sound } from '../../../core/run/sound.ts'
import { Day } from '../../days/contract/index.ts'
import { dayContents, dayDeleted, daysRedated } from '../../days/server/index.ts'
import { Place } from '../../places/contract/index.ts'
import { placeDeleted } from '../../places/server/index.ts'
import { showSection } from '../../sharing/server/hooks.ts'
import { tripCopied, tripDeleted } from '../../trips/server/index.ts'
import * as contract from '../contract/index.ts'
import { sharedStays } from '../contract/shared.ts'
import { handlers } from './handlers.ts'
import { backwardStays, followDates, loseDay, staysOf } from './stays.ts'
import { insertStay, listStays, patchStay, removeStay } from './store.ts'

export * from './hooks.ts'
export { changeStay, endStay, makeStay, staysOf, stayView } from './stays.ts'
export { findStay, listStays } from './store.ts'

export const accommodations = feature({
  name: 'accommodations',
  contract,
  handlers,
  instructions: [
    instruction('words', 'An accommodation is a stay from one day to another.', contract.list_accommodations),
  ],
  entities: [rows(contract.Accommodation)],
  listeners: [
    showSection(sharedStays, staysOf, contract.list_accommodations),
    sound('trip', async ({ tx }, tripId) =>
      (await backwardStays(tx, tripId)).map(({ id }) => ({
        entity: 'accommodation',
        id,
        says: 'ends before it starts',
      })),
    ),
    onHook(dayContents, async ({ tx }, { tripId }) => {
      const counts = new Map<number, Record<string, number>>()
      for (const { start_day_id, end_day_id } of await listStays(tx, tripId)) {
        // Losing a day in between does not harm a stay; losing the day of check-in or check-out does.
        for (const dayId of new Set([start_day_id, end_day_id])) {
          counts.set(dayId, { stays: (counts.get(dayId)?.stays ?? 0) + 1 })
        }
      }
      return counts
    }),
    onHook(daysRedated, ({ tx }, { tripId, before, after, shift }) => followDates(tx, tripId, before, after, shift)),
    onHook(dayDeleted, (call, { tripId, dayId }) => loseDay(call, tripId, dayId)),
    onHook(placeDeleted, async ({ tx }, { tripId, placeId }) => {
      for (const stay of await listStays(tx, tripId)) {
        if (stay.place_id === placeId) await patchStay(tx, stay, { place_id: null })
      }
    }),
    onHook(tripCopied, async ({ tx, now }, copy) => {
      for (const { id, place_id, start_day_id, end_day_id, ...stay } of await listStays(tx, copy.from)) {
        const [start, end] = [copy.copyOf(Day, start_day_id), copy.copyOf(Day, end_day_id)]
        if (start === null || end === null) continue
        const copied = await insertStay(tx, {
          ...stay,
          trip_id: copy.trip.id,
          place_id: copy.copyOf(Place, place_id),
          start_day_id: start,
          end_day_id: end,
          created_at: now,
        })
        copy.became(contract.Accommodation, id, copied.id)
      }
    }),
    onHook(tripDeleted, async ({ tx }, { tripId }) => {
      for (const stay of await listStays(tx, tripId)) await removeStay(tx, stay)
    }),
  ],
})
