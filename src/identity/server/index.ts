import { setTimeout as pause } from 'node:timers/promises'
import type { FastifyInstance } from 'fastify'
import type { Config } from '../../config.ts'
import type { Database } from '../../core/data/database.ts'
import type { Feed } from '../../core/data/feed.ts'
import type { Authenticator } from '../../core/run/authentication.ts'
import type { Catalogue } from '../../core/run/catalogue.ts'
import { type Feature, feature, hook, rows } from '../../core/run/feature.ts'
import type { Finished } from '../../core/run/steps.ts'
import { whenNeeded } from '../../core/run/when-needed.ts'
import * as contract from '../contract/index.ts'
import { Credential, StaticToken, User, WebSession } from '../contract/index.ts'
import { AttemptLimiter } from './attempt-limiter.ts'
import { Audit } from './audit/audit.ts'
import { auditEndedAccess } from './audit/ended-access.ts'
import { ACCESS, LOG_INS } from './audit/events.ts'
import { createAuthenticator } from './authenticator.ts'
import { cookiesOf } from './cookie.ts'
import type { CredentialKind } from './credential-kind.ts'
import { ensureFirstAdmin, type FirstAdmin } from './first-admin.ts'
import { announceEndedGrants } from './grants.ts'
import { identityHandlers } from './handlers.ts'
import { KnownDevices } from './known-devices.ts'
import { LastUsedTracker } from './last-used.ts'
import { createOAuth } from './oauth/index.ts'
import { resourceOf } from './oauth/paths.ts'
import type { ProbeLeftovers } from './oauth/probe-leftovers.ts'
import { WebTokens } from './oauth/web-token.ts'
import { type Passwords, scrypt } from './passwords.ts'
import { identityRoutes } from './routes.ts'
import { secretsOf } from './secrets.ts'
import { removeEndedSessions } from './store.ts'

export {
  endAccess,
  findUser,
  insertAccount,
  refuseLastAdmin,
  refuseTaken,
  removeAccount,
  setPassword,
} from './accounts.ts'

import { messages } from '../contract/messages.ts'

export { listClientsOfAll, removeClientOfAll } from './all-access/clients.ts'
export { listGrantsOfAll, listTokensOfAll } from './all-access/lists.ts'
export { kindOf, titleOfEvent } from './audit/events.ts'
export { listAudit } from './audit/store.ts'
export type { CredentialKind } from './credential-kind.ts'
export { insertGuest, removeGuest, renameGuest } from './guests.ts'
export { refusePrograms } from './handlers.ts'
export { type Passwords, scrypt } from './passwords.ts'
export { secretsOf }

/**
 * Asked before an account goes: every feature removes what it keeps of the user, or refuses by throwing. What stands on
 * other things answers before them.
 */
export const userDeleted = hook<{
  userId: number
  /** Of a guest, the only trip that may have something of them. */
  tripId?: number
}>('userDeleted', {
  dependentsFirst: true,
  consequence: 'What is kept of an account goes with it.',
  erases: ({ userId }) => ({ space: 'user', id: userId }),
})

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
    | 'allowHttpRedirects'
  >
  /** Hears of what went wrong where nobody waits for an answer: a last use or an audit entry that could not be written. */
  readonly failed: (error: unknown) => void
  /** The guarded way out, for documents that say who a program is. */
  fetch(url: string | URL | Request, init?: RequestInit): Promise<Response>
  /** Throws where that way does not lead to an address. */
  checkAddress(url: URL): void
  /** Everything that can be done, once it is known. */
  catalogue(): Catalogue
  /** Whether assistants may come in. */
  assistantsOn(): Promise<boolean>
  /** Further kinds of tokens that let somebody in. */
  readonly credentialKinds?: readonly CredentialKind[]
  readonly clock?: () => Date
  readonly passwords?: Passwords
}

