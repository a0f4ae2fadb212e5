import type { ExternalServices } from '../../../adapters/external-services.ts'
import { feature } from '../../../core/run/feature.ts'
import * as contract from '../contract/index.ts'
import { handlers } from './handlers.ts'

/** The version of TREK, and whether there is a newer one. */
export const releases = (services: Pick<ExternalServices, 'releases'>) =>
  feature({ name: 'releases', contract, handlers: handlers(services.releases) })
