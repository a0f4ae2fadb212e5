import { answer, feature, rows } from '../../core/feature.ts'
import { tripCreated, tripDatesChanged, tripDeleted } from '../trips/index.ts'
import { dealDates, layOutDays } from './calendar.ts'
import * as contract from './contract.ts'
import { handlers } from './handlers.ts'
import { listDays, removeDay } from './store.ts'

export * from './hooks.ts'
export { getDay, listDays } from './store.ts'

export const days = feature({
  name: 'days',
  contract,
  handlers,
  entities: [rows(contract.Day)],
  answers: [
    answer(tripCreated, ({ tx }, { trip, dayCount }) => layOutDays(tx, trip, dayCount)),
    answer(tripDatesChanged, (call, { trip, shrink }) => dealDates(call, trip, shrink)),
    answer(tripDeleted, async ({ tx }, { tripId }) => {
      for (const day of await listDays(tx, tripId)) await removeDay(tx, day)
    }),
  ],
})
