import { afterEach, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest'
import {
  expectUndecided,
  forgive,
  issuesNothing,
  opensMcp,
  tokensOf,
  writtenDown,
} from '../../../../../test/harness/attacks.ts'
import { programOf, SITE, sitesOfStrangers } from '../../../../../test/harness/network/hostile-sites.ts'
import {
  type Browser,
  beginConsent,
  browserOf,
  decide,
  decisionOn,
  lookAt,
  newVerifier,
  openConsent,
  Program,
  yesTo,
} from '../../../../../test/harness/rigs/oauth.ts'
import { eachRunning, type Running } from '../../../../../test/harness/rigs/running.ts'
import { list_oauth_grants, revoke_oauth_grant, update_oauth_client } from '../../../contract/oauth.ts'

/** A yes counts for what the person was shown, and for nothing else: neither later, when nobody is asked, nor at that moment. */

vi.mock('../../../../adapters/http/ssrf-guard.ts', () => import('../../../../../test/harness/network/internet.ts'))

const strangers = sitesOfStrangers()
const { sites } = strangers

/** The address that the person is shown, and the one that a stranger has in mind. */
const SHOWN = `https://${SITE}/callback`
const OTHER = 'https://evil.example/callback'

eachRunning((running) => {
  let ana: Awaited<ReturnType<Running['person']>>
  let browser: Browser

  beforeAll(async () => {
    ana = await running().person('Ana')
    browser = await browserOf(running(), ana)
  })
  beforeEach(() => forgive(running()))
  afterEach(() => void vi.useRealTimers())

  const inApp = () => ({ ...ana.caller, way: 'web' as const })

  const registered = (...redirect_uris: string[]) =>
    new Program(running().url, redirect_uris[0]).register({ client_name: 'Claude', redirect_uris })

  async function documented(...redirect_uris: string[]): Promise<Program> {
    sites.site.publishes({ client_name: 'Claude', redirect_uris })
    return programOf(running(), strangers.freshId())
  }

  /** The document says something else from now on, and what was read before is no longer good. */
  function republish(more: Record<string, unknown>): void {
    sites.site.publishes({ client_name: 'Claude', redirect_uris: [SHOWN, OTHER], ...more })
    vi.useFakeTimers({ toFake: ['Date'], now: Date.now() + 60_000 })
  }

  const begin = (program: Program, redirect_uri: string, scope = 'trips:read', more: Record<string, string> = {}) =>
    beginConsent(browser, program.authorizeUrl(newVerifier(), { redirect_uri, scope, ...more }))

  /** Opens the page: where the browser ends up when it answers by itself, null where the person is asked. */
  const open = async (...args: Parameters<typeof begin>) => openConsent(browser, await begin(...args))

  /** Opens the page, where the person is asked and says yes. */
  async function allow(...args: Parameters<typeof begin>): Promise<void> {
    const uid = await begin(...args)
    expect(await openConsent(browser, uid)).toBeNull()
    expect((await decide(browser, uid, true)).searchParams.get('code')).toBeTruthy()
  }

  /** States that the person is asked, and that a page which says that they need not be gets nothing. */
  async function expectAsked(...args: Parameters<typeof begin>): Promise<void> {
    const uid = await begin(...args)
    expect(await issuesNothing(running(), () => openConsent(browser, uid))).toBeNull()
    const yes = yesTo(await lookAt(browser, uid), { remembered: true })
    await expectUndecided(running(), browser, uid, 409, () => browser.post(decisionOn(uid), yes))
  }

  async function expectPassed(...args: Parameters<typeof begin>): Promise<void> {
    const landed = await open(...args)
    expect(landed?.href.startsWith(args[1])).toBe(true)
    expect(landed?.searchParams.get('code')).toBeTruthy()
  }

  /** States that an answer does not fit what is there, and that nothing was issued; the request can still be decided. */
  const expectConflict = (uid: string, answer: object) =>
    issuesNothing(running(), async () => expect((await browser.post(decisionOn(uid), answer)).status).toBe(409))

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
    test('a yes at one address gives nobody a token at another', async () => {
      const program = await make(SHOWN, OTHER)
      await allow(program, SHOWN)
      await expectAsked(program, OTHER)
    })

    test('a yes counts again at its own address', async () => {
      const program = await make(SHOWN, OTHER)
      await allow(program, SHOWN)
      await expectPassed(program, SHOWN)
      await allow(program, OTHER)
      await expectPassed(program, OTHER)
      const verifier = newVerifier()
      const uid = await beginConsent(browser, program.authorizeUrl(verifier, { redirect_uri: SHOWN }))
      expect(await openConsent(browser, uid)).toBeNull()
      program.redirectUri = SHOWN
      const code = (await decide(browser, uid, true)).searchParams.get('code') as string
      expect(await opensMcp(running(), (await tokensOf(await program.exchange(code, verifier))).access_token)).toBe(
        true,
      )
      expect(new Set((await grantsOf(program)).map(({ redirect_uri }) => redirect_uri))).toEqual(
        new Set([SHOWN, OTHER]),
      )
    })

    test.each([`${SHOWN}/`, `${SHOWN}?next=1`, `https://${SITE}/Callback`, `https://${SITE}:444/callback`])(
      'a yes at an address does not count at %s',
      async (beside) => {
        const program = await make(SHOWN, beside)
        await allow(program, SHOWN)
        await expectAsked(program, beside)
      },
    )

    test('what was granted at another address does not count, and at the same address all of it does', async () => {
      const program = await make(SHOWN, OTHER)
      await allow(program, SHOWN, 'trips:read')
      await allow(program, OTHER, 'places:read')
      await expectAsked(program, SHOWN, 'places:read')
      await expectAsked(program, SHOWN, 'trips:read places:read')
      await expectAsked(program, OTHER, 'trips:read places:read')
      await allow(program, SHOWN, 'places:read')
      await expectPassed(program, SHOWN, 'trips:read places:read')
    })

    test('a yes from before addresses were kept is asked for again, once', async () => {
      const program = await make(SHOWN)
      await allow(program, SHOWN)
      const { kysely } = running().database
      const before = kysely.updateTable('oauth_grants').set({ redirect_uri: null })
      await before.where('client_id', '=', program.clientId).execute()
      await allow(program, SHOWN)
      await expectPassed(program, SHOWN)
    })

    test('what was taken back counts no more', async () => {
      const program = await make(SHOWN)
      await allow(program, SHOWN)
      await disconnect(program)
      await expectAsked(program, SHOWN)
    })

    test('a yes does not count where the program wants the person to be asked, or where anybody can listen', async () => {
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

    test('a yes of somebody else does not count', async () => {
      const program = await make(SHOWN)
      await allow(program, SHOWN)
      const ben = await browserOf(running(), await running().person('Ben'))
      const uid = await beginConsent(ben, program.authorizeUrl(newVerifier(), { redirect_uri: SHOWN }))
      expect(await openConsent(ben, uid)).toBeNull()
      const yes = yesTo(await lookAt(ben, uid), { remembered: true })
      await expectUndecided(running(), ben, uid, 409, () => ben.post(decisionOn(uid), yes))
    })

    test('taken back between the look and the answer of the page, it counts no more, and the person is asked', async () => {
      const program = await make(SHOWN)
      await allow(program, SHOWN)
      const uid = await begin(program, SHOWN)
      const page = await lookAt(browser, uid)
      expect(page.asked?.remembered).toBe(true)
      await disconnect(program)
      await expectConflict(uid, yesTo(page, { remembered: true }))
      expect((await lookAt(browser, uid)).asked?.remembered).toBe(false)
      expect((await browser.post(decisionOn(uid), yesTo(page))).status).toBe(200)
    })
  })

  describe('of a program that is described by a document', () => {
    test('a yes does not count at an address that the document names later', async () => {
      const program = await documented(SHOWN)
      await allow(program, SHOWN)
      republish({ redirect_uris: [SHOWN, OTHER] })
      await expectAsked(program, OTHER)
      await expectPassed(program, SHOWN)
    })

    test('a yes does not count under another name', async () => {
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

    test('a yes to one name grants nothing under another that comes while the page is looked at', async () => {
      const program = await documented(SHOWN)
      const uid = await begin(program, SHOWN)
      const page = await lookAt(browser, uid)
      republish({ client_name: 'Your bank' })
      await expectConflict(uid, yesTo(page))
      const now = await lookAt(browser, uid)
      expect([page.asked?.client.name, now.asked?.client.name]).toEqual(['Claude', 'Your bank'])
      expect((await browser.post(decisionOn(uid), yesTo(now))).status).toBe(200)
      expect(await grantsOf(program)).toMatchObject([{ client_name: 'Your bank', redirect_uri: SHOWN }])
    })

    test('a name that comes between the look and the answer of the page is not passed over', async () => {
      const program = await documented(SHOWN)
      await allow(program, SHOWN)
      const uid = await begin(program, SHOWN)
      const page = await lookAt(browser, uid)
      republish({ client_name: 'Your bank' })
      for (const { asked } of [page, await lookAt(browser, uid)]) {
        await expectConflict(uid, yesTo({ ...page, asked }, { remembered: true }))
      }
    })

    test('an address that is taken away while the page is looked at is not gone to', async () => {
      const program = await documented(SHOWN, OTHER)
      const uid = await begin(program, OTHER)
      const page = await lookAt(browser, uid)
      republish({ redirect_uris: [SHOWN] })
      await expectUndecided(running(), browser, uid, 404, () => browser.post(decisionOn(uid), yesTo(page)))
    })
  })

  test.each<[string, (digest: string) => unknown]>([
    ['nothing', () => undefined],
    ['no text', () => null],
    ['another page', (digest) => digest.toLowerCase()],
    ['more than there can be', (digest) => digest.repeat(10)],
  ])('consent to %s does not count', async (_what, change) => {
    const program = await registered(SHOWN)
    const uid = await begin(program, SHOWN)
    const page = await lookAt(browser, uid)
    const yes = yesTo(page, { shown: change(page.asked?.shown ?? '') })
    const status = typeof yes.shown === 'string' && yes.shown.length < 100 ? 409 : 400
    await expectUndecided(running(), browser, uid, status, () => browser.post(decisionOn(uid), yes))
  })

  test('consent to one request does not count for a request with other scopes or another address', async () => {
    const program = await registered(SHOWN, OTHER)
    const page = await lookAt(browser, await begin(program, SHOWN))
    for (const [address, scope] of [
      [OTHER, 'trips:read'],
      [SHOWN, 'trips:read trips:delete'],
    ] as const) {
      const uid = await begin(program, address, scope)
      await expectUndecided(running(), browser, uid, 409, () => browser.post(decisionOn(uid), yesTo(page)))
    }
  })

  test('a no is a no, whatever the page showed', async () => {
    const program = await registered(SHOWN)
    const uid = await begin(program, SHOWN)
    const no = yesTo(await lookAt(browser, uid), { shown: 'something else', allow: false })
    expect((await browser.post(decisionOn(uid), no)).status).toBe(200)
  })

  describe('of a program that its owner wrote down', () => {
    const written = async (...redirect_uris: string[]) => {
      const { program, client } = await writtenDown(running(), ana, { redirect_uris })
      const change = (patch: object) =>
        running().pipeline.run(update_oauth_client, { clientId: client.id, ...patch }, inApp())
      return { program, change }
    }

    test('a yes counts at any port, and any path where http://localhost was written down', async () => {
      const { program } = await written('http://localhost')
      await allow(program, 'http://localhost:5000/callback')
      await expectPassed(program, 'http://localhost:6000/callback')
      await expectPassed(program, 'http://127.0.0.1:7000/other')
    })

    test('a yes counts at the path for which it was given, where paths were written down', async () => {
      const { program } = await written('http://localhost/one', 'http://localhost/two')
      await allow(program, 'http://localhost:5000/one')
      await expectPassed(program, 'http://localhost:6000/one')
      await expectAsked(program, 'http://localhost:5000/two')
    })

    test('a yes counts at no other address on the web, whenever that was written down', async () => {
      const { program, change } = await written(SHOWN, OTHER, 'http://localhost')
      await allow(program, SHOWN)
      await expectAsked(program, OTHER)
      await expectAsked(program, 'http://localhost:5000/callback')
      await change({ redirect_uris: [SHOWN, 'https://later.example/callback'] })
      await expectAsked(program, 'https://later.example/callback')
      await expectPassed(program, SHOWN)
    })

    test('a yes on the own machine counts no more where its address was taken away', async () => {
      const { program, change } = await written('http://localhost')
      await allow(program, 'http://localhost:5000/callback')
      await change({ redirect_uris: ['http://localhost/other'] })
      await expectAsked(program, 'http://localhost:5000/other')
    })

    test('a yes is asked for again, once, when the owner gave it another name or said yes before addresses were kept', async () => {
      const { program, change } = await written('http://localhost')
      await allow(program, 'http://localhost:5000/callback')
      await change({ name: 'Another name' })
      await allow(program, 'http://localhost:5000/callback')
      await expectPassed(program, 'http://localhost:6000/callback')
      const { kysely } = running().database
      await kysely.updateTable('oauth_grants').set({ redirect_uri: null }).execute()
      await allow(program, 'http://localhost:5000/callback')
      await expectPassed(program, 'http://localhost:6000/callback')
    })

    test('a yes of its owner counts for nobody else', async () => {
      const { program } = await written(SHOWN)
      await allow(program, SHOWN)
      const ben = await browserOf(running(), await running().person('Ben'))
      const url = program.authorizeUrl(newVerifier(), { redirect_uri: SHOWN, scope: 'trips:read' })
      for (const remembered of [true, false]) {
        const uid = await beginConsent(ben, url)
        expect(await openConsent(ben, uid)).toBeNull()
        const yes = yesTo(await lookAt(ben, uid), { remembered })
        await expectUndecided(running(), ben, uid, 403, () => ben.post(decisionOn(uid), yes))
      }
    })
  })
})
