import { createHash } from 'node:crypto'
import type { Database } from '../../core/data/database.ts'
import type { Particulars, TrekError } from '../../core/declare/errors.ts'
import type { Message } from '../../core/declare/message.ts'
import { messages } from '../contract/messages.ts'
import { countAttempt, findAttempts, forgetAttempts, refundAttempts, removeOldAttempts } from './store.ts'

const WINDOW = 15 * 60_000

/**
 * How many attempts are allowed in a quarter of an hour. `account` counts one name from one network, so that nobody can lock out
 * people elsewhere; `device` counts one account in a browser in which its owner was logged in before; `password` counts the person
 * who is logged in.
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

/** The first attempts for one name do not wait. Each later attempt waits twice as long as the one before. */
const AT_ONCE = 10
const FIRST_WAIT = 1000
const LONGEST_WAIT = 8000

/** How long the nth attempt for one name waits, in milliseconds. The wait always ends, so the right password gets in. */
export const waitBefore = (nth: number): number =>
  nth <= AT_ONCE ? 0 : Math.min(FIRST_WAIT * 2 ** (nth - AT_ONCE - 1), LONGEST_WAIT)

// What somebody typed may be a password in the wrong field: it is not kept, only recognised.
const subjectOf = (kind: Kind | 'name', name: string): string =>
  `${kind}:${createHash('sha256').update(name).digest('base64url')}`

/**
 * Limits how often something secret is tried. Attempts are rows, so that neither a restart nor another process allows more of them. An
 * attempt is counted before it is made, so that many at once are not more than many in a row.
 */
export class AttemptLimiter {
  readonly #database: Database
  readonly #clock: () => Date

  constructor(database: Database, clock: () => Date) {
    this.#database = database
    this.#clock = clock
  }

  /** Counts one attempt, or refuses it with `rate_limited` and the seconds until the next one is allowed. */
  async consume(kind: Kind, name: string): Promise<void> {
    this.#refuse(kind, await this.count(kind, name), MOST_ATTEMPTS[kind])
  }

  /** Counts one attempt that was wrong. */
  count(kind: Kind, name: string): Promise<Counted> {
    return this.#add(kind, name)
  }

  #add(kind: Kind | 'name', name: string): Promise<Counted> {
    return countAttempt(this.#database.kysely, subjectOf(kind, name), this.#moment(WINDOW), this.#counting())
  }

  /** The clocks of two processes may differ by less than a window. */
  #counting() {
    return { now: this.#moment(), latest: this.#moment(2 * WINDOW) }
  }

  #moment(fromNow = 0): string {
    return new Date(this.#clock().getTime() + fromNow).toISOString()
  }

  /** Refuses when no attempt is left, and counts none: for secrets that cannot be found by trying many at once. */
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

  /** Counts an attempt for a name, from any network, and returns how long it has to wait, in milliseconds. */
  async waitFor(name: string): Promise<number> {
    return waitBefore((await this.#add('name', name)).count)
  }

  /** After a right attempt: earlier attempts of this kind no longer count. Returns how many there were. */
  forget(kind: Kind, name: string): Promise<number> {
    return forgetAttempts(this.#database.kysely, subjectOf(kind, name))
  }

  /** Uncounts so many attempts that were right, or were no attempt to log in. */
  async refund(kind: Kind | 'name', name: string, count: number): Promise<void> {
    await refundAttempts(this.#database.kysely, subjectOf(kind, name), count)
  }

  async sweep(): Promise<void> {
    await removeOldAttempts(this.#database.kysely, this.#moment())
  }
}

/** What one household or server can easily change about its address does not count: of IPv6, the first 64 bits do. */
export function networkOf(address: string): string {
  const plain = address.replace(/^::ffff:/i, '')
  if (!plain.includes(':')) return plain
  const [head = '', tail] = plain.split('::')
  const groups = head.split(':').filter(Boolean)
  const ending = tail === undefined ? [] : tail.split(':').filter(Boolean)
  while (groups.length + ending.length < 8) groups.push('0')
  return [...groups, ...ending]
    .slice(0, 4)
    .map((group) => Number.parseInt(group, 16).toString(16))
    .join(':')
}
