import { createHash, randomBytes } from 'node:crypto'
import type { Running } from './running.ts'

/** The part of a browser that keeps cookies by path. */
export class Browser {
  readonly #cookies = new Map<string, { name: string; value: string; path: string }>()
  readonly base: string

  constructor(base: string) {
    this.base = base
  }

  /** The value of the Cookie header for this address. */
  cookieFor(url: string): string {
    const { pathname } = new URL(url, this.base)
    return [...this.#cookies.values()]
      .filter(({ path }) => pathname === path || pathname.startsWith(path === '/' ? '/' : `${path}/`))
      .map(({ name, value }) => `${name}=${value}`)
      .join('; ')
  }

  async fetch(url: string, init: RequestInit & { headers?: Record<string, string> } = {}): Promise<Response> {
    const target = new URL(url, this.base)
    const cookie = this.cookieFor(url)
    const headers = { ...(cookie && { cookie }), ...init.headers }
    const answer = await fetch(target, { redirect: 'manual', ...init, headers })
    for (const line of answer.headers.getSetCookie()) this.#keep(line, target)
    return answer
  }

  /** Posts JSON as a page of the app does. */
  post(url: string, body: object, headers: Record<string, string> = {}): Promise<Response> {
    return this.fetch(url, {
      method: 'POST',
      headers: { 'content-type': 'application/json', origin: new URL(this.base).origin, ...headers },
      body: JSON.stringify(body),
    })
  }

  async logIn(identifier: string, password: string): Promise<void> {
    const answer = await this.post('/api/auth/login', { identifier, password })
    if (!answer.ok) throw new Error(`could not log in: ${answer.status} ${await answer.text()}`)
  }

  #keep(line: string, target: URL): void {
    const [pair = '', ...attributes] = line.split(';').map((part) => part.trim())
    const name = pair.slice(0, pair.indexOf('='))
    const value = pair.slice(pair.indexOf('=') + 1)
    const path = attributes.find((one) => /^path=/i.test(one))?.slice(5) ?? target.pathname
    const isDeleted = !value || attributes.some((one) => /^max-age=0$|^expires=Thu, 01 Jan 1970/i.test(one))
    if (isDeleted) this.#cookies.delete(`${name} ${path}`)
    else this.#cookies.set(`${name} ${path}`, { name, value, path })
  }
}

export interface Tokens {
  readonly access_token: string
  readonly refresh_token?: string
  readonly expires_in: number
  readonly scope: string
  readonly token_type: string
}

/** An OAuth client, step by step, so that a test can also make each step wrong. */
export class Program {
  readonly base: string
  clientId = ''
  secret: string | null = null
  redirectUri: string

  constructor(base: string, redirectUri = 'http://127.0.0.1:43210/callback') {
    this.base = base
    this.redirectUri = redirectUri
  }

  /** Dynamic client registration (RFC 7591). */
  async register(more: Record<string, unknown> = {}): Promise<this> {
    const answer = await fetch(`${this.base}/oauth/register`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({
        client_name: 'Test program',
        redirect_uris: [this.redirectUri],
        token_endpoint_auth_method: 'none',
        ...more,
      }),
    })
    if (answer.status !== 201) throw new Error(`could not register: ${answer.status} ${await answer.text()}`)
    const registered = (await answer.json()) as { client_id: string; client_secret?: string }
    this.clientId = registered.client_id
    this.secret = registered.client_secret ?? null
    return this
  }

  /** The authorization address for the browser; null leaves a parameter out. */
  authorizeUrl(verifier: string, more: Record<string, string | null> = {}): string {
    const parameters = {
      response_type: 'code',
      client_id: this.clientId,
      redirect_uri: this.redirectUri,
      scope: 'trips:read places:read',
      state: 'xyz',
      code_challenge: challengeOf(verifier),
      code_challenge_method: 'S256',
      resource: `${this.base}/mcp`,
      ...more,
    }
    return `${this.base}/oauth/authorize?${formOf(parameters)}`
  }

  /** Posts a form to the token endpoint, or to another one; null leaves a field out. */
  post(form: Record<string, string | null>, path = '/oauth/token', headers: Record<string, string> = {}) {
    const client = { client_id: this.clientId, client_secret: this.secret }
    return fetch(`${this.base}${path}`, { method: 'POST', headers, body: formOf({ ...client, ...form }) })
  }

  exchange(code: string, verifier: string, more: Record<string, string | null> = {}): Promise<Response> {
    return this.post({
      grant_type: 'authorization_code',
      code,
      code_verifier: verifier,
      redirect_uri: this.redirectUri,
      ...more,
    })
  }

  refresh(token: string, more: Record<string, string | null> = {}): Promise<Response> {
    return this.post({ grant_type: 'refresh_token', refresh_token: token, ...more })
  }

  /** Runs the whole flow: a logged-in browser consents, and the program exchanges the code for tokens. */
  async connect(browser: Browser, more: Record<string, string | null> = {}): Promise<Tokens> {
    const verifier = newVerifier()
    const { code } = await this.consent(browser, verifier, more)
    const answer = await this.exchange(code, verifier)
    if (answer.status !== 200) throw new Error(`no tokens: ${answer.status} ${await answer.text()}`)
    return (await answer.json()) as Tokens
  }

  /** Runs the flow up to the code. */
  async consent(browser: Browser, verifier: string, more: Record<string, string | null> = {}) {
    const uid = await beginConsent(browser, this.authorizeUrl(verifier, more))
    const landed = await decide(browser, uid, true)
    const code = landed.searchParams.get('code')
    if (!code) throw new Error(`no code: ${landed}`)
    return { code, landed }
  }
}

