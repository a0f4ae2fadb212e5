import { describe, expect, test } from 'vitest'
import { expectRefused, issuesNothing, registerProgram, withAna } from '../../../../../test/harness/attacks.ts'
import {
  beginConsent,
  consentTo,
  decide,
  decisionOn,
  newVerifier,
  Program,
  readConsentPage,
} from '../../../../../test/harness/rigs/oauth.ts'
import { eachRunning } from '../../../../../test/harness/rigs/running.ts'

/** A browser is redirected only to a registered address of a program, or to one of our pages. */

const HTML = { accept: 'text/html,application/xhtml+xml' }

eachRunning((running) => {
  const { ana, browser } = withAna(running)

  const registered = (...redirect_uris: string[]) =>
    new Program(running().url, redirect_uris[0]).register({ redirect_uris })

  /** Expects no redirect to this address: a browser gets our page, a program an error, and nothing is issued. */
  async function expectNowhere(program: Program, redirect_uri: string, more: Record<string, string | null> = {}) {
    await issuesNothing(running(), async () => {
      const url = program.authorizeUrl(newVerifier(), { redirect_uri, ...more })
      await expectRefused(await browser().fetch(url), 400, 'invalid_redirect_uri')
      const page = await browser().fetch(url, { headers: HTML })
      expect(page.headers.get('location')).toBe(`${running().url}/oauth/problem?error=invalid_redirect_uri`)
      expect(await page.text()).toBe('')
    })
  }

  test.each([
    ['a longer host', 'https://app.example.org.evil.example/cb'],
    ['a longer path', 'https://app.example.org/cb/more'],
    ['a longer last segment', 'https://app.example.org/cbx'],
    ['a trailing slash', 'https://app.example.org/cb/'],
    ['dots in the path', 'https://app.example.org/cb/../cb'],
    ['encoded dots in the path', 'https://app.example.org/cb/%2e%2e/cb'],
    ['an encoded letter', 'https://app.example.org/c%62'],
    ['a query', 'https://app.example.org/cb?next=https://evil.example'],
    ['a user name', 'https://app.example.org@evil.example/cb'],
    ['a user name before the host', 'https://evil.example@app.example.org/cb'],
    ['a backslash', 'https://evil.example\\@app.example.org/cb'],
    ['a fragment', 'https://app.example.org/cb#part'],
    ['an empty fragment', 'https://app.example.org/cb#'],
    ['a capital in the path', 'https://app.example.org/CB'],
    ['a capital in the host', 'https://App.example.org/cb'],
    ['a capital in the scheme', 'HTTPS://app.example.org/cb'],
    ['the default port', 'https://app.example.org:443/cb'],
    ['another port', 'https://app.example.org:8443/cb'],
    ['another scheme', 'http://app.example.org/cb'],
    ['a dot after the host', 'https://app.example.org./cb'],
    ['a subdomain', 'https://evil.app.example.org/cb'],
    ['a space', 'https://app.example.org/cb '],
    ['a tab', 'https://app.example.org/c\tb'],
    ['a line break', 'https://app.example.org/cb\r\nlocation: https://evil.example'],
    ['another program of the machine', 'javascript:alert(1)//app.example.org/cb'],
    ['no scheme', '//app.example.org/cb'],
    ['only a path', '/cb'],
    ['only a wildcard', '*'],
    ['another site', 'https://evil.example/cb'],
  ])('an address on the web with %s does not match the registered one', async (_what, address) => {
    await expectNowhere(await registered('https://app.example.org/cb'), address)
  })

  test.each([
    ['another host of the machine', 'http://localhost:5000/callback'],
    ['the IPv6 address', 'http://[::1]:5000/callback'],
    ['a neighbouring address', 'http://127.0.0.2:5000/callback'],
    ['the address in another form', 'http://2130706433:5000/callback'],
    ['the address in short form', 'http://127.1:5000/callback'],
    ['https', 'https://127.0.0.1:5000/callback'],
    ['another path', 'http://127.0.0.1:5000/other'],
    ['no path', 'http://127.0.0.1:5000'],
    ['a query', 'http://127.0.0.1:5000/callback?x=1'],
    ['a host whose name begins the same', 'http://127.0.0.1.evil.example/callback'],
    ['a user name', 'http://127.0.0.1:5000@evil.example/callback'],
  ])('a program on this machine is never redirected to %s', async (_what, address) => {
    await expectNowhere(await registered('http://127.0.0.1:43210/callback'), address)
  })

  test.each([
    ['another part after the scheme', 'com.example.app:/other'],
    ['another scheme', 'com.example.apps:/callback'],
    ['a capital', 'COM.example.app:/callback'],
  ])('a program with a custom scheme is never redirected to %s', async (_what, address) => {
    await expectNowhere(await registered('com.example.app:/callback'), address)
  })

  test.each([
    ['another machine', 'http://localhost.evil.example:5000/callback'],
    ['another machine after a user name', 'http://localhost:5000@evil.example/callback'],
    ['https', 'https://localhost:5000/callback'],
    ['a query, which could hide an address', 'http://localhost:5000/callback?next=https://evil.example'],
    ['a fragment', 'http://localhost:5000/callback#part'],
  ])('a program that a person added as http://localhost is never redirected to %s', async (_what, address) => {
    const { program } = await registerProgram(running(), ana())
    await expectNowhere(program, address, { scope: 'trips:read' })
  })

  test('a path that a person added with localhost covers only that path', async () => {
    const { program } = await registerProgram(running(), ana(), { redirect_uris: ['http://localhost/cb'] })
    await expectNowhere(program, 'http://localhost:5000/other', { scope: 'trips:read' })
  })

  test('the address of one program is not valid for another', async () => {
    await registered('https://other.example/cb')
    await expectNowhere(await registered('https://app.example.org/cb'), 'https://other.example/cb')
  })

  test('an unknown program causes no redirect, whatever address it names', async () => {
    const unknown = new Program(running().url, 'https://evil.example/cb')
    for (const id of [
      'nobody',
      '',
      '\u0000',
      'a\u0000b',
      '__proto__',
      'constructor',
      "' or 1=1 --",
      'x'.repeat(4000),
    ]) {
      unknown.clientId = id
      await issuesNothing(running(), async () => {
        const answer = await browser().fetch(unknown.authorizeUrl(newVerifier()))
        await expectRefused(answer, 400, id ? 'invalid_client' : 'invalid_request')
      })
    }
  })

  test('an invalid request with a wrong address causes no redirect', async () => {
    const program = await registered('https://app.example.org/cb')
    for (const wrong of [{ response_type: 'token' }, { scope: 'root' }, { code_challenge: null }, { prompt: 'none' }]) {
      await issuesNothing(running(), async () => {
        const url = program.authorizeUrl(newVerifier(), { ...wrong, redirect_uri: 'https://evil.example/cb' })
        const answer = await browser().fetch(url, { headers: HTML })
        expect(answer.headers.get('location')).toMatch(
          new RegExp(`^${running().url}/oauth/problem\\?error=[a-z_]+$`, 'u'),
        )
      })
    }
  })

  describe('a user who denies', () => {
    test('is redirected to the registered address with the state and the issuer, and nothing is issued', async () => {
      const program = await registered('https://app.example.org/cb?from=trek')
      await issuesNothing(running(), async () => {
        const uid = await beginConsent(browser(), program.authorizeUrl(newVerifier()))
        const landed = await decide(browser(), uid, false)
        expect(landed.href.startsWith('https://app.example.org/cb?from=trek&')).toBe(true)
        expect(Object.fromEntries(landed.searchParams)).toEqual({
          from: 'trek',
          error: 'access_denied',
          error_description: expect.any(String),
          state: 'xyz',
          iss: running().url,
        })
      })
    })

    test('is not redirected elsewhere by parameters added to the address of the answer or the decision', async () => {
      const program = await registered('https://app.example.org/cb')
      const uid = await beginConsent(browser(), program.authorizeUrl(newVerifier()))
      const evilQuery = 'redirect_uri=https%3A%2F%2Fevil.example&return_to=https%3A%2F%2Fevil.example'
      const refusal = consentTo(await readConsentPage(browser(), uid), { allow: false })
      const decision = `${decisionOn(uid)}?${evilQuery}`
      const refused = await browser().post(decision, { ...refusal, redirect_uri: 'https://evil.example' })
      expect(refused.status).toBe(400)
      const { redirect } = (await (await browser().post(decision, refusal)).json()) as { redirect: string }
      expect(redirect).toBe(`${running().url}/oauth/authorize/${uid}`)
      const landed = await browser().fetch(`${redirect}?${evilQuery}`)
      expect(landed.headers.get('location')).toMatch(/^https:\/\/app\.example\.org\/cb\?error=access_denied&/)
    })
  })

  test('an invalid request redirects without a question only to a program on the own machine', async () => {
    for (const wrong of [{ prompt: 'none' }, { scope: 'root' }, { response_type: 'token' }, { code_challenge: null }]) {
      const url = (await registered('https://phishing.example/cb')).authorizeUrl(newVerifier(), wrong)
      const page = await browser().fetch(url, { headers: HTML })
      expect(page.headers.get('location')).toMatch(/^\/oauth\/problem\?error=[a-z_]+$/)
      const own = await browser().fetch((await registered('http://127.0.0.1:1/cb')).authorizeUrl(newVerifier(), wrong))
      expect(own.headers.get('location')).toMatch(/^http:\/\/127\.0\.0\.1:1\/cb[?#]error=/)
    }
  })

  describe('a state', () => {
    test.each([
      ['a line break', 'a\r\nset-cookie: trek=evil\r\n\r\n<script>'],
      ['markup', '"><script>alert(1)</script>'],
      ['other parameters', 'xyz&code=evil#code=evil'],
      ['a NUL and a control character', 'a\u0000b\u0001c'],
      ['half a character', 'a\ud800b'],
      ['eight thousand characters', 'x'.repeat(8000)],
    ])('with %s is returned unchanged and has no effect', async (_what, state) => {
      const program = await registered('http://127.0.0.1:43210/callback')
      for (const more of [{}, { response_mode: 'fragment' }, { response_mode: 'form_post' }]) {
        const uid = await beginConsent(browser(), program.authorizeUrl(newVerifier(), { state, ...more }))
        const page = await readConsentPage(browser(), uid)
        expect(JSON.stringify(page)).not.toContain('xyz&code')
        const decided = await browser().post(decisionOn(uid), consentTo(page))
        const { redirect } = (await decided.json()) as { redirect: string }
        const answer = await browser().fetch(redirect)
        expect(answer.headers.get('location')).toMatch(/^[\u0021-\u007e]+$/)
        const { hash, searchParams } = new URL(answer.headers.get('location') as string)
        const params = hash ? new URLSearchParams(hash.slice(1)) : searchParams
        expect(params.getAll('state')).toEqual([state.toWellFormed()])
        expect(params.getAll('code')).toHaveLength(1)
        expect(answer.headers.getSetCookie().join()).not.toContain('evil')
        expect(await answer.text()).not.toContain('<script>')
      }
    })

    test('that is too long for a request is refused before it is parsed', async () => {
      const program = await registered('http://127.0.0.1:43210/callback')
      await issuesNothing(running(), async () => {
        const answer = await browser().fetch(program.authorizeUrl(newVerifier(), { state: 'x'.repeat(40_000) }))
        expect(answer.status).toBe(431)
      })
    })
  })
})
