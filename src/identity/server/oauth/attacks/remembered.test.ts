import { afterEach, describe, expect, test, vi } from 'vitest'
import {
  expectUndecided,
  issuesNothing,
  opensMcp,
  registerProgram,
  tokensOf,
  withAna,
} from '../../../../../test/harness/attacks.ts'
import { programOf, SITE, sitesOfStrangers } from '../../../../../test/harness/network/hostile-sites.ts'
import {
  beginConsent,
  browserOf,
  consentTo,
  decide,
  decisionOn,
  newVerifier,
  openConsent,
  Program,
  readConsentPage,
} from '../../../../../test/harness/rigs/oauth.ts'
import { eachRunning } from '../../../../../test/harness/rigs/running.ts'
import { list_oauth_grants, revoke_oauth_grant, update_oauth_client } from '../../../contract/oauth.ts'

/** A consent covers only what the person was shown, both at that moment and later, when it is remembered. */

vi.mock('../../../../adapters/http/ssrf-guard.ts', () => import('../../../../../test/harness/network/internet.ts'))

const strangers = sitesOfStrangers()
const { sites } = strangers

/** The address that the person is shown, and the one that an attacker aims for. */
const SHOWN = `https://${SITE}/callback`
const OTHER = 'https://evil.example/callback'

eachRunning((running) => {
  const { ana, browser } = withAna(running)
  afterEach(() => void vi.useRealTimers())

  const inApp = () => ({ ...ana().caller, way: 'web' as const })

  const registered = (...redirect_uris: string[]) =>
    new Program(running().url, redirect_uris[0]).register({ client_name: 'Claude', redirect_uris })

  async function documented(...redirect_uris: string[]): Promise<Program> {
    sites.site.publishes({ client_name: 'Claude', redirect_uris })
    return programOf(running(), strangers.freshId())
  }

  /** Changes the document, and lets the cached copy expire. */
  function republish(more: Record<string, unknown>): void {
    sites.site.publishes({ client_name: 'Claude', redirect_uris: [SHOWN, OTHER], ...more })
    vi.useFakeTimers({ toFake: ['Date'], now: Date.now() + 60_000 })
  }

  const begin = (program: Program, redirect_uri: string, scope = 'trips:read', more: Record<string, string> = {}) =>
    beginConsent(browser(), program.authorizeUrl(newVerifier(), { redirect_uri, scope, ...more }))

  /** Opens the page: returns the redirect if it answers automatically, null if the person is asked. */
  const open = async (...args: Parameters<typeof begin>) => openConsent(browser(), await begin(...args))

  /** Opens the page, which asks the person, and consents. */
  async function allow(...args: Parameters<typeof begin>): Promise<void> {
    const uid = await begin(...args)
    expect(await openConsent(browser(), uid)).toBeNull()
    expect((await decide(browser(), uid, true)).searchParams.get('code')).toBeTruthy()
  }

  /** Expects that the person is asked, and that a page claiming a remembered consent gets nothing. */
  async function expectAsked(...args: Parameters<typeof begin>): Promise<void> {
    const uid = await begin(...args)
    expect(await issuesNothing(running(), () => openConsent(browser(), uid))).toBeNull()
    const consentAnswer = consentTo(await readConsentPage(browser(), uid), { remembered: true })
    await expectUndecided(running(), browser(), uid, 409, () => browser().post(decisionOn(uid), consentAnswer))
  }

  async function expectPassed(...args: Parameters<typeof begin>): Promise<void> {
    const landed = await open(...args)
    expect(landed?.href.startsWith(args[1])).toBe(true)
    expect(landed?.searchParams.get('code')).toBeTruthy()
  }

  /** Expects that an answer conflicts with the current request, and that nothing was issued; the request stays open. */
  const expectConflict = (uid: string, answer: object) =>
    issuesNothing(running(), async () => expect((await browser().post(decisionOn(uid), answer)).status).toBe(409))

  const grantsOf = async ({ clientId }: Program) =>
    (await running().pipeline.run(list_oauth_grants, {}, inApp())).grants.filter(
      ({ client_id }) => client_id === clientId,
    )

  async function disconnect(program: Program): Promise<void> {
    for (const { id } of await grantsOf(program)) {
      await running().pipeline.run(revoke_oauth_grant, { grantId: id }, inApp())
    }
  }

  describe.each([
    ['registered itself', registered],
    ['is described by a document', documented],
  ])('of a program that %s', (_how, make) => {
    test('a consent at one address gives no token at another', async () => {
      const program = await make(SHOWN, OTHER)
      await allow(program, SHOWN)
      await expectAsked(program, OTHER)
    })

    test('a consent is remembered at its own address', async () => {
      const program = await make(SHOWN, OTHER)
      await allow(program, SHOWN)
      await expectPassed(program, SHOWN)
      await allow(program, OTHER)
      await expectPassed(program, OTHER)
      const verifier = newVerifier()
      const uid = await beginConsent(browser(), program.authorizeUrl(verifier, { redirect_uri: SHOWN }))
      expect(await openConsent(browser(), uid)).toBeNull()
      program.redirectUri = SHOWN
      const code = (await decide(browser(), uid, true)).searchParams.get('code') as string
      expect(await opensMcp(running(), (await tokensOf(await program.exchange(code, verifier))).access_token)).toBe(
        true,
      )
      expect(new Set((await grantsOf(program)).map(({ redirect_uri }) => redirect_uri))).toEqual(
        new Set([SHOWN, OTHER]),
      )
    })

    test.each([`${SHOWN}/`, `${SHOWN}?next=1`, `https://${SITE}/Callback`, `https://${SITE}:444/callback`])(
      'a consent at an address does not count at %s',
      async (beside) => {
        const program = await make(SHOWN, beside)
        await allow(program, SHOWN)
        await expectAsked(program, beside)
      },
    )

    test('grants at another address do not count, and all grants at the same address do', async () => {
      const program = await make(SHOWN, OTHER)
      await allow(program, SHOWN, 'trips:read')
      await allow(program, OTHER, 'places:read')
      await expectAsked(program, SHOWN, 'places:read')
      await expectAsked(program, SHOWN, 'trips:read places:read')
      await expectAsked(program, OTHER, 'trips:read places:read')
      await allow(program, SHOWN, 'places:read')
      await expectPassed(program, SHOWN, 'trips:read places:read')
    })

    test('a consent from before addresses were stored is asked for again, once', async () => {
      const program = await make(SHOWN)
      await allow(program, SHOWN)
      const { kysely } = running().database
      const before = kysely.updateTable('oauth_grants').set({ redirect_uri: null })
      await before.where('client_id', '=', program.clientId).execute()
      await allow(program, SHOWN)
      await expectPassed(program, SHOWN)
    })

    test('a revoked consent no longer counts', async () => {
      const program = await make(SHOWN)
      await allow(program, SHOWN)
      await disconnect(program)
      await expectAsked(program, SHOWN)
    })

    test('a consent is not remembered if the program requires a question, or if other programs could receive the code', async () => {
      const scheme = 'com.example.app:/callback'
      const program = await make(SHOWN, 'http://127.0.0.1:43210/callback')
      await allow(program, SHOWN)
      await expectAsked(program, SHOWN, 'trips:read', { prompt: 'consent' })
      await allow(program, 'http://127.0.0.1:43210/callback')
      await expectAsked(program, 'http://127.0.0.1:43210/callback')
      const native = await make(scheme)
      await allow(native, scheme)
      await expectAsked(native, scheme)
    })

    test('a consent of another person does not count', async () => {
      const program = await make(SHOWN)
      await allow(program, SHOWN)
      const ben = await browserOf(running(), await running().person('Ben'))
      const uid = await beginConsent(ben, program.authorizeUrl(newVerifier(), { redirect_uri: SHOWN }))
      expect(await openConsent(ben, uid)).toBeNull()
      const consentAnswer = consentTo(await readConsentPage(ben, uid), { remembered: true })
      await expectUndecided(running(), ben, uid, 409, () => ben.post(decisionOn(uid), consentAnswer))
    })

    test('a consent revoked after the page was read and before it answers no longer counts, and the person is asked', async () => {
      const program = await make(SHOWN)
      await allow(program, SHOWN)
      const uid = await begin(program, SHOWN)
      const page = await readConsentPage(browser(), uid)
      expect(page.asked?.remembered).toBe(true)
      await disconnect(program)
      await expectConflict(uid, consentTo(page, { remembered: true }))
      expect((await readConsentPage(browser(), uid)).asked?.remembered).toBe(false)
      expect((await browser().post(decisionOn(uid), consentTo(page))).status).toBe(200)
    })
  })

  describe('of a program with a metadata document', () => {
    test('a consent does not count at an address that the document adds later', async () => {
      const program = await documented(SHOWN)
      await allow(program, SHOWN)
      republish({ redirect_uris: [SHOWN, OTHER] })
      await expectAsked(program, OTHER)
      await expectPassed(program, SHOWN)
    })

    test('a consent does not count under another name', async () => {
      const program = await documented(SHOWN)
      await allow(program, SHOWN)
      republish({ client_name: 'Your bank' })
      await expectAsked(program, SHOWN)
      await allow(program, SHOWN)
      await expectPassed(program, SHOWN)
      expect((await grantsOf(program)).map(({ client_name }) => client_name).sort()).toEqual([
        'Claude',
        'Your bank',
        'Your bank',
      ])
    })

    test('a consent to one name grants nothing under a name that the program takes while the page is open', async () => {
      const program = await documented(SHOWN)
      const uid = await begin(program, SHOWN)
      const page = await readConsentPage(browser(), uid)
      republish({ client_name: 'Your bank' })
      await expectConflict(uid, consentTo(page))
      const pageNow = await readConsentPage(browser(), uid)
      expect([page.asked?.client.name, pageNow.asked?.client.name]).toEqual(['Claude', 'Your bank'])
      expect((await browser().post(decisionOn(uid), consentTo(pageNow))).status).toBe(200)
      expect(await grantsOf(program)).toMatchObject([{ client_name: 'Your bank', redirect_uri: SHOWN }])
    })

    test('a name change after the page was read and before it answers is noticed', async () => {
      const program = await documented(SHOWN)
      await allow(program, SHOWN)
      const uid = await begin(program, SHOWN)
      const page = await readConsentPage(browser(), uid)
      republish({ client_name: 'Your bank' })
      for (const { asked } of [page, await readConsentPage(browser(), uid)]) {
        await expectConflict(uid, consentTo({ ...page, asked }, { remembered: true }))
      }
    })

    test('an address removed while the page is open is not redirected to', async () => {
      const program = await documented(SHOWN, OTHER)
      const uid = await begin(program, OTHER)
      const page = await readConsentPage(browser(), uid)
      republish({ redirect_uris: [SHOWN] })
      await expectUndecided(running(), browser(), uid, 404, () => browser().post(decisionOn(uid), consentTo(page)))
    })
  })

  test.each<[string, (digest: string) => unknown]>([
    ['nothing', () => undefined],
    ['null', () => null],
    ['another page', (digest) => digest.toLowerCase()],
    ['a text that is too long', (digest) => digest.repeat(10)],
  ])('consent to %s does not count', async (_what, change) => {
    const program = await registered(SHOWN)
    const uid = await begin(program, SHOWN)
    const page = await readConsentPage(browser(), uid)
    const consentAnswer = consentTo(page, { shown: change(page.asked?.shown ?? '') })
    const status = typeof consentAnswer.shown === 'string' && consentAnswer.shown.length < 100 ? 409 : 400
    await expectUndecided(running(), browser(), uid, status, () => browser().post(decisionOn(uid), consentAnswer))
  })

  test('consent to one request does not count for a request with other scopes or another address', async () => {
    const program = await registered(SHOWN, OTHER)
    const page = await readConsentPage(browser(), await begin(program, SHOWN))
    for (const [address, scope] of [
      [OTHER, 'trips:read'],
      [SHOWN, 'trips:read trips:delete'],
    ] as const) {
      const uid = await begin(program, address, scope)
      await expectUndecided(running(), browser(), uid, 409, () => browser().post(decisionOn(uid), consentTo(page)))
    }
  })

  test('a denial counts, whatever the page showed', async () => {
    const program = await registered(SHOWN)
    const uid = await begin(program, SHOWN)
    const refusal = consentTo(await readConsentPage(browser(), uid), { shown: 'something else', allow: false })
    expect((await browser().post(decisionOn(uid), refusal)).status).toBe(200)
  })

  describe('of a program that its owner added', () => {
    const registered = async (...redirect_uris: string[]) => {
      const { program, client } = await registerProgram(running(), ana(), { redirect_uris })
      const change = (patch: object) =>
        running().pipeline.run(update_oauth_client, { clientId: client.id, ...patch }, inApp())
      return { program, change }
    }

    test('a consent counts at any port, and at any path if the address is http://localhost', async () => {
      const { program } = await registered('http://localhost')
      await allow(program, 'http://localhost:5000/callback')
      await expectPassed(program, 'http://localhost:6000/callback')
      await expectPassed(program, 'http://127.0.0.1:7000/other')
    })

    test('a consent counts only at its own path if the addresses have paths', async () => {
      const { program } = await registered('http://localhost/one', 'http://localhost/two')
      await allow(program, 'http://localhost:5000/one')
      await expectPassed(program, 'http://localhost:6000/one')
      await expectAsked(program, 'http://localhost:5000/two')
    })

    test('a consent counts at no other address on the web, added before or after it', async () => {
      const { program, change } = await registered(SHOWN, OTHER, 'http://localhost')
      await allow(program, SHOWN)
      await expectAsked(program, OTHER)
      await expectAsked(program, 'http://localhost:5000/callback')
      await change({ redirect_uris: [SHOWN, 'https://later.example/callback'] })
      await expectAsked(program, 'https://later.example/callback')
      await expectPassed(program, SHOWN)
    })

    test('a consent on the own machine no longer counts once its address is removed', async () => {
      const { program, change } = await registered('http://localhost')
      await allow(program, 'http://localhost:5000/callback')
      await change({ redirect_uris: ['http://localhost/other'] })
      await expectAsked(program, 'http://localhost:5000/other')
    })

    test('a consent is asked for again, once, after a rename by the owner or if it predates stored addresses', async () => {
      const { program, change } = await registered('http://localhost')
      await allow(program, 'http://localhost:5000/callback')
      await change({ name: 'Another name' })
      await allow(program, 'http://localhost:5000/callback')
      await expectPassed(program, 'http://localhost:6000/callback')
      const { kysely } = running().database
      await kysely.updateTable('oauth_grants').set({ redirect_uri: null }).execute()
      await allow(program, 'http://localhost:5000/callback')
      await expectPassed(program, 'http://localhost:6000/callback')
    })

    test('a consent of its owner counts for no other person', async () => {
      const { program } = await registered(SHOWN)
      await allow(program, SHOWN)
      const ben = await browserOf(running(), await running().person('Ben'))
      const url = program.authorizeUrl(newVerifier(), { redirect_uri: SHOWN, scope: 'trips:read' })
      for (const remembered of [true, false]) {
        const uid = await beginConsent(ben, url)
        expect(await openConsent(ben, uid)).toBeNull()
        const consentAnswer = consentTo(await readConsentPage(ben, uid), { remembered })
        await expectUndecided(running(), ben, uid, 403, () => ben.post(decisionOn(uid), consentAnswer))
      }
    })
  })
})
