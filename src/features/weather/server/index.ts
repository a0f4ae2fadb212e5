import type { Outside } from '../../../adapters/outside.ts'
import { feature } from '../../../core/run/feature.ts'
import * as contract from '../contract/index.ts'
import { handlers } from './handlers.ts'

export const weather = (outside: Pick<Outside, 'weather'>) =>
  feature({ name: 'weather', contract, handlers: handlers(outside.weather) })
