import { expect } from 'vitest'

/** The patterns of tokens and codes. */
const FORMS = [/trek(?:oa|rf|cs)?_[0-9a-f]{48,64}/g, /eyJ[\w-]+\.[\w-]+\.[\w-]+/g, /[?&"]code[="]+:?"?([\w-]{20,})/g]
const FIELDS =
  /password|^identifier$|secret|^token$|_token$|assertion$|^code$|code_verifier|^nonce$|^redirect$|^authorization$|^cookie$/

/** Collects every secret that is shown or sent, and searches for them where none may occur. */
export class Vault {
  readonly #secrets = new Map<string, string>()

  get size(): number {
    return this.#secrets.size
  }

  /** Adds secrets. Values shorter than 12 characters are ignored. */
  add(kind: string, ...values: (string | undefined | null)[]): void {
    for (const value of values) if (value && value.length >= 12) this.#secrets.set(value, kind)
  }

  has(value: string): boolean {
    return this.#secrets.has(value)
  }

  /** A `fetch` that collects the secrets of its requests and answers. */
  readonly fetch = (inner: typeof fetch): typeof fetch => {
    return async (target, init) => {
      this.#addRequest(String(target), init)
      const answer = await inner(target, init)
      for (const line of answer.headers.getSetCookie()) this.#cookie(line.split(';')[0] ?? '')
      this.#text(answer.headers.get('location') ?? '')
      const type = answer.headers.get('content-type') ?? ''
      if (!type.startsWith('text/event-stream')) this.#text(await answer.clone().text())
      return answer
    }
  }

  #addRequest(target: string, init: RequestInit = {}): void {
    this.#text(target)
    for (const [name, value] of new URL(target).searchParams) this.#field(name, value)
    const headers = new Headers(init.headers)
    this.#text([...headers.values()].join(' '))
    for (const pair of headers.get('cookie')?.split('; ') ?? []) this.#cookie(pair)
    if (init.body instanceof URLSearchParams) for (const [name, value] of init.body) this.#field(name, value)
    if (typeof init.body === 'string') {
      this.#text(init.body)
      for (const [, name, value] of init.body.matchAll(/"(\w+)"\s*:\s*"([^"]*)"/g)) this.#field(name ?? '', value ?? '')
    }
  }

  #field(name: string, value: string): void {
    this.#text(value)
    if (FIELDS.test(name)) this.add(name, value)
  }

  #text(text: string): void {
    for (const form of FORMS) for (const [match, part] of text.matchAll(form)) this.add('token', part ?? match)
    for (const [, uid] of text.matchAll(/\/oauth\/(?:consent|authorize)\/([\w-]{16,})/g)) this.add('request', uid)
  }

  /** Keeps the value of a cookie, its decoded form, and the parts of that. */
  #cookie(pair: string): void {
    const value = pair.slice(pair.indexOf('=') + 1)
    const decoded = decodeURIComponent(value)
    this.add('cookie', value, decoded, ...decoded.split('.'))
  }

  /** The secrets that occur in a text, plain or in a common encoding. */
  find(searched: string): string[] {
    const folded = searched.toLowerCase()
    return [...this.#secrets].flatMap(([secret, kind]) => {
      const form = encodings(secret).find(([, text]) => searched.includes(text))?.[0]
      const hex = folded.includes(Buffer.from(secret).toString('hex')) ? 'hex' : undefined
      return form || hex ? [`${kind} ${secret} (${form ?? hex})`] : []
    })
  }

  /** Asserts that no secret occurs in any of these places. */
  expectNowhere(places: Record<string, string>): void {
    for (const [place, text] of Object.entries(places)) expect([place, this.find(text)]).toEqual([place, []])
  }
}

function encodings(secret: string): [string, string][] {
  const json = JSON.stringify(secret).slice(1, -1)
  return [
    ['as it is', secret],
    ['in JSON', json],
    ['in JSON in JSON', JSON.stringify(json).slice(1, -1)],
    ['in a URL', encodeURIComponent(secret)],
    ['in base64', base64At(secret, 0)],
    ['in base64', base64At(secret, 1)],
    ['in base64', base64At(secret, 2)],
    ['in base64url', base64At(secret, 0, 'base64url')],
    ['in base64url', base64At(secret, 1, 'base64url')],
    ['in base64url', base64At(secret, 2, 'base64url')],
    ['without its prefix', secret.replace(/^trek(oa|rf|cs)?_/, '')],
    ['as the bytes of its digits', /^trek[a-z]*_[0-9a-f]+$/.test(secret) ? bytesOf(secret) : secret],
  ]
}

/** The base64 form of a text that begins `offset` bytes into a group of three, without the digits that depend on its neighbours. */
function base64At(secret: string, offset: number, as: 'base64' | 'base64url' = 'base64'): string {
  const text = Buffer.concat([Buffer.alloc(offset), Buffer.from(secret)])
    .toString(as)
    .replace(/=+$/, '')
  const from = offset === 0 ? 0 : offset + 1
  return text.slice(from, (offset + secret.length) % 3 === 0 ? undefined : -1)
}

const bytesOf = (token: string): string => Buffer.from(token.slice(token.indexOf('_') + 1), 'hex').toString('base64')
