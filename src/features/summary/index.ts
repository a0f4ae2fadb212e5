import { feature, says } from '../../core/feature.ts'
import { get_trip } from '../trips/contract.ts'
import * as contract from './contract.ts'
import { daysWithPlans, handlers } from './handlers.ts'
import { asOverview } from './overview.ts'

export { daysWithPlans }

export const summary = feature({
  name: 'summary',
  contract,
  handlers,
  prompts: [
    says(contract.trip_summary, async (read, { tripId }) => {
      const { trip } = await read(get_trip, { tripId })
      const { days } = await read(contract.list_days, { tripId })
      return asOverview(trip, days)
    }),
  ],
})
