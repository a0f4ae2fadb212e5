import { kyselyAdapter } from '@better-auth/kysely-adapter'
import { APIError } from 'better-auth/api'
import { betterAuth } from 'better-auth/minimal'
import { username } from 'better-auth/plugins/username'
import type { Database } from '../../core/data/database.ts'
import { Username } from '../contract/index.ts'
import { ADDRESS_HEADER, BANNED } from './auth-names.ts'
import type { Cookies } from './cookie.ts'
import type { Passwords } from './passwords.ts'
import { hashedSessions } from './session-rows.ts'
import { isBanned } from './store.ts'

export interface AuthOptions {
  readonly database: Database
  readonly sessionKey: string
  readonly appUrl: string | null
  readonly cookies: Cookies
  /** Lifetimes in seconds: of a session for one browser run, and of a remembered one after its last use. */
  readonly sessionDuration: number
  readonly sessionDurationRemember: number
  readonly passwords: Passwords
}

const DAY = 86_400

/**
 * better-auth, for what must not be written by hand: checking passwords, creating and prolonging sessions, and later
 * second factors and passkeys. Its own routes are closed; ours call it.
 */
export function createAuth(options: AuthOptions) {
  const { database, sessionKey, appUrl, cookies, sessionDuration, sessionDurationRemember, passwords } = options
  const moments = { createdAt: 'created_at', updatedAt: 'updated_at' }
  return betterAuth({
    baseURL: appUrl ? new URL(appUrl).origin : 'http://localhost',
    secrets: [{ version: 1, value: sessionKey }],
    // `type` only decides that times are ISO texts and booleans 0 and 1, as on both engines.
    database: hashedSessions(kyselyAdapter(database.kysely, { type: 'sqlite' })),
    telemetry: { enabled: false },
    logger: { disabled: true },
    emailAndPassword: { enabled: true, disableSignUp: true, password: passwords },
    plugins: [
      username({
        displayUsername: false,
        minUsernameLength: 2,
        maxUsernameLength: 50,
        usernameValidator: (name) => Username.safeParse(name).success,
      }),
    ],
    user: { modelName: 'users', fields: { emailVerified: 'email_verified', ...moments } },
    account: {
      modelName: 'credentials',
      fields: {
        accountId: 'account_id',
        providerId: 'provider_id',
        userId: 'user_id',
        accessToken: 'access_token',
        refreshToken: 'refresh_token',
        idToken: 'id_token',
        accessTokenExpiresAt: 'access_token_expires_at',
        refreshTokenExpiresAt: 'refresh_token_expires_at',
        ...moments,
      },
    },
    session: {
      modelName: 'web_sessions',
      fields: {
        userId: 'user_id',
        expiresAt: 'expires_at',
        ipAddress: 'ip_address',
        userAgent: 'user_agent',
        ...moments,
      },
      expiresIn: sessionDurationRemember,
      updateAge: Math.min(DAY, Math.floor(sessionDurationRemember / 2)),
    },
    verification: { modelName: 'verifications', fields: { expiresAt: 'expires_at', ...moments } },
    databaseHooks: {
      session: {
        create: {
          async before(session, context) {
            if (await isBanned(database.kysely, Number(session.userId)))
              throw new APIError('FORBIDDEN', { code: BANNED })
            if (context?.body?.rememberMe !== false) return
            return { data: { ...session, expiresAt: new Date(Date.now() + sessionDuration * 1000) } }
          },
        },
      },
    },
    advanced: {
      database: { generateId: 'serial' },
      ipAddress: { ipAddressHeaders: [ADDRESS_HEADER] },
      // No name prefix: the cookie has the same name with and without https.
      useSecureCookies: false,
      defaultCookieAttributes: {
        httpOnly: true,
        sameSite: 'lax',
        path: cookies.path(),
        secure: cookies.secure,
      },
      cookies: { session_token: { name: cookies.session }, dont_remember: { name: cookies.short } },
    },
  })
}

export type Auth = ReturnType<typeof createAuth>
