import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto'
import { type Cookies, cookieValue } from './cookie.ts'

const DEVICE_COOKIE = 'trek_device'

/** The most people remembered per browser: the last to log in. */
const MOST_PEOPLE = 5
const LONGEST = 400
const YEAR_SECONDS = 365 * 86_400
const FORM = /^([\w-]{22})\.([\w-]{22}(?:~[\w-]{22})*)$/

/** A browser with our cookie and a mark for each person who logged in there. */
interface Device {
  readonly id: string
  readonly marks: readonly string[]
}

/**
 * Remembers who logged in from which browser, in a signed cookie with an id and a mark per person. It grants no access.
 * It only counts attempts from such a browser separately from all others.
 */
export class KnownDevices {
  readonly #key: string
  readonly #cookies: Cookies

  constructor(key: string, cookies: Cookies) {
    this.#key = key
    this.#cookies = cookies
  }

  /** The browser's id if this person has logged in there before; else null. */
  find(cookies: string | undefined, userId: number): string | null {
    const device = this.#deviceIn(cookies)
    if (!device) return null
    const expected = this.#markOf(device.id, userId)
    return device.marks.some((mark) => isEqual(mark, expected)) ? device.id : null
  }

  /** The new cookie of this browser. */
  remember(cookies: string | undefined, userId: number): string {
    const { id, marks } = this.#deviceIn(cookies) ?? { id: randomBytes(16).toString('base64url'), marks: [] }
    const own = this.#markOf(id, userId)
    const all = [own, ...marks.filter((mark) => mark !== own)].slice(0, MOST_PEOPLE)
    const { path, secure } = this.#cookies
    const attributes = `Max-Age=${YEAR_SECONDS}; Path=${path('/api/auth')}; HttpOnly; SameSite=Lax${secure ? '; Secure' : ''}`
    return `${this.#name}=${id}.${all.join('~')}; ${attributes}`
  }

  get #name(): string {
    return this.#cookies.named(DEVICE_COOKIE)
  }

  #deviceIn(cookies: string | undefined): Device | null {
    const value = cookies && cookieValue(cookies, this.#name)
    const [, id, marks] = (value && value.length <= LONGEST && FORM.exec(value)) || []
    return id && marks ? { id, marks: marks.split('~') } : null
  }

  #markOf(id: string, userId: number): string {
    return createHmac('sha256', this.#key).update(`${id} ${userId}`).digest('base64url').slice(0, 22)
  }
}

const isEqual = (one: string, other: string): boolean =>
  one.length === other.length && timingSafeEqual(Buffer.from(one), Buffer.from(other))