const formOf = (parameters: Record<string, string | null>): URLSearchParams =>
  new URLSearchParams(Object.entries(parameters).filter((pair): pair is [string, string] => pair[1] !== null))

export const newVerifier = (): string => randomBytes(32).toString('base64url')
export const challengeOf = (verifier: string): string => createHash('sha256').update(verifier).digest('base64url')

/** Opens the authorization address; returns the id of the request that a person has to decide. */
export async function beginConsent(browser: Browser, url: string): Promise<string> {
  const answer = await browser.fetch(url)
  const location = answer.headers.get('location') ?? ''
  const uid = /\/oauth\/consent\/([\w-]+)$/.exec(location)?.[1]
  if (!uid) throw new Error(`no consent page: ${answer.status} ${location} ${await answer.text()}`)
  return uid
}

/** The part of the consent page on which its answer depends. */
interface ConsentPage {
  readonly user: { readonly user_id: number } | null
  readonly asked: {
    readonly client: { readonly name: string; readonly redirect_uri: string }
    readonly scopes: readonly { readonly scope: string }[]
    readonly remembered: boolean
    readonly shown: string
  } | null
}

/** The contents of the consent page of a request. */
export async function readConsentPage(browser: Browser, uid: string): Promise<ConsentPage> {
  const response = await browser.fetch(`/oauth/consent/${uid}/request`)
  if (!response.ok) throw new Error(`no request: ${response.status} ${await response.text()}`)
  return (await response.json()) as ConsentPage
}

/** The decision that the page sends when a person allows everything, with these changes. */
export const consentTo = ({ user, asked }: ConsentPage, more: object = {}) => ({
  user_id: user?.user_id,
  shown: asked?.shown,
  allow: true,
  scopes: asked?.scopes.map(({ scope }) => scope),
  ...more,
})

export const decisionOn = (uid: string): string => `/oauth/consent/${uid}/decision`

/** Allows all or `only` these scopes of a request, or refuses it; returns the address where the browser ends up. */
export async function decide(browser: Browser, uid: string, allow: boolean, only?: string[]): Promise<URL> {
  const answer = consentTo(await readConsentPage(browser, uid), { allow, ...(only && { scopes: only }) })
  return landingOf(browser, await browser.post(decisionOn(uid), answer))
}

/** Opens the consent page. If the page answers by itself, returns where the browser ends up; if it asks the person, null. */
export async function openConsent(browser: Browser, uid: string): Promise<URL | null> {
  const page = await readConsentPage(browser, uid)
  if (!page.asked?.remembered) return null
  return landingOf(browser, await browser.post(decisionOn(uid), consentTo(page, { remembered: true })))
}

async function landingOf(browser: Browser, answered: Response): Promise<URL> {
  if (!answered.ok) throw new Error(`not decided: ${answered.status} ${await answered.text()}`)
  const { redirect } = (await answered.json()) as { redirect: string }
  const landed = await browser.fetch(redirect)
  return new URL(landed.headers.get('location') ?? '')
}

/** A browser in which this person is logged in. */
export async function browserOf({ url }: Pick<Running, 'url'>, person: { username: string; password: string }) {
  const browser = new Browser(url)
  await browser.logIn(person.username, person.password)
  return browser
}
