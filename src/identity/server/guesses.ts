import { createHash } from 'node:crypto'
import type { Database } from '../../core/data/database.ts'
import { rateLimited } from '../../core/declare/errors.ts'
import { countGuess, findGuesses, forgetGuesses, removeOldGuesses, takeBackGuesses } from './store.ts'

const WINDOW = 15 * 60_000

/**
 * How many guesses a quarter of an hour has room for. `account` counts one name from one network, so that nobody can lock out those
 * who are elsewhere; `device` one account in a browser in which its owner was logged in before; `password` the one who is logged in.
 */
export const GUESSES = {
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

type Kind = keyof typeof GUESSES

type Counted = { count: number; resets_at: string }

const SAYS: Record<Kind, string> = {
  account: 'There were too many wrong passwords for this name from your network',
  address: 'There were too many wrong passwords from your network',
  device: 'There were too many wrong passwords for this account in this browser',
  password: 'There were too many wrong passwords',
  client: 'There were too many wrong secrets for this client',
  refused: 'Too much was refused to this address',
  registration: 'Too many programs were registered from this address',
  pages: 'Web pages registered too many programs from this address',
  request: 'Access was asked for too often from this address',
  document: 'Too many programs were looked up from this address',
}

/** The first guesses at one name wait for nothing. Each guess after them waits twice as long as the one before. */
const AT_ONCE = 10
const FIRST_WAIT = 1000
const LONGEST_WAIT = 8000

/** How long the nth guess at one name waits. The wait always ends, so the right password gets in. */
export const waitBefore = (guess: number): number =>
  guess <= AT_ONCE ? 0 : Math.min(FIRST_WAIT * 2 ** (guess - AT_ONCE - 1), LONGEST_WAIT)

// What somebody typed may be a password in the wrong field: it is not kept, only recognised.
const subjectOf = (kind: Kind | 'name', name: string): string =>
  `${kind}:${createHash('sha256').update(name).digest('base64url')}`

/**
 * Counts guesses as rows, so that neither a restart nor another process gives anyone more of them. A guess is counted
 * before it is tried, so that many at once are not more than many in a row.
 */
export class Guesses {
  readonly #database: Database
  readonly #clock: () => Date

  constructor(database: Database, clock: () => Date) {
    this.#database = database
    this.#clock = clock
  }

  /** Counts one guess, or refuses it with `rate_limited` and the seconds until there is room again. */
  async take(kind: Kind, name: string): Promise<void> {
    this.#refuse(kind, await this.count(kind, name), GUESSES[kind])
  }

  /** Counts one guess that was wrong. */
  count(kind: Kind, name: string): Promise<Counted> {
    return this.#add(kind, name)
  }

  #add(kind: Kind | 'name', name: string): Promise<Counted> {
    return countGuess(this.#database.kysely, subjectOf(kind, name), this.#moment(WINDOW), this.#counting())
  }

  /** The clocks of two processes may differ by less than a window. */
  #counting() {
    return { now: this.#moment(), latest: this.#moment(2 * WINDOW) }
  }

  #moment(fromNow = 0): string {
    return new Date(this.#clock().getTime() + fromNow).toISOString()
  }

  /** Refuses where there is no room for another guess, and counts none: for what cannot be guessed by trying many at once. */
  async check(kind: Kind, name: string): Promise<void> {
    const counted = await findGuesses(this.#database.kysely, subjectOf(kind, name), this.#counting())
    if (counted) this.#refuse(kind, counted, GUESSES[kind] - 1)
  }

  #refuse(kind: Kind, counted: Counted, most: number): void {
    if (counted.count <= most) return
    const wait = Date.parse(counted.resets_at) - this.#clock().getTime()
    const retryAfter = Math.max(1, Math.ceil(wait / 1000))
    throw rateLimited(SAYS[kind], { retryAfter, hint: `Try again in ${Math.ceil(retryAfter / 60)} minutes.` })
  }

  /** Counts a guess at a name from wherever it comes, and tells how long it has to wait. */
  async waitFor(name: string): Promise<number> {
    return waitBefore((await this.#add('name', name)).count)
  }

  /** A right guess: those of the same kind before it count no more. Returns how many there were. */
  forget(kind: Kind, name: string): Promise<number> {
    return forgetGuesses(this.#database.kysely, subjectOf(kind, name))
  }

  /** Takes back this number of guesses, which were right or no attempt to log in. Guesses of others stay counted. */
  async giveBack(kind: Kind | 'name', name: string, count: number): Promise<void> {
    await takeBackGuesses(this.#database.kysely, subjectOf(kind, name), count)
  }

  async sweep(): Promise<void> {
    await removeOldGuesses(this.#database.kysely, this.#moment())
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
