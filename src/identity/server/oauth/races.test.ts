import { beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { forgetFailedAttempts } from '../../../../test/harness/attacks.ts'
import { bearer, call, post } from '../../../../test/harness/mcp/wire.ts'
import { times } from '../../../../test/harness/prove.ts'
import {
  type Browser,
  beginConsent,
  browserOf,
  consentTo,
  decide,
  decisionOn,
  newVerifier,
  Program,
  readConsentPage,
  type Tokens,
} from '../../../../test/harness/rigs/oauth.ts'
import { eachRunning, type Person } from '../../../../test/harness/rigs/running.ts'
import type { Caller } from '../../../core/data/space.ts'
import { create_oauth_client, delete_oauth_client, list_oauth_grants } from '../../contract/oauth.ts'

/** Concurrent requests: impatient programs, tabs, and processes of one program that share a token. */

const MANY = 50
const manyTimes = <T>(work: (index: number) => Promise<T>, times = MANY): Promise<T[]> =>
  Promise.all(Array.from({ length: times }, (_, index) => work(index)))

const tokensOf = async (answer: Response): Promise<Tokens> => (await answer.json()) as Tokens
const errorOf = async (answer: Response) => ((await answer.json()) as { error: string }).error

eachRunning((running) => {
  let browser: Browser
  let person: Person
  let caller: Caller

  beforeAll(async () => {
    person = await running().person('Ana')
    caller = { ...person.caller, way: 'web' }
    browser = await browserOf(running(), person)
  })
  beforeEach(() => forgetFailedAttempts(running()))

  const registered = (more: Record<string, unknown> = {}) => new Program(running().url).register(more)
  const grantsOf = async (program: Program) =>
    (await running().pipeline.run(list_oauth_grants, {}, caller)).grants.filter(
      ({ client_id }) => client_id === program.clientId,
    )

  /** Whether `/mcp` accepts this token. */
  async function opens(token: string): Promise<boolean> {
    const { status } = await post(new URL(`${running().url}/mcp`), call('ping'), bearer(token))
    // 400 means accepted, but without a session.
    expect([400, 401]).toContain(status)
    return status === 400
  }

  async function expectOver(program: Program, tokens: readonly Tokens[]): Promise<void> {
    for (const { access_token, refresh_token } of tokens) {
      expect(await opens(access_token)).toBe(false)
      if (refresh_token) expect((await program.refresh(refresh_token)).status).toBeGreaterThanOrEqual(400)
    }
  }

  describe('refreshing', () => {
    test.each(['none', 'client_secret_post'])(
      'fifty times at once (%s) gives one successor, and disconnects nobody',
      async (method) => {
        const program = await registered({ token_endpoint_auth_method: method })
        expect(program.secret === null).toBe(method === 'none')
        const first = await program.connect(browser)
        const answers = await manyTimes(() => program.refresh(first.refresh_token as string))
        expect(answers.map(({ status }) => status)).toEqual(Array(MANY).fill(200))
        const tokens = await Promise.all(answers.map(tokensOf))
        const [successor = '', ...others] = [...new Set(tokens.map(({ refresh_token }) => refresh_token))]
        expect(others).toEqual([])
        expect(new Set(tokens.map(({ access_token }) => access_token)).size).toBe(MANY)
        for (const { access_token } of [first, ...tokens]) expect(await opens(access_token)).toBe(true)
        expect(await grantsOf(program)).toHaveLength(1)

        const next = await tokensOf(await program.refresh(successor))
        expect(next.refresh_token).not.toBe(successor)
        expect(await opens(next.access_token)).toBe(true)
      },
    )

    test('three hundred times in a chain does not get slower', async () => {
      const program = await registered()
      let { refresh_token: token = '' } = await program.connect(browser)
      const seenTokens = new Set([token])
      const times: number[] = []
      let last: Tokens | undefined
      for (let rotation = 0; rotation < 300; rotation++) {
        const began = performance.now()
        const answer = await program.refresh(token)
        times.push(performance.now() - began)
        expect(answer.status).toBe(200)
        last = await tokensOf(answer)
        token = last.refresh_token as string
        seenTokens.add(token)
      }
      expect(seenTokens.size).toBe(301)
      expect(await opens(last?.access_token ?? '')).toBe(true)
      const middleOf = (numbers: number[]) => numbers.toSorted((a, b) => a - b)[numbers.length >> 1] as number
      expect(middleOf(times.slice(-100))).toBeLessThan(3 * middleOf(times.slice(0, 100)) + 5)
    }, 60_000)

    test('during a revocation leaves no valid token', async () => {
      const program = await registered()
      for (let round = 0; round < times(5, 40); round++) {
        await forgetFailedAttempts(running())
        const first = await program.connect(browser)
        const token = first.refresh_token as string
        const [revoked, ...answers] = await Promise.all([
          program.post({ token }, '/oauth/revoke'),
          ...Array.from({ length: 8 }, () => program.refresh(token)),
        ])
        expect(revoked.status).toBe(200)
        for (const answer of answers) expect([200, 400]).toContain(answer.status)
        const tokens = await Promise.all(answers.filter(({ ok }) => ok).map(tokensOf))
        for (const refused of answers.filter(({ ok }) => !ok)) expect(await errorOf(refused)).toBe('invalid_grant')
        await expectOver(program, [first, ...tokens])
        expect(await grantsOf(program)).toEqual([])
      }
    }, 60_000)
  })

  describe('a code', () => {
    test('presented by fifty at once is accepted at most once, and then is a replay: nothing of it stays valid', async () => {
      const program = await registered()
      const verifier = newVerifier()
      const { code } = await program.consent(browser, verifier)
      const answers = await manyTimes(() => program.exchange(code, verifier))
      const tokens = await Promise.all(answers.filter(({ status }) => status === 200).map(tokensOf))
      expect(tokens.length).toBeLessThanOrEqual(1)
      for (const refused of answers.filter(({ status }) => status !== 200)) {
        expect([refused.status, await errorOf(refused)]).toEqual([400, 'invalid_grant'])
      }
      await expectOver(program, tokens)
      expect(await grantsOf(program)).toEqual([])
    })

    test('presented by two at once never gives two sets of tokens', async () => {
      const program = await registered()
      for (let round = 0; round < times(10, 80); round++) {
        await forgetFailedAttempts(running())
        const verifier = newVerifier()
        const { code } = await program.consent(browser, verifier)
        const answers = await manyTimes(() => program.exchange(code, verifier), 2)
        expect(answers.filter(({ status }) => status === 200).length).toBeLessThanOrEqual(1)
        expect(answers.filter(({ status }) => status === 400).length).toBeGreaterThanOrEqual(1)
        const tokens = await Promise.all(answers.filter(({ ok }) => ok).map(tokensOf))
        await expectOver(program, tokens)
        expect(await grantsOf(program)).toEqual([])
      }
    })

    test('of a client deleted meanwhile leaves nobody connected', async () => {
      for (let round = 0; round < times(5, 40); round++) {
        await forgetFailedAttempts(running())
        const input = { name: 'Goner', redirect_uris: ['http://localhost'], scopes: ['trips:read'] }
        const { client, client_secret } = await running().pipeline.run(create_oauth_client, input, caller)
        const program = new Program(running().url)
        program.clientId = client.client_id
        program.secret = client_secret
        const verifier = newVerifier()
        const { code } = await program.consent(browser, verifier, { scope: 'trips:read' })
        const [answer] = await Promise.all([
          program.exchange(code, verifier),
          running().pipeline.run(delete_oauth_client, { clientId: client.id }, caller),
        ])
        expect([200, 400, 401]).toContain(answer.status)
        if (answer.ok) await expectOver(program, [await tokensOf(answer)])
        expect(await grantsOf(program)).toEqual([])
      }
    })
  })

  describe('consenting', () => {
    test('to two programs in two tabs of one browser connects both', async () => {
      const programs = await manyTimes(() => registered(), 2)
      const verifiers = [newVerifier(), newVerifier()]
      const tabs = await Promise.all(
        programs.map((program, tab) => beginConsent(browser, program.authorizeUrl(verifiers[tab] as string))),
      )
      const landed = await Promise.all(tabs.map((uid) => decide(browser, uid, true)))
      for (const [tab, program] of programs.entries()) {
        const code = landed[tab]?.searchParams.get('code') as string
        const tokens = await tokensOf(await program.exchange(code, verifiers[tab] as string))
        expect(await opens(tokens.access_token)).toBe(true)
      }
    })

    /** Opens the page of a request; returns a function that presses Allow. */
    async function openPage(uid: string) {
      const page = await readConsentPage(browser, uid)
      return (scopes = ['trips:read']) => browser.post(decisionOn(uid), consentTo(page, { scopes }))
    }
    const allow = async (uid: string) => (await openPage(uid))()

    test.each<[string, (allow: () => Promise<Response>) => Promise<Response[]>]>([
      ['at once', (allow) => manyTimes(() => allow(), 5)],
      ['one after the other', async (allow) => [await allow(), await allow(), await allow()]],
    ])('several times to one request, %s, counts as one consent', async (_when, press) => {
      const program = await registered()
      const verifier = newVerifier()
      const uid = await beginConsent(browser, program.authorizeUrl(verifier))
      const answers = await press(await openPage(uid))
      expect(answers.map(({ status }) => status)).toEqual(answers.map(() => 200))
      expect(await grantsOf(program)).toHaveLength(1)
      const [redirect = '', ...others] = new Set(
        await Promise.all(answers.map(async (answer) => ((await answer.json()) as { redirect: string }).redirect)),
      )
      expect(others).toEqual([])
      const landed = new URL((await browser.fetch(redirect)).headers.get('location') ?? '')
      const tokens = await tokensOf(await program.exchange(landed.searchParams.get('code') as string, verifier))
      expect(tokens.scope).toBe('trips:read')
    })

    test.each([
      ['more', ['trips:read'], ['trips:read', 'places:read']],
      ['less', ['trips:read', 'places:read'], ['trips:read']],
      ['something else', ['trips:read'], ['places:read']],
    ])('twice, the second time to %s, keeps the first consent and says so', async (_what, first, second) => {
      const program = await registered()
      const uid = await beginConsent(browser, program.authorizeUrl(newVerifier()))
      const allow = await openPage(uid)
      expect((await allow(first)).status).toBe(200)
      expect((await allow(second)).status).toBe(409)
      expect(await grantsOf(program)).toMatchObject([{ scopes: first }])
      const refusal = consentTo(await readConsentPage(browser, uid), { allow: false })
      expect((await browser.post(decisionOn(uid), refusal)).status).toBe(409)
    })

    test('at once with different choices grants the choice that is confirmed', async () => {
      for (let round = 0; round < times(5, 40); round++) {
        await forgetFailedAttempts(running())
        const program = await registered()
        const uid = await beginConsent(browser, program.authorizeUrl(newVerifier()))
        const allow = await openPage(uid)
        const choices = [['trips:read'], ['trips:read', 'places:read']]
        const answers = await Promise.all(choices.map((scopes) => allow(scopes)))
        expect(answers.map(({ status }) => status).sort()).toEqual([200, 409])
        const chosen = choices[answers.findIndex(({ ok }) => ok)]
        expect(await grantsOf(program)).toMatchObject([{ scopes: chosen }])
      }
    })

    test('gives one code, however often the browser goes back to it', async () => {
      const program = await registered()
      for (let round = 0; round < times(5, 40); round++) {
        await forgetFailedAttempts(running())
        const uid = await beginConsent(browser, program.authorizeUrl(newVerifier()))
        const { redirect } = (await (await allow(uid)).json()) as { redirect: string }
        const answers = await manyTimes(() => browser.fetch(redirect, { headers: { accept: 'text/html' } }), 4)
        const places = answers.map((answer) => new URL(answer.headers.get('location') ?? '', running().url))
        expect(places.filter((place) => place.searchParams.has('code'))).toHaveLength(1)
        expect(new Set(places.map(({ pathname }) => pathname))).toEqual(new Set(['/callback', '/oauth/problem']))
      }
    })
  })

  test('programs that register at once each get their own id', async () => {
    const programs = await manyTimes(() => registered(), 12)
    expect(new Set(programs.map(({ clientId }) => clientId)).size).toBe(12)
  })
})
