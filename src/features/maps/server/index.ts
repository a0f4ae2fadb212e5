import type { Outside } from '../../../adapters/outside.ts'
import { feature } from '../../../core/run/feature.ts'
import * as contract from '../contract/index.ts'
import { handlers } from './handlers.ts'

export const maps = (outside: Pick<Outside, 'geocoder' | 'outgoing'>) =>
  feature({ name: 'maps', contract, handlers: handlers(outside) })
