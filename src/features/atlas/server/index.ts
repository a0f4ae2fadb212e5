import { feature, onHook, rows } from '../../../core/run/feature.ts'
import { userDeleted } from '../../../identity/server/index.ts'
import * as contract from '../contract/index.ts'
import { handlers } from './handlers.ts'
import { listVisitedCountries, removeVisitedCountry } from './store.ts'

export const atlas = feature({
  name: 'atlas',
  contract,
  handlers,
  entities: [rows(contract.VisitedCountry)],
  listeners: [
    onHook(userDeleted, async ({ tx }, { userId }) => {
      for (const country of await listVisitedCountries(tx, userId)) await removeVisitedCountry(tx, country)
    }),
  ],
})
