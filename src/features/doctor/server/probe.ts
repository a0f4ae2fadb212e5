import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto'
import type { Identity } from '../../../core/run/authentication.ts'
import type { CredentialKind } from '../../../identity/server/index.ts'
import { messages } from '../contract/messages.ts'

/** What signed words are good for; one is never taken for another. */
type Use = 'question' | 'answer' | 'token'

const LIFE_MS = 60_000
const PREFIX = 'trekdoctor_'
const FORM = /^(\d{13})\.([0-9a-f]{32})\.([\w-]{43})$/

/**
 * Words by which the doctor and the server know each other. They are signed with a secret of the instance and are over after a
 * minute: nothing is kept of them, so nothing can be left behind, and another instance can neither make nor read them.
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

  /** The answer to a question of ours; null to anything else. */
  answer(question: string): string | null {
    return this.#read('question', question) ? this.#signature('answer', question) : null
  }

  /** Whether this is the answer of this instance to that question. */
  isAnswer(question: string, answer: unknown): boolean {
    return typeof answer === 'string' && equal(answer, this.#signature('answer', question))
  }

  /** A token that opens an MCP session and nothing else, with the grant that such a session belongs to. */
  token(): { token: string; grant: string } {
    const word = this.#word('token')
    return { token: PREFIX + word, grant: grantOf(word) }
  }

  /** Lets the doctor in at `/mcp`: as nobody in particular, who may see nothing and change nothing. */
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
    const said = `${this.#clock().getTime() + LIFE_MS}.${randomBytes(16).toString('hex')}`
    return `${said}.${this.#signature(use, said)}`
  }

  #read(use: Use, word: string): boolean {
    const [, ends = '', nonce = '', signature = ''] = FORM.exec(word) ?? []
    return equal(signature, this.#signature(use, `${ends}.${nonce}`)) && Number(ends) > this.#clock().getTime()
  }

  #signature(use: Use, said: string): string {
    return createHmac('sha256', this.#secret).update(`${use} ${said}`).digest('base64url')
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

function equal(given: string, wanted: string): boolean {
  const [a, b] = [Buffer.from(given), Buffer.from(wanted)]
  return a.length === b.length && timingSafeEqual(a, b)
}
