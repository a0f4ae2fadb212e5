import { type Feature, feature } from '../../../core/run/feature.ts'
import { type Passwords, scrypt } from '../../../identity/server/index.ts'
import * as contract from '../contract/index.ts'
import { type Adjustable, adminHandlers, type LookUps } from './handlers.ts'

/** Administration of the instance: add-ons, permissions, users, the audit log. `of` is called at each request. */
export const adminFeature = (of: () => Adjustable, services: LookUps, passwords: Passwords = scrypt): Feature =>
  feature({ name: 'admin', contract, handlers: adminHandlers(of, services, passwords) })
