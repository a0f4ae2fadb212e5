import type { ExternalServices } from '../../../adapters/external-services.ts'
import { feature } from '../../../core/run/feature.ts'
import * as contract from '../contract/index.ts'
import { handlers } from './handlers.ts'

export const weather = (services: Pick<ExternalServices, 'weather'>) =>
  feature({ name: 'weather', contract, handlers: handlers(services.weather) })