export interface Identity {
  /** Accounts, sessions, tokens and what programs were granted, as operations. */
  readonly features: readonly Feature[]
  readonly authenticator: Authenticator
  /** The name of the cookie that a web session has. */
  readonly sessionCookie: string
  /** Give it to the pipeline: the audit log hears of every operation. */
  observe(finished: Finished): void
  routes(app: FastifyInstance): Promise<void>
  /** Where the world finds this server, for whoever came to this host; without a slash at the end. */
  publicUrl(host: string): string
  /** Removes what was left by somebody who only tried whether programs can get in. */
  forget(leftovers: ProbeLeftovers): Promise<void>
  firstAdmin(): Promise<FirstAdmin | null>
  /** Whether the add-on by which assistants come in is switched on. */
  assistantsOn(): Promise<boolean>
  /** Writes what has gathered. Call it before the database closes. */
  close(): Promise<void>
}

const HOUR_SECONDS = 3600

export function createIdentity(parts: IdentityParts): Identity {
  const { database, feed, config, failed, credentialKinds = [], clock = () => new Date(), passwords = scrypt } = parts
  const secretFor = secretsOf(config)
  const sessionKey = secretFor('web sessions')
  const cookies = cookiesOf(config.appUrl)
  const attempts = new AttemptLimiter(database, clock)
  const uses = new LastUsedTracker(database, failed)
  const audit = new Audit({ database, failed, clock, authorization: [...LOG_INS, ...ACCESS] })
  // Loading better-auth takes a fifth of a start and a fifth of its memory.
  const auth = whenNeeded(async () => {
    const { createAuth } = await import('./auth.ts')
    return createAuth({ ...config, database, sessionKey, cookies, passwords })
  })
  const devices = new KnownDevices(secretFor('known devices'), cookies)
  const webTokens = new WebTokens(secretFor('web tokens'), clock)
  const oauth = createOAuth({
    database,
    feed,
    uses,
    attempts,
    audit,
    webTokens,
    clock,
    secretFor,
    failed,
    appUrl: config.appUrl,
    redirects: { privateHttp: config.allowHttpRedirects },
    readOnly: config.demoMode ? messages.demo() : null,
    fetch: parts.fetch,
    checkAddress: parts.checkAddress,
    catalogue: parts.catalogue,
    isOn: parts.assistantsOn,
  })
  const { demoMode } = config
  const authenticator = createAuthenticator({
    database,
    uses,
    sessionKey,
    sessionCookie: cookies.session,
    demoMode,
    webTokens,
    mcpAddress: () => resourceOf(oauth.addresses.issuerFor(undefined)),
    credentialKinds: [oauth.credentialKind, ...credentialKinds],
    clock,
  })
  const stopRinging = announceEndedGrants({ feed, database }, failed)
  const stopAuditing = auditEndedAccess(feed, audit)

  /** Removes ended sessions, expired attempts, and old audit entries. */
  async function tidy(): Promise<void> {
    const now = clock()
    await removeEndedSessions(database.kysely, now.toISOString())
    await attempts.sweep()
    await oauth.tidy(now)
    await audit.sweep(new Date(now.getTime() - config.auditDuration * 1000).toISOString())
  }

  return {
    features: [
      feature({
        name: 'identity',
        contract,
        handlers: identityHandlers({ database, attempts, passwords }),
        // Of a credential nobody is told anything: the log keeps that it changed, and that is all.
        entities: [rows(User), rows(Credential, () => false), rows(WebSession), rows(StaticToken)],
        jobs: [{ name: 'remove what has ended', everySeconds: HOUR_SECONDS, byAge: true, run: tidy }],
      }),
      oauth.feature,
    ],
    authenticator,
    sessionCookie: cookies.session,
    observe: audit.observe,
    async routes(app) {
      identityRoutes(app, { database, feed, auth, authenticator, attempts, audit, devices, cookies, pause })
      await oauth.routes(app, authenticator)
    },
    publicUrl: (host) => oauth.addresses.issuerFor(host),
    assistantsOn: parts.assistantsOn,
    forget: oauth.forget,
    firstAdmin: () => ensureFirstAdmin(database, { ...config, passwords }),
    async close() {
      stopRinging()
      stopAuditing()
      await Promise.all([uses.close(), audit.close()])
    },
  }
}
