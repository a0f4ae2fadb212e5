import { feature, says } from '../../../core/run/feature.ts'
import * as contract from '../contract/index.ts'
import { daysWithPlans, handlers } from './handlers.ts'
import { asOverview } from './overview.ts'

export { daysWithPlans }

export const summary = feature({
  name: 'summary',
  contract,
  handlers,
  prompts: [
    says(contract.trip_summary, async (read, { tripId }) =>
      asOverview(await read(contract.get_trip_summary, { tripId })),
    ),
  ],
})
