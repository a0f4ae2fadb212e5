import type { AnyOperation } from '../../src/core/declare/operation.ts'
import { type BoundOperation, Catalogue } from '../../src/core/run/catalogue.ts'
import * as admin from '../../src/features/admin/contract/index.ts'
import * as backups from '../../src/features/backups/contract/index.ts'
import * as doctor from '../../src/features/doctor/contract/index.ts'
import * as history from '../../src/features/history/contract/index.ts'
import { features } from '../../src/features/index.ts'
import * as identity from '../../src/identity/contract/index.ts'
import * as oauth from '../../src/identity/contract/oauth.ts'
import { services } from './network/outside-address.ts'

/** A contract with handlers that are never called, for tests that need only the declarations. */
const declaredOnly = (name: string, contract: Record<string, unknown>) => ({
  name,
  contract,
  handlers: Object.fromEntries(
    Object.keys(contract).map((key) => [key, () => Promise.reject(new Error('Declared only'))]),
  ),
})

/** The catalogue of the whole product, from its declarations. */
export const declared = new Catalogue([
  declaredOnly('identity', identity),
  declaredOnly('oauth', oauth),
  ...features(services),
  declaredOnly('admin', admin),
  declaredOnly('history', history),
  declaredOnly('doctor', doctor),
  declaredOnly('backups', backups),
])

/** All operations. */
export const everyOperation: readonly BoundOperation[] = [...declared.operations.values()]

/** The same for `test.each`. */
export const named = (chosen: readonly BoundOperation[]): [string, AnyOperation][] =>
  chosen.map(({ operation }) => [operation.name, operation])
