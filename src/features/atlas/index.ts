import { feature, rows } from '../../core/feature.ts'
import * as contract from './contract.ts'
import { handlers } from './handlers.ts'

export const atlas = feature({
  name: 'atlas',
  contract,
  handlers,
  entities: [rows(contract.VisitedCountry)],
})
