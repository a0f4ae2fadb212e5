import type { Database } from '../../core/data/database.ts'
import type { Row } from '../../core/declare/entity.ts'
import { TrekError } from '../../core/declare/errors.ts'
import type { Input } from '../../core/declare/operation.ts'
import { User } from '../contract/index.ts'
import type { log_in } from '../contract/log-in.ts'
import { messages } from '../contract/messages.ts'
import { type AttemptLimiter, networkOf } from './attempt-limiter.ts'
import type { Audit } from './audit/audit.ts'
import type { Auth } from './auth.ts'
import { ADDRESS_HEADER, BANNED } from './auth-names.ts'
import type { KnownDevices } from './known-devices.ts'
import { findAccount, findSessionHolder } from './store.ts'
import { hashToken } from './tokens.ts'

export interface SignInParts {
  readonly database: Database
  /** better-auth, loaded on demand. */
  auth(): Promise<Auth>
  readonly attempts: AttemptLimiter
  readonly audit: Audit
  readonly devices: KnownDevices
  /** Waits, in milliseconds. */
  pause(ms: number): Promise<void>
}

/** The origin of a login attempt. */
export interface Origin {
  readonly address: string
  readonly userAgent: string
  /** The request's cookies. */
  readonly cookies: string | undefined
}

export interface SignedIn {
  readonly user: Row<typeof User>
  readonly cookies: readonly string[]
}

/** Logs a person in. A failure has the same message and timing for a wrong name and a wrong password. */
export async function signIn(parts: SignInParts, input: Input<typeof log_in>, from: Origin): Promise<SignedIn> {
  const { database, audit, devices } = parts
  const identifier = input.identifier.toLowerCase()
  const account = await findAccount(database.kysely, identifier)
  const device = account ? devices.find(from.cookies, account.id) : null
  const note = { event: 'log_in', user_id: account?.id ?? null, ip_address: from.address }
  try {
    const attempt =
      account && device
        ? await attemptFromKnownDevice(parts, device, account.id)
        : await attemptFrom(parts, identifier, from)
    const { userId, token, cookies } = await checkPassword(await parts.auth(), { ...input, identifier }, from)
    await attempt.succeeded()
    const user = (await database.read((tx) => tx.find(User, { id: userId }))) as Row<typeof User>
    const session = await findSessionHolder(database.kysely, hashToken(token), new Date().toISOString())
    audit.note({ ...note, grant_id: `session:${session?.id}`, outcome: 'ok' })
    return { user, cookies: [...cookies, devices.remember(from.cookies, userId)] }
  } catch (error) {
    if (error instanceof TrekError) audit.note({ ...note, outcome: error.code })
    throw error
  }
}

/** A counted attempt that can be made. */
interface Attempt {
  /** Call it if the password was right. */
  succeeded(): Promise<unknown>
}

/**
 * In a browser where this person has logged in before: counts separately from attempts of others, wherever they are
 * made.
 */
async function attemptFromKnownDevice({ attempts }: SignInParts, device: string, userId: number): Promise<Attempt> {
  const here = `${device} ${userId}`
  await attempts.consume('device', here)
  return { succeeded: () => attempts.forget('device', here) }
}

/**
 * Anywhere else: limits per network, and per name in a network. Beyond a number of attempts at a name from all
 * networks, each waits a little, so many networks together are slow without locking anyone out. Counts the name as
 * typed: counting by account would reveal that a name and an e-mail address belong together.
 */
async function attemptFrom(
  { attempts, pause }: SignInParts,
  identifier: string,
  { address }: Origin,
): Promise<Attempt> {
  const network = networkOf(address)
  const here = `${identifier} ${network}`
  await attempts.consume('address', network)
  await attempts.consume('account', here)
  const wait = await attempts.waitFor(identifier)
  if (wait > 0) await pause(wait)
  return {
    async succeeded() {
      const own = await attempts.forget('account', here)
      await attempts.refund('address', network, 1)
      await attempts.refund('name', identifier, own)
    },
  }
}

async function checkPassword(auth: Auth, { identifier, password, remember_me }: Input<typeof log_in>, from: Origin) {
  const headers = new Headers({ 'user-agent': from.userAgent, [ADDRESS_HEADER]: from.address })
  const more = { password, rememberMe: remember_me }
  try {
    const { response, headers: answered } = identifier.includes('@')
      ? await auth.api.signInEmail({ body: { email: identifier, ...more }, headers, returnHeaders: true })
      : await auth.api.signInUsername({ body: { username: identifier, ...more }, headers, returnHeaders: true })
    return { userId: Number(response.user.id), token: response.token, cookies: answered.getSetCookie() }
  } catch (error) {
    const { isAPIError } = await import('better-auth/api')
    if (!isAPIError(error) || error.statusCode >= 500) throw error
    if (error.body?.code === BANNED) {
      throw messages.blocked()
    }
    throw messages.wrongLogIn()
  }
}
