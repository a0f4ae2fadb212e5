import { feature } from '../../../core/run/feature.ts'
import * as contract from '../contract/index.ts'
import { handlers } from './handlers.ts'

export * from './hooks.ts'
export { entriesOfDay, makePlace, makeRoom, type OfDay } from './order.ts'

export const plan = feature({ name: 'plan', contract, handlers })
