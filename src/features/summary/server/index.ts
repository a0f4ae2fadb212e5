import { feature, instruction, says } from '../../../core/run/feature.ts'
import * as contract from '../contract/index.ts'
import { daysWithPlans, handlers } from './handlers.ts'
import { asOverview } from './overview.ts'

export { daysWithPlans }

export const summary = feature({
  name: 'summary',
  contract,
  handlers,
  instructions: [
    instruction('steps', 'Then get_trip_summary brings most of what you need, with ids.', contract.get_trip_summary),
  ],
  prompts: [
    says(contract.trip_summary, async (read, { tripId }) =>
      asOverview(await read(contract.get_trip_summary, { tripId })),
    ),
  ],
})
