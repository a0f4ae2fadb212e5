import { setTimeout as pause } from 'node:timers/promises'
import type { FastifyInstance } from 'fastify'
import type { Config } from '../../config/index.ts'
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
import { Audit, type AuditEntry } from './audit/audit.ts'
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
export type { BackupEvent } from './audit/events.ts'
export { kindOf, titleOfEvent } from './audit/events.ts'
export { listAudit } from './audit/store.ts'
export type { CredentialKind } from './credential-kind.ts'
export { insertGuest, removeGuest, renameGuest, standIn } from './guests.ts'
export { refusePrograms } from './handlers.ts'
export { type Passwords, scrypt } from './passwords.ts'
export { secretsOf }

/**
 * Called before an account is removed: each feature removes its data of the user or throws to refuse. Dependents run
 * before what they depend on.
 */
export const userDeleted = hook<{
  userId: number
  /** For a guest: the only trip that can contain their data. */
  tripId?: number
  /** Set for a guest who goes with a trip that can come back: nothing is erased yet. */
  restorable?: boolean
}>('userDeleted', {
  dependentsFirst: true,
  consequence: 'What is kept of an account goes with it.',
  erases: ({ userId, restorable }) => (restorable ? null : { space: 'user', id: userId }),
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
  /** Receives errors for which no caller waits, such as a failed write of a last use or an audit entry. */
  readonly onError: (error: unknown) => void
  /** The guarded way out, for client metadata documents. */
  fetch(url: string | URL | Request, init?: RequestInit): Promise<Response>
  /** Throws if that way out does not allow an address. */
  checkAddress(url: URL): void
  /** All operations, once they are known. */
  catalogue(): Catalogue
  /** Whether assistants can connect. */
  assistantsOn(): Promise<boolean>
  /** Further kinds of tokens. */
  readonly credentialKinds?: readonly CredentialKind[]
  readonly clock?: () => Date
  readonly passwords?: Passwords
}

export interface Identity {
  /** Accounts, sessions, tokens and grants, as operations. */
  readonly features: readonly Feature[]
  readonly authenticator: Authenticator
  /** The cookie name of web sessions. */
  readonly sessionCookie: string
  /** Pass it to the pipeline: the audit log receives every operation. */
  observe(finished: Finished): void
  /** Adds an entry about something else to the audit log. */
  note(entry: AuditEntry): void
  routes(app: FastifyInstance): Promise<void>
  /** The public URL of this server for a request to this host, without a trailing slash. */
  publicUrl(host: string): string
  /** Removes what a connection test left behind. */
  forget(leftovers: ProbeLeftovers): Promise<void>
  firstAdmin(): Promise<FirstAdmin | null>
  /** Whether the add-on for assistants is on. */
  assistantsOn(): Promise<boolean>
  /** Writes pending data. Call it before the database closes. */
  close(): Promise<void>
}

const HOUR_SECONDS = 3600

export function createIdentity(parts: IdentityParts): Identity {
  const { database, feed, config, onError, credentialKinds = [], clock = () => new Date(), passwords = scrypt } = parts
  const secretFor = secretsOf(config)
  const sessionKey = secretFor('web sessions')
  const cookies = cookiesOf(config.appUrl)
  const attempts = new AttemptLimiter(database, clock)
  const uses = new LastUsedTracker(database, onError)
  const audit = new Audit({ database, onError, clock, authorization: [...LOG_INS, ...ACCESS] })
  // Loading better-auth takes a fifth of the start time and memory.
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
    onError,
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
  const stopRinging = announceEndedGrants({ feed, database }, onError)
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
        // Credentials stay out of everyone's view: the log records only that one changed.
        entities: [rows(User), rows(Credential, () => false), rows(WebSession), rows(StaticToken)],
        jobs: [{ name: 'remove what has ended', everySeconds: HOUR_SECONDS, byAge: true, run: tidy }],
      }),
      oauth.feature,
    ],
    authenticator,
    sessionCookie: cookies.session,
    observe: audit.observe,
    note: (entry) => audit.note(entry),
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
