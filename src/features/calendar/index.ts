import { feature } from '../../core/run/feature.ts'
import * as contract from './contract.ts'
import { handlers } from './handlers.ts'

export const calendar = feature({ name: 'calendar', contract, handlers })
