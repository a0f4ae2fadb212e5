import type { FastifyInstance } from 'fastify'
import type { Config } from '../config.ts'
import type { Database } from '../core/database.ts'
import type { Door } from '../core/door.ts'
import { type Feature, feature, hook, rows } from '../core/feature.ts'
import type { Feed } from '../core/feed.ts'
import type { AnyOperation } from '../core/operation.ts'
import type { Finished } from '../core/pipeline.ts'
import { Audit } from './audit/audit.ts'
import { createAuth } from './auth.ts'
import * as contract from './contract.ts'
import { Credential, StaticToken, User, WebSession } from './contract.ts'
import { createDoor, type Key } from './door.ts'
import { ensureFirstAdmin, type FirstAdmin } from './first-admin.ts'
import { ringEndedGrants } from './grants.ts'
import { Guesses } from './guesses.ts'
import { identityHandlers } from './handlers.ts'
import { instanceKey, keyFor, secretsOf } from './keys.ts'
import { log_out } from './log-in.ts'
import { identityRoutes } from './routes.ts'
import { removeEndedSessions } from './store.ts'
import { LastUses } from './uses.ts'

export {
  endAccess,
  findUser,
  insertAccount,
  refuseLastAdmin,
  refuseTaken,
  removeAccount,
  setPassword,
} from './accounts.ts'
export { listAudit } from './audit/store.ts'
export { SESSION_COOKIE } from './cookie.ts'
export type { Key } from './door.ts'
export { insertGuest, removeGuest, renameGuest } from './guests.ts'
export { refusePrograms } from './handlers.ts'
export { secretsOf }

/**
 * Asked before an account goes: every feature removes what it keeps of the user, or refuses by throwing. What stands on
 * other things answers before them.
 */
export const userDeleted = hook<{ userId: number }>('userDeleted', { dependentsFirst: true })

export interface IdentityParts {
  readonly database: Database
  readonly feed: Feed
  readonly config: Pick<
    Config,
    | 'appUrl'
    | 'dataDir'
    | 'encryptionKey'
    | 'adminEmail'
    | 'adminPassword'
    | 'sessionDuration'
    | 'sessionDurationRemember'
    | 'auditDuration'
    | 'demoMode'
  >
  /** Hears of what went wrong where nobody waits for an answer: a last use or an audit entry that could not be written. */
  readonly failed: (error: unknown) => void
  /** Further kinds of tokens that let somebody in. */
  readonly keys?: readonly Key[]
  readonly clock?: () => Date
}

export interface Identity {
  /** Accounts, sessions and tokens as operations. */
  readonly feature: Feature
  readonly door: Door
  /** Give it to the pipeline: the audit log hears of every operation. */
  observe(finished: Finished): void
  routes(app: FastifyInstance): void
  firstAdmin(): Promise<FirstAdmin | null>
  /** Removes ended sessions, guesses nobody counts any more and old audit entries, now and every hour. */
  keepTidy(): void
  /** Writes what has gathered. Call it before the database closes. */
  close(): Promise<void>
}

const HOUR = 3_600_000

export function createIdentity(parts: IdentityParts): Identity {
  const { database, feed, config, failed, keys = [], clock = () => new Date() } = parts
  const sessionKey = keyFor(instanceKey(config), 'web sessions')
  const guesses = new Guesses(database, clock)
  const uses = new LastUses(database, failed)
  const operations = Object.values(contract).filter((value) => 'kind' in value && value.kind === 'operation')
  const audit = new Audit({ database, failed, clock, authorization: [...(operations as AnyOperation[]), log_out] })
  const auth = createAuth({ ...config, database, sessionKey })
  const door = createDoor({ database, uses, sessionKey, demoMode: config.demoMode, keys, clock })
  const stopRinging = ringEndedGrants({ feed, database }, failed)
  let tidying: NodeJS.Timeout | undefined

  async function tidy(): Promise<void> {
    const now = clock()
    await removeEndedSessions(database.kysely, now.toISOString())
    await guesses.sweep()
    await audit.sweep(new Date(now.getTime() - config.auditDuration * 1000).toISOString())
  }

  return {
    feature: feature({
      name: 'identity',
      contract,
      handlers: identityHandlers({ database, guesses }),
      // Of a credential nobody is told anything: the log keeps that it changed, and that is all.
      entities: [rows(User), rows(Credential, () => false), rows(WebSession), rows(StaticToken)],
    }),
    door,
    observe: audit.observe,
    routes: (app) => identityRoutes(app, { database, feed, auth, door, guesses, audit }),
    firstAdmin: () => ensureFirstAdmin(database, config),
    keepTidy() {
      tidy().catch(failed)
      tidying = setInterval(() => tidy().catch(failed), HOUR).unref()
    },
    async close() {
      clearInterval(tidying)
      stopRinging()
      await Promise.all([uses.close(), audit.close()])
    },
  }
}
