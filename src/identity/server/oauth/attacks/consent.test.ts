import { beforeAll, describe, expect, test } from 'vitest'
import {
  expectRefused,
  expectUndecided,
  issuesNothing,
  registerProgram,
  withAnaAndProgram,
} from '../../../../../test/harness/attacks.ts'
import {
  Browser,
  beginConsent,
  browserOf,
  decide,
  decisionOn as decision,
  newVerifier,
  Program,
  readConsentPage,
  type Tokens,
} from '../../../../../test/harness/rigs/oauth.ts'
import { eachRunning } from '../../../../../test/harness/rigs/running.ts'
import { list_oauth_grants } from '../../../contract/oauth.ts'

/** Only the users themselves can consent, on our page, in the browser in which the request began. */

eachRunning((running) => {
  const { ana, browser, program } = withAnaAndProgram(running, 'https://app.example.org/callback')

  /** The digest of the request that the page has shown. */
  let digest: string | undefined
  beforeAll(async () => {
    digest = (await readConsentPage(browser(), await begin())).asked?.shown
  })

  const begin = (of = browser(), requester = program()) => beginConsent(of, requester.authorizeUrl(newVerifier()))
  const consentAnswer = (more: object = {}) => ({
    user_id: ana().caller.userId,
    shown: digest,
    allow: true,
    scopes: ['trips:read'],
    ...more,
  })
  const expectNothingOf = (uid: string, status: number, attack: () => Promise<Response>, of = browser()) =>
    expectUndecided(running(), of, uid, status, attack)

  describe('a forged consent', () => {
    const JSON_TYPE = { 'content-type': 'application/json' }

    test.each<[string, Record<string, string>]>([
      ['a page of another site', { origin: 'https://evil.example' }],
      ['a page with an opaque origin', { origin: 'null' }],
      ['another port of this machine', { origin: 'http://localhost:1' }],
      ['a page with a name like ours', { origin: 'http://localhost.evil.example' }],
      ['a page without an origin', {}],
      ['a page of another site, as reported by the browser', { 'sec-fetch-site': 'cross-site' }],
      ['a page on a subdomain', { 'sec-fetch-site': 'same-site' }],
      ['a link in an e-mail', { 'sec-fetch-site': 'none' }],
    ])('by %s is not accepted', async (_who, headers) => {
      const uid = await begin()
      const body = JSON.stringify(consentAnswer())
      await expectNothingOf(uid, 403, () =>
        browser().fetch(decision(uid), { method: 'POST', headers: { ...JSON_TYPE, ...headers }, body }),
      )
    })

    test.each(['application/x-www-form-urlencoded', 'text/plain', 'multipart/form-data; boundary=x'])(
      'as a form of the type %s is not accepted',
      async (type) => {
        const uid = await begin()
        const headers = { 'content-type': type, origin: running().url }
        const body = type.startsWith('text')
          ? JSON.stringify(consentAnswer())
          : `user_id=${ana().caller.userId}&allow=true`
        await expectNothingOf(uid, 415, () => browser().fetch(decision(uid), { method: 'POST', headers, body }))
      },
    )

    test('as a link is not accepted', async () => {
      const uid = await begin()
      const query = `user_id=${ana().caller.userId}&allow=true&scopes=trips:read`
      const answered = await issuesNothing(running(), () => browser().fetch(`${decision(uid)}?${query}`))
      expect(answered.headers.get('location')).toBeNull()
      expect((await decide(browser(), uid, true)).searchParams.get('code')).toBeTruthy()
    })

    test('by a frame is impossible: none of our pages can be framed', async () => {
      const uid = await begin()
      for (const path of [`/oauth/consent/${uid}`, `/oauth/consent/${uid}/request`, '/oauth/problem', '/login']) {
        const { headers } = await browser().fetch(path, { headers: { accept: 'text/html' } })
        expect(headers.get('x-frame-options')).toBe('DENY')
        expect(headers.get('content-security-policy')).toContain("frame-ancestors 'none'")
      }
    })

    test('by a page of another origin is impossible: only our pages can read the request', async () => {
      const uid = await begin()
      const { headers } = await browser().fetch(`/oauth/consent/${uid}/request`, {
        headers: { origin: 'https://evil.example' },
      })
      expect([...headers.keys()].filter((name) => name.startsWith('access-control'))).toEqual([])
    })

    test.each(['a static token', 'an access token'])('by a program with %s is not accepted', async (kind) => {
      const uid = await begin()
      const token = kind === 'a static token' ? ana().token : (await program().connect(browser())).access_token
      const headers = { authorization: `Bearer ${token}`, ...JSON_TYPE, origin: running().url }
      const cookie = browser()
        .cookieFor(decision(uid))
        .split('; ')
        .filter((one) => one.startsWith('trek_oauth'))
        .join('; ')
      await expectNothingOf(uid, 401, () =>
        fetch(running().url + decision(uid), {
          method: 'POST',
          headers: { ...headers, cookie },
          body: JSON.stringify(consentAnswer()),
        }),
      )
    })
  })

  describe('a request of another person', () => {
    test('cannot be approved by a person who is sent its address', async () => {
      const eve = await browserOf(running(), await running().person('Eve'))
      const uid = await begin(eve)
      expect((await browser().fetch(`/oauth/consent/${uid}/request`)).status).toBe(404)
      await expectNothingOf(uid, 404, () => browser().post(decision(uid), consentAnswer()), eve)
    })

    test('cannot be approved in another browser of the same person', async () => {
      const other = await browserOf(running(), ana())
      const uid = await begin()
      await expectNothingOf(uid, 404, () => other.post(decision(uid), consentAnswer()))
    })

    test('cannot be approved with the cookie of another request', async () => {
      const [uid, own] = [await begin(), await begin()]
      const headers = {
        cookie: `${browser().cookieFor('/')}; ${browser().cookieFor(`/oauth/consent/${own}/decision`)}`,
      }
      await expectNothingOf(uid, 404, () => browser().post(decision(uid), consentAnswer(), headers))
      await expectNothingOf(own, 404, () => browser().post(decision(uid), consentAnswer(), headers))
    })

    test('cannot be continued in another browser once it is approved', async () => {
      const other = await browserOf(running(), await running().person('Eve'))
      const verifier = newVerifier()
      const uid = await beginConsent(browser(), program().authorizeUrl(verifier))
      const { redirect } = (await (await browser().post(decision(uid), consentAnswer())).json()) as { redirect: string }
      const stolen = await other.fetch(redirect, { headers: { accept: 'text/html' } })
      expect(stolen.headers.get('location')).toBe(`${running().url}/oauth/problem?error=session_not_found`)
      expect((await browser().fetch(redirect)).headers.get('location')).toContain('code=')
    })

    test('cannot be stolen with a forged cookie', async () => {
      const uid = await begin()
      for (const value of [uid, `${uid}; trek_oauth_request.sig=${'x'.repeat(27)}`]) {
        const headers = { cookie: `${browser().cookieFor('/')}; trek_oauth_request=${value}` }
        expect((await browser().post(decision(uid), consentAnswer(), headers)).status).toBe(404)
        const resume = { cookie: `trek_oauth_resume=${value.replace('request', 'resume')}` }
        const resumed = await fetch(`${running().url}/oauth/authorize/${uid}`, { headers: resume, redirect: 'manual' })
        expect(resumed.headers.get('location')).toBeNull()
      }
    })
  })

  describe('the logged-in person', () => {
    test('must be the one shown by the page', async () => {
      const eve = await running().person('Eve')
      const uid = await begin()
      await expectNothingOf(uid, 409, () =>
        browser().post(decision(uid), consentAnswer({ user_id: eve.caller.userId })),
      )
    })

    test('must still be logged in', async () => {
      const shortSession = await browserOf(running(), ana())
      const uid = await begin(shortSession)
      await shortSession.post('/api/auth/logout', {})
      expect(await (await shortSession.fetch(`/oauth/consent/${uid}/request`)).json()).toMatchObject({
        user: null,
        asked: null,
      })
      await expectNothingOf(uid, 401, () => shortSession.post(decision(uid), consentAnswer()), shortSession)
    })

    test('consents only for themselves, even if another person began the request in the same browser', async () => {
      const shared = await browserOf(running(), ana())
      const verifier = newVerifier()
      const uid = await beginConsent(shared, program().authorizeUrl(verifier))
      await shared.post('/api/auth/logout', {})
      const ben = await running().person('Ben')
      await shared.logIn(ben.username, ben.password)
      await expectNothingOf(uid, 409, () => shared.post(decision(uid), consentAnswer()), new Browser(running().url))
      const code = (await decide(shared, uid, true)).searchParams.get('code') as string
      const tokens = (await (await program().exchange(code, verifier)).json()) as Tokens
      const init = { headers: { authorization: `Bearer ${tokens.access_token}` } }
      const answer = await fetch(`${running().url}/oauth/userinfo`, init)
      expect(await answer.json()).toMatchObject({ sub: String(ben.caller.userId) })
    })

    test('cannot connect a program that another person added', async () => {
      const eve = await running().person('Eve')
      const { program: programOfEve } = await registerProgram(running(), eve)
      const uid = await beginConsent(browser(), programOfEve.authorizeUrl(newVerifier(), { scope: 'trips:read' }))
      await expectNothingOf(uid, 403, () => browser().post(decision(uid), consentAnswer()))
    })

    test('is asked every time for a program that identifies itself, despite earlier consents', async () => {
      const own = await new Program(running().url).register()
      await own.connect(browser())
      const uid = await begin(browser(), own)
      expect(await (await browser().fetch(`/oauth/consent/${uid}/request`)).json()).toMatchObject({
        asked: { remembered: false },
      })
    })
  })

  describe('a grant', () => {
    const granted = async (client: Program) =>
      (await running().pipeline.run(list_oauth_grants, {}, ana().caller)).grants.filter(
        ({ client_id }) => client_id === client.clientId,
      )

    test('never exceeds the request', async () => {
      const own = await new Program(running().url).register()
      const verifier = newVerifier()
      const uid = await beginConsent(browser(), own.authorizeUrl(verifier, { scope: 'trips:read' }))
      const landed = await decide(browser(), uid, true, ['trips:read', 'trips:delete', 'places:write'])
      const tokens = (await (await own.exchange(landed.searchParams.get('code') as string, verifier)).json()) as Tokens
      expect(tokens.scope).toBe('trips:read')
      expect(await granted(own)).toMatchObject([{ scopes: ['trips:read'] }])
    })

    test.each<[string, object]>([
      ['nothing', { scopes: [] }],
      ['only what was not asked for', { scopes: ['trips:delete'] }],
      ['unknown scopes', { scopes: ['root', '*', ''] }],
      ['no list', { scopes: 'trips:read' }],
      ['a text instead of yes', { allow: 'true' }],
      ['more than all scopes', { scopes: Array(200).fill('trips:read') }],
    ])('is not made if %s was chosen', async (_what, wrong) => {
      const uid = await begin()
      await expectNothingOf(uid, 400, () => browser().post(decision(uid), consentAnswer(wrong)))
    })

    test('is made once: an answered request is over', async () => {
      const uid = await begin()
      await decide(browser(), uid, true)
      await expectNothingOf(uid, 404, () => browser().post(decision(uid), consentAnswer()))
    })

    test('is not made without the page, despite earlier consents', async () => {
      await program().connect(browser(), { scope: 'trips:read' })
      await issuesNothing(running(), async () => {
        const url = program().authorizeUrl(newVerifier(), { scope: 'trips:read', prompt: 'none' })
        await expectRefused(await browser().fetch(url), 400, 'login_required')
        const page = await browser().fetch(url, { headers: { accept: 'text/html' } })
        expect(page.headers.get('location')).toBe('/oauth/problem?error=login_required')
      })
    })
  })
})
