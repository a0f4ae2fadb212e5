import { feature, onHook, rows } from '../../../core/run/feature.ts'
import { sound } from '../../../core/run/sound.ts'
import { showSection } from '../../sharing/server/hooks.ts'
import { list_days } from '../../summary/contract/index.ts'
import {
  findTrip,
  tripCopied,
  tripCreated,
  tripDatesChanged,
  tripDeleted,
  tripLength,
} from '../../trips/server/index.ts'
import * as contract from '../contract/index.ts'
import { sharedDays } from '../contract/shared.ts'
import { dealDates, layOutDays } from './calendar.ts'
import { handlers } from './handlers.ts'
import { faultsOf } from './sound.ts'
import { insertDay, listDays, removeDay } from './store.ts'

export * from './hooks.ts'
export { type DayRow, getDay, listDays } from './store.ts'

export const days = feature({
  name: 'days',
  contract,
  handlers,
  entities: [rows(contract.Day)],
  listeners: [
    onHook(tripCreated, ({ tx }, { trip, dayCount }) => layOutDays(tx, trip, dayCount)),
    onHook(tripLength, async ({ tx }, { tripId }) => (await listDays(tx, tripId)).length),
    onHook(tripDatesChanged, (call, { trip, shrink, shift }) => dealDates(call, trip, shrink, shift)),
    onHook(tripCopied, async ({ tx }, copy) => {
      for (const { id, ...day } of await listDays(tx, copy.from)) {
        copy.became(contract.Day, id, (await insertDay(tx, { ...day, trip_id: copy.trip.id })).id)
      }
    }),
    showSection(sharedDays, listDays, list_days),
    sound('trip', async ({ tx }, id) => {
      const trip = await findTrip(tx, id)
      return trip ? faultsOf(trip, await listDays(tx, id)) : []
    }),
    onHook(tripDeleted, async ({ tx }, { tripId }) => {
      for (const day of await listDays(tx, tripId)) await removeDay(tx, day)
    }),
  ],
})
