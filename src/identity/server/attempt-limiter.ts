import { createHash } from 'node:crypto'
import ipaddr from 'ipaddr.js'
import type { Database } from '../../core/data/database.ts'
import type { Particulars, TrekError } from '../../core/declare/errors.ts'
import type { Message } from '../../core/declare/message.ts'
import { messages } from '../contract/messages.ts'
import { countAttempt, findAttempts, forgetAttempts, refundAttempts, removeOldAttempts } from './store.ts'

const WINDOW = 15 * 60_000

/**
 * The number of attempts allowed in 15 minutes. `account` counts one name from one network, so that nobody can lock out
 * people elsewhere; `device` counts one account in a browser where its owner has logged in before; `password` counts
 * the logged-in person.
 */
export const MOST_ATTEMPTS = {
  account: 10,
  address: 40,
  device: 10,
  password: 10,
  client: 10,
  refused: 300,
  registration: 30,
  pages: 300,
  document: 60,
  request: 300,
} as const

type Kind = keyof typeof MOST_ATTEMPTS

type Counted = { count: number; resets_at: string }

type Refusal = (params: { readonly when: Message }, particulars: Particulars) => TrekError

const REFUSALS: Record<Kind, Refusal> = {
  account: messages.passwordsForName,
  address: messages.passwordsFromNetwork,
  device: messages.passwordsInBrowser,
  password: messages.passwords,
  client: messages.clientSecrets,
  refused: messages.refusedRequests,
  registration: messages.registrations,
  pages: messages.registrationsByPages,
  request: messages.accessRequests,
  document: messages.lookUps,
}

/** The first attempts for a name do not wait. Each later one waits twice as long as the one before. */
const AT_ONCE = 10
const FIRST_WAIT = 1000
const LONGEST_WAIT = 8000

/** The wait before the nth attempt for a name, in milliseconds. It is bounded, so the right password always gets in. */
export const waitBefore = (nth: number): number =>
  nth <= AT_ONCE ? 0 : Math.min(FIRST_WAIT * 2 ** (nth - AT_ONCE - 1), LONGEST_WAIT)

// The input can be a password typed in the wrong field, so only its hash is kept.
const subjectOf = (kind: Kind | 'name', name: string): string =>
  `${kind}:${createHash('sha256').update(name).digest('base64url')}`

/**
 * Limits attempts at secrets. Attempts are rows, so a restart or another process does not allow more. An attempt is
 * counted before it is made, so parallel attempts gain nothing.
 */
export class AttemptLimiter {
  readonly #database: Database
  readonly #clock: () => Date

  constructor(database: Database, clock: () => Date) {
    this.#database = database
    this.#clock = clock
  }

  /** Counts an attempt, or throws `rate_limited` with the seconds until the next is allowed. */
  async consume(kind: Kind, name: string): Promise<void> {
    this.#refuse(kind, await this.count(kind, name), MOST_ATTEMPTS[kind])
  }

  /** Counts a failed attempt. */
  count(kind: Kind, name: string): Promise<Counted> {
    return this.#add(kind, name)
  }

  #add(kind: Kind | 'name', name: string): Promise<Counted> {
    return countAttempt(this.#database.kysely, subjectOf(kind, name), this.#moment(WINDOW), this.#counting())
  }

  /** The clocks of two processes can differ by less than a window. */
  #counting() {
    return { now: this.#moment(), latest: this.#moment(2 * WINDOW) }
  }

  #moment(fromNow = 0): string {
    return new Date(this.#clock().getTime() + fromNow).toISOString()
  }

  /** Throws if no attempt is left, without counting one: for secrets that cannot be guessed by parallel attempts. */
  async refuseWhenExhausted(kind: Kind, name: string): Promise<void> {
    const counted = await findAttempts(this.#database.kysely, subjectOf(kind, name), this.#counting())
    if (counted) this.#refuse(kind, counted, MOST_ATTEMPTS[kind] - 1)
  }

  #refuse(kind: Kind, counted: Counted, most: number): void {
    if (counted.count <= most) return
    const wait = Date.parse(counted.resets_at) - this.#clock().getTime()
    const retryAfter = Math.max(1, Math.ceil(wait / 1000))
    throw REFUSALS[kind]({ when: messages.inMinutes({ count: Math.ceil(retryAfter / 60) }) }, { retryAfter })
  }

  /** Counts an attempt for a name from any network. Returns its wait in milliseconds. */
  async waitFor(name: string): Promise<number> {
    return waitBefore((await this.#add('name', name)).count)
  }

  /** After a successful attempt: forgets earlier ones of this kind. Returns how many there were. */
  forget(kind: Kind, name: string): Promise<number> {
    return forgetAttempts(this.#database.kysely, subjectOf(kind, name))
  }

  /** Uncounts attempts that were correct or were not logins. */
  async refund(kind: Kind | 'name', name: string, count: number): Promise<void> {
    await refundAttempts(this.#database.kysely, subjectOf(kind, name), count)
  }

  async sweep(): Promise<void> {
    await removeOldAttempts(this.#database.kysely, this.#moment())
  }
}

/** Drops the part of an address that a household or server can easily change: of IPv6, the first 64 bits count. */
export function networkOf(address: string): string {
  if (!ipaddr.isValid(address)) return address
  const parsed = ipaddr.process(address)
  if (parsed instanceof ipaddr.IPv4) return parsed.toString()
  return parsed.parts
    .slice(0, 4)
    .map((part) => part.toString(16))
    .join(':')
}
