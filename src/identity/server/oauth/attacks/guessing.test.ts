import { randomBytes } from 'node:crypto'
import { request } from 'node:http'
import { beforeAll, beforeEach, describe, expect, test } from 'vitest'
import {
  expectRefused,
  forgetFailedAttempts,
  issuesNothing,
  opensMcp,
  registerProgram,
} from '../../../../../test/harness/attacks.ts'
import { browserOf, newVerifier, Program } from '../../../../../test/harness/rigs/oauth.ts'
import { eachRunning, type Person } from '../../../../../test/harness/rigs/running.ts'

/** Brute force: how many attempts are allowed, and whether the time of an answer reveals anything. */

eachRunning((running) => {
  let ana: Person
  let program: Program
  let other: Program

  beforeAll(async () => {
    ana = await running().person('Ana')
    program = (await registerProgram(running(), ana, { machine: true })).program
    other = (await registerProgram(running(), ana, { machine: true })).program
  })

  beforeEach(() => forgetFailedAttempts(running()))

  const form = { grant_type: 'client_credentials', scope: 'trips:read' }
  const wrong = () => `trekcs_${randomBytes(24).toString('hex')}`
  const guess = (of = program, path = '/oauth/token') => of.post({ ...form, client_secret: wrong(), token: 'x' }, path)
  const basic = (id: string, secret: string) => ({ authorization: `Basic ${btoa(`${id}:${secret}`)}` })

  /** The same from another address of this machine. */
  function fromElsewhere(path: string, body: string, type = 'application/x-www-form-urlencoded'): Promise<number> {
    const { port } = running()
    const headers = { 'content-type': type, 'content-length': Buffer.byteLength(body) }
    return new Promise((resolve, reject) => {
      const options = { host: '127.0.0.1', port, path, method: 'POST', headers, localAddress: '127.0.0.2' }
      request(options, (answer) => resolve(answer.resume().statusCode ?? 0))
        .on('error', reject)
        .end(body)
    })
  }

  async function expectTooMany(answer: Response): Promise<void> {
    const wait = Number(answer.headers.get('retry-after'))
    expect(wait).toBeGreaterThan(0)
    expect(wait).toBeLessThanOrEqual(900)
    expect(answer.headers.get('access-control-expose-headers')).toContain('Retry-After')
    await expectRefused(answer, 429, 'too_many_requests')
  }

  describe('a secret', () => {
    test('can be guessed at ten times; then not even the right one is checked, for that client from that address', async () => {
      await issuesNothing(running(), async () => {
        for (let index = 0; index < 10; index++) await expectRefused(await guess(), 401, 'invalid_client')
        await expectTooMany(await guess())
        await expectTooMany(await program.post(form))
      })
      expect((await other.post(form)).status).toBe(200)
      const right = { ...form, client_id: program.clientId, client_secret: program.secret as string }
      expect(await fromElsewhere('/oauth/token', new URLSearchParams(right).toString())).toBe(200)
    })

    test('has one count of guesses for all ways of sending it', async () => {
      const id = program.clientId
      const withoutClient = { ...form, client_id: null, client_secret: null, token: 'x' }
      const spelt = [id, `%${id.charCodeAt(0).toString(16)}${id.slice(1)}`, id.replaceAll('-', '%2D')]
      await issuesNothing(running(), async () => {
        for (let index = 0; index < 4; index++) {
          const path = ['/oauth/token', '/oauth/introspect', '/oauth/revoke', '/token'][index]
          await expectRefused(await guess(program, path), 401, 'invalid_client')
          const header = basic(spelt[index % 3] as string, wrong())
          await expectRefused(await program.post(withoutClient, path, header), 401, 'invalid_client')
        }
        for (let index = 0; index < 2; index++) {
          const headers = { 'content-type': 'application/json' }
          const body = JSON.stringify({ ...form, client_id: id, client_secret: wrong() })
          const answer = await fetch(`${running().url}/oauth/token`, { method: 'POST', headers, body })
          await expectRefused(answer, 401, 'invalid_client')
        }
        for (const path of ['/oauth/token', '/oauth/introspect', '/oauth/revoke', '/token']) {
          await expectTooMany(await guess(program, path))
          for (const as of spelt) await expectTooMany(await program.post(withoutClient, path, basic(as, wrong())))
        }
      })
    })

    test('is not found by claiming another address each time', async () => {
      const from = (index: number) => ({
        'x-forwarded-for': `203.0.113.${index}`,
        'x-real-ip': `203.0.113.${index}`,
        forwarded: `for=203.0.113.${index}`,
      })
      for (let index = 0; index < 10; index++) {
        const answer = await program.post({ ...form, client_secret: wrong() }, '/oauth/token', from(index))
        await expectRefused(answer, 401, 'invalid_client')
      }
      await expectTooMany(await program.post({ ...form, client_secret: wrong() }, '/oauth/token', from(99)))
    })

    test('is not found by concurrent guesses either', async () => {
      const answers = await issuesNothing(running(), () => Promise.all(Array.from({ length: 30 }, () => guess())))
      for (const { status } of answers) expect([401, 429]).toContain(status)
      await expectTooMany(await guess())
    })

    test('shares a limit with other attempts: three hundred get the reason of the failure, and then no more', async () => {
      const unknown = new Program(running().url)
      const open = await new Program(running().url).register()
      await issuesNothing(running(), async () => {
        for (let index = 0; index < 100; index++) {
          unknown.clientId = `nobody-${index}`
          await expectRefused(await guess(unknown), 401, 'invalid_client')
          await expectRefused(await unknown.post({ ...form, client_secret: null }), 401, 'invalid_client')
          await expectRefused(await open.refresh(`trekrf_${index}`), 400, 'invalid_grant')
        }
        for (const by of [unknown, open]) await expectTooMany(await by.refresh('trekrf_x'))
        await expectTooMany(await guess(unknown))
      })
      // Valid requests are never blocked by the attempts of others at the same address.
      for (let index = 0; index < 3; index++) expect((await program.post(form)).status).toBe(200)
      // Any page can make a browser send these requests, so its user must still be able to log in.
      const browser = await browserOf(running(), ana)
      expect((await browser.fetch('/api/me')).status).toBe(200)
    })

    test('that is right never counts as an attempt', async () => {
      for (let index = 0; index < 45; index++) expect((await program.post(form)).status).toBe(200)
    })
  })

  test('thirty registrations per quarter of an hour are allowed from one address, without affecting other addresses', async () => {
    const metadata = JSON.stringify({
      redirect_uris: ['https://app.example.org/cb'],
      token_endpoint_auth_method: 'none',
    })
    const register = (body: string, path = '/oauth/register') =>
      fetch(running().url + path, { method: 'POST', headers: { 'content-type': 'application/json' }, body })
    for (let index = 0; index < 15; index++) {
      expect((await register(metadata)).status).toBe(201)
      expect((await register('{}', '/register')).status).toBe(400)
    }
    await expectTooMany(await register(metadata))
    await expectTooMany(await register(metadata, '/register'))
    expect(await fromElsewhere('/oauth/register', metadata, 'application/json')).toBe(201)
  })

  test('three hundred access requests per quarter of an hour are allowed from one address', async () => {
    const stranger = await new Program(running().url).register()
    const url = stranger.authorizeUrl(newVerifier())
    const navigate = (more: Record<string, string> = {}) =>
      fetch(url, { redirect: 'manual', headers: { accept: 'text/html,*/*', ...more } })
    const asksFor = async (answer: Promise<Response>) => (await answer).headers.get('location') ?? ''
    for (let index = 0; index < 300; index++) expect(await asksFor(navigate())).toContain('/oauth/consent/')
    const interactions = () =>
      running()
        .database.kysely.selectFrom('oauth_artifacts')
        .select('id_hash')
        .where('model', '=', 'Interaction')
        .execute()
    const before = await interactions()
    expect(await asksFor(navigate())).toBe('/oauth/problem?error=too_many_requests')
    expect(await interactions()).toHaveLength(before.length)

    // A logged-in user has their own limit, and so has a program that a user has connected or added.
    const browser = await browserOf(running(), ana)
    const asPerson = await browser.fetch(url, { headers: { accept: 'text/html' } })
    expect(asPerson.headers.get('location')).toContain('/oauth/consent/')
    const address = program.authorizeUrl(newVerifier(), { scope: 'trips:read' })
    const asKnown = await fetch(address, { redirect: 'manual', headers: { accept: 'text/html' } })
    expect(asKnown.headers.get('location')).toContain('/oauth/consent/')
  })

  describe('a web page', () => {
    const page = { origin: 'https://evil.example', 'sec-fetch-site': 'cross-site' }
    const register = (headers: Record<string, string>, redirect_uri = 'https://app.example.org/cb') =>
      fetch(`${running().url}/oauth/register`, {
        method: 'POST',
        headers: { 'content-type': 'application/json', ...headers },
        body: JSON.stringify({ redirect_uris: [redirect_uri], token_endpoint_auth_method: 'none' }),
      })
    const led = (headers: Record<string, string>, url: string) => fetch(url, { redirect: 'manual', headers })

    test('uses up only its own registrations, not those of programs or other pages in the network of its visitor', async () => {
      for (let index = 0; index < 30; index++) expect((await register(page)).status).toBe(201)
      for (let index = 0; index < 300; index++) expect((await register(page)).status).toBe(429)
      expect((await register({ origin: 'http://localhost:6274' })).status).toBe(201)
      expect((await register({})).status).toBe(201)
    })

    test('cannot register more under many origins', async () => {
      for (let index = 0; index < 300; index++) {
        expect((await register({ origin: `https://${index}.evil.example` })).status).toBe(201)
      }
      await expectTooMany(await register({ origin: 'https://another.evil.example' }))
      expect((await register({})).status).toBe(201)
    })

    test.each<[string, Record<string, string>]>([
      ['pictures', { 'sec-fetch-site': 'cross-site', 'sec-fetch-dest': 'image', accept: 'image/*' }],
      ['frames', { 'sec-fetch-site': 'cross-site', 'sec-fetch-dest': 'iframe', accept: 'text/html' }],
      ['pictures in an old browser', { accept: 'image/avif,image/webp,*/*' }],
      ['windows', { 'sec-fetch-site': 'cross-site', 'sec-fetch-dest': 'document', accept: 'text/html' }],
    ])('uses up none of the visitor’s access requests by %s', async (_what, headers) => {
      const stranger = await new Program(running().url).register()
      const url = stranger.authorizeUrl(newVerifier())
      for (let index = 0; index < 300; index++) await led(headers, url)
      expect((await led(headers, url)).headers.get('location') ?? '').not.toContain('/oauth/consent/')
      const own = { 'sec-fetch-site': 'none', 'sec-fetch-dest': 'document', accept: 'text/html' }
      expect((await led(own, url)).headers.get('location')).toContain('/oauth/consent/')
    })

    test('cannot lock a program out with wrong secrets, nor hide error reasons from it', async () => {
      await issuesNothing(running(), async () => {
        const wrongFromPage = () => program.post({ ...form, client_secret: wrong() }, '/oauth/token', page)
        for (let index = 0; index < 10; index++) await expectRefused(await wrongFromPage(), 401, 'invalid_client')
        await expectTooMany(await wrongFromPage())
        for (let index = 0; index < 300; index++) {
          await program.post(
            { grant_type: 'refresh_token', refresh_token: 'x', client_secret: null },
            '/oauth/token',
            page,
          )
        }
        await expectRefused(await guess(), 401, 'invalid_client')
      })
      expect((await program.post(form)).status).toBe(200)
    })
  })

  describe('the time that an answer takes', () => {
    const TIMES = 60

    /** The median times of two actions, run many times in turn. */
    async function medians(first: () => Promise<unknown>, second: () => Promise<unknown>) {
      const durations: [number[], number[]] = [[], []]
      for (let turn = -5; turn < TIMES; turn++) {
        for (const [index, request] of [first, second].entries()) {
          await forgetFailedAttempts(running())
          const began = performance.now()
          await request()
          if (turn >= 0) durations[index as 0 | 1].push(performance.now() - began)
        }
      }
      const [a = 0, b = 0] = durations.map((times) => times.toSorted((x, y) => x - y)[TIMES / 2])
      return { fast: Math.min(a, b), slow: Math.max(a, b) }
    }

    const status = async (answer: Promise<Response>, expected: number) => {
      const { status: actualStatus, body } = await answer
      await body?.cancel()
      expect(actualStatus).toBe(expected)
    }

    test('does not distinguish an unknown client from a wrong secret', async () => {
      const postAsUnknownClient = () =>
        program.post({ ...form, client_id: crypto.randomUUID(), client_secret: wrong() })
      const { fast, slow } = await medians(
        () => status(postAsUnknownClient(), 401),
        () => status(guess(), 401),
      )
      expect(slow).toBeLessThan(2 * fast + 3)
    })

    test('does not distinguish a nearly right secret from a wrong one', async () => {
      const nearly = `${program.secret?.slice(0, -1)}x`
      const { fast, slow } = await medians(
        () => status(program.post({ ...form, client_secret: nearly }), 401),
        () => status(guess(), 401),
      )
      expect(slow).toBeLessThan(2 * fast + 3)
    })

    test('does not distinguish an unknown token from a nearly right or expired one', async () => {
      const { access_token } = (await (await program.post(form)).json()) as { access_token: string }
      const nearly = access_token.replace(/.$/, (last) => (last === '0' ? '1' : '0'))
      const unknown = () => `trekoa_${randomBytes(32).toString('hex')}`
      const { fast, slow } = await medians(
        async () => expect(await opensMcp(running(), nearly)).toBe(false),
        async () => expect(await opensMcp(running(), unknown())).toBe(false),
      )
      expect(slow).toBeLessThan(2 * fast + 3)
    })
  })
})
