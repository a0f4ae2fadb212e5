import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto'
import type { Identity } from '../../../core/run/authentication.ts'
import type { CredentialKind } from '../../../identity/server/index.ts'
import { messages } from '../contract/messages.ts'

/** The uses of signed tokens; a token for one is never valid for another. */
type Use = 'question' | 'answer' | 'token'

const LIFE_MS = 60_000
const PREFIX = 'trekdoctor_'
const FORM = /^(\d{13})\.([0-9a-f]{32})\.([\w-]{43})$/

/**
 * Tokens by which the doctor and the server recognise each other, signed with a secret of the instance and valid for a
 * minute. Nothing is stored or left behind, and another instance can neither make nor verify them.
 */
export class Probes {
  readonly #secret: string
  readonly #clock: () => Date

  constructor(secret: string, clock: () => Date = () => new Date()) {
    this.#secret = secret
    this.#clock = clock
  }

  question(): string {
    return this.#word('question')
  }

  /** The answer to one of our questions; otherwise null. */
  answer(question: string): string | null {
    return this.#read('question', question) ? this.#signature('answer', question) : null
  }

  /** Whether this is this instance's answer to that question. */
  isAnswer(question: string, answer: unknown): boolean {
    return typeof answer === 'string' && equal(answer, this.#signature('answer', question))
  }

  /** A token that only opens an MCP session, and the grant that the session belongs to. */
  token(): { token: string; grant: string } {
    const word = this.#word('token')
    return { token: PREFIX + word, grant: grantOf(word) }
  }

  /** Admits the doctor at `/mcp`: without a user, and without any right to read or write. */
  readonly credentialKind: CredentialKind = {
    kind: 'doctor',
    prefix: PREFIX,
    audiences: ['mcp'],
    identify: async (token) => {
      const word = token.slice(PREFIX.length)
      return this.#read('token', word) ? nobody(grantOf(word)) : null
    },
    isActive: async (id) => Number(id.split('.')[0]) > this.#clock().getTime(),
  }

  #word(use: Use): string {
    const claim = `${this.#clock().getTime() + LIFE_MS}.${randomBytes(16).toString('hex')}`
    return `${claim}.${this.#signature(use, claim)}`
  }

  #read(use: Use, word: string): boolean {
    const [, ends = '', nonce = '', signature = ''] = FORM.exec(word) ?? []
    return equal(signature, this.#signature(use, `${ends}.${nonce}`)) && Number(ends) > this.#clock().getTime()
  }

  #signature(use: Use, claim: string): string {
    return createHmac('sha256', this.#secret).update(`${use} ${claim}`).digest('base64url')
  }
}

const grantOf = (word: string): string => `doctor:${word.split('.', 2).join('.')}`

const nobody = (grant: string): Identity => ({
  userId: 0,
  name: 'TREK doctor',
  admin: false,
  scopes: new Set(),
  grant,
  client: 'TREK doctor',
  clientId: null,
  notice: null,
  readOnly: messages.readOnly(),
})

function equal(actual: string, expected: string): boolean {
  const [a, b] = [Buffer.from(actual), Buffer.from(expected)]
  return a.length === b.length && timingSafeEqual(a, b)
}
