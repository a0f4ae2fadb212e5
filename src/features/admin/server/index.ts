import { type Feature, feature } from '../../../core/run/feature.ts'
import { type Passwords, scrypt } from '../../../identity/server/index.ts'
import * as contract from '../contract/index.ts'
import { type Adjustable, adminHandlers } from './handlers.ts'

/** What administrators do with the instance: add-ons, permissions, users, the audit log. `of` is asked at each call. */
export const adminFeature = (of: () => Adjustable, passwords: Passwords = scrypt): Feature =>
  feature({ name: 'admin', contract, handlers: adminHandlers(of, passwords) })
