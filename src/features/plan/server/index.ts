import { feature } from '../../../core/run/feature.ts'
import { sound } from '../../../core/run/sound.ts'
import * as contract from '../contract/index.ts'
import { handlers } from './handlers.ts'
import { faultsIn } from './sound.ts'

export * from './hooks.ts'
export { entriesOfDay, makePlace, makeRoom, type OfDay } from './order.ts'

export const plan = feature({ name: 'plan', contract, handlers, listeners: [sound('trip', faultsIn)] })
