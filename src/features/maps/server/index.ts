import type { ExternalServices } from '../../../adapters/external-services.ts'
import { feature } from '../../../core/run/feature.ts'
import * as contract from '../contract/index.ts'
import { handlers } from './handlers.ts'

export const maps = (services: Pick<ExternalServices, 'geocoder' | 'http'>) =>
  feature({ name: 'maps', contract, handlers: handlers(services) })
