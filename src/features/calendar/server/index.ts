import { feature } from '../../../core/run/feature.ts'
import * as contract from '../contract/index.ts'
import { handlers } from './handlers.ts'

export const calendar = feature({ name: 'calendar', contract, handlers })
