import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { BrowserContext, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import { create_oauth_client, list_oauth_grants, revoke_oauth_grant } from '../../src/identity/contract/oauth.ts'
import { SCOPES } from '../../src/identity/contract/scopes.ts'
import { switchAssistants } from '../harness/attacks.ts'
import { withServerAndBrowser } from '../harness/browser/browsing.ts'
import { LOOKS, Looking, once } from '../harness/browser/looks.ts'
import { browserOf, consentTo, newVerifier, Program, type Tokens } from '../harness/rigs/oauth.ts'
import type { Person } from '../harness/rigs/running.ts'
import { until } from '../harness/until.ts'

vi.setConfig({ testTimeout: 120_000 })

const ASKED = 'trips:read trips:write trips:delete places:read places:write'

const { running, browser } = withServerAndBrowser()
let ana: Person
let ben: Person
/** The callback server of the program, and the URLs that arrived there. */
let callback: Server
let callbackUrl: string
const landed: URL[] = []

beforeAll(async () => {
  ana = await running().person('Ana')
  ben = await running().person('Ben')
  callback = createServer(({ url = '/' }, response) => {
    if (url.startsWith('/callback')) landed.push(new URL(url, callbackUrl))
    response.setHeader('content-type', 'text/html')
    response.end('<!doctype html><title>Program</title><h1>Back in the program</h1>')
  })
  await new Promise<void>((ready) => callback.listen(0, '127.0.0.1', ready))
  callbackUrl = `http://127.0.0.1:${(callback.address() as AddressInfo).port}`
})

afterAll(() => void callback.close())

/** A separate browser, logged in as `person`, or logged out. */
async function open(person: Person | null, look = LOOKS[4]): Promise<{ page: Page; context: BrowserContext }> {
  const context = await browser().newContext({
    viewport: { width: look?.width ?? 1440, height: look?.height ?? 900 },
    colorScheme: look?.theme ?? 'light',
    reducedMotion: 'reduce',
  })
  context.setDefaultTimeout(30_000)
  if (person) await logInAs(context, person)
  return { context, page: await context.newPage() }
}

/** Logs in without the open pages noticing, as another tab does. */
async function logInAs({ request }: BrowserContext, { username, password }: Person): Promise<void> {
  const data = { identifier: username, password }
  const answer = await request.post(`${running().url}/api/auth/login`, { data, headers: { origin: running().url } })
  expect(answer.status()).toBe(200)
}

const logOut = ({ request }: BrowserContext) =>
  request.post(`${running().url}/api/auth/logout`, { data: {}, headers: { origin: running().url } })

const program = (client_name: string, redirectUri = `${callbackUrl}/callback`, ...otherUris: string[]) =>
  new Program(running().url, redirectUri).register({ client_name, redirect_uris: [redirectUri, ...otherUris] })

const grantsOf = async ({ caller }: Person, name: string) =>
  (await running().pipeline.run(list_oauth_grants, {}, caller)).grants.filter(({ client_name }) => client_name === name)

const waitForConsent = (page: Page, name: string) => page.getByRole('heading', { name: `Connect ${name}` }).waitFor()
const box = (page: Page, name: string) => page.getByRole('checkbox', { name })
const press = (page: Page, name: string) => page.getByRole('button', { name, exact: true }).click()

async function logIn(page: Page, { username }: Person, password: string): Promise<void> {
  await page.getByLabel('E-mail or username').fill(username)
  await page.getByLabel('Password', { exact: true }).fill(password)
  await press(page, 'Log in')
}

/** The query parameters of the redirect to the program. */
async function answer(after = landed.length): Promise<URLSearchParams> {
  await until(() => landed.length > after, 30_000)
  return (landed[after] as URL).searchParams
}

test('a user logs in, returns to the request, and grants a program some of the scopes it asks for', async () => {
  const { page, context } = await open(null)
  const claude = await program('Claude Code')
  const verifier = newVerifier()
  await page.goto(claude.authorizeUrl(verifier, { scope: ASKED }))
  await page.getByText('Log in to connect Claude Code.').waitFor()
  await logIn(page, ana, 'a wrong password')
  await page.getByRole('alert').waitFor()
  await logIn(page, ana, ana.password)
  await waitForConsent(page, 'Claude Code')

  expect(await box(page, 'Delete trips').isChecked()).toBe(false)
  expect(await box(page, 'Edit trips').isChecked()).toBe(true)
  expect(await box(page, 'All of Trips').getAttribute('aria-checked')).toBe('true')
  await box(page, 'Edit trips').click()
  expect(await box(page, 'All of Trips').getAttribute('aria-checked')).toBe('mixed')
  await box(page, 'All of Places').click()
  await box(page, 'View trips').click()
  await press(page, 'Allow')
  await page.getByText('Tick at least one thing').waitFor()
  await box(page, 'View trips').click()
  await box(page, 'Manage places').click()

  const callback = answer()
  await press(page, 'Allow')
  const code = (await callback).get('code')
  await page.getByRole('heading', { name: 'Back in the program' }).waitFor()
  const tokens = (await (await claude.exchange(String(code), verifier)).json()) as Tokens
  expect(tokens.scope.split(' ').sort()).toEqual(['places:write', 'trips:read'])

  // A program on this machine needs consent every time, and can be denied the next time.
  const denied = answer()
  await page.goto(claude.authorizeUrl(newVerifier(), { scope: 'trips:read' }))
  await waitForConsent(page, 'Claude Code')
  await press(page, 'Don’t allow')
  expect(Object.fromEntries(await denied)).toMatchObject({ error: 'access_denied', state: 'xyz' })
  expect(await grantsOf(ana, 'Claude Code')).toHaveLength(1)
  await context.close()
})

test('the log-in page redirects to no other site', async () => {
  const { page, context } = await open(null)
  await page.goto(`${running().url}/login?to=${encodeURIComponent('https://assistant.test/trips')}`)
  await logIn(page, ana, ana.password)
  await page
    .getByRole('heading', { name: /Where to|Trips/ })
    .first()
    .waitFor()
  expect(page.url()).toBe(`${running().url}/`)
  await context.close()
})

/** Navigates without waiting for the page: no server answers at the address of the program, so only the redirect counts. */
const goTo = (page: Page, url: string) => page.goto(url, { waitUntil: 'commit' }).catch(() => null)

test('consent for one address of a program does not cover another address', async () => {
  const { page, context } = await open(ana)
  const evilAddress = 'https://evil.test/callback'
  const twofold = await program('Twofold', 'https://assistant.test/callback?from=trek', evilAddress)
  const went: string[] = []
  page.on('request', (request) => request.url().startsWith(evilAddress) && went.push(request.url()))
  const start = (more: Record<string, string> = {}) => goTo(page, twofold.authorizeUrl(newVerifier(), more))
  await start()
  await waitForConsent(page, 'Twofold')
  const wholeAddress = page.getByText('https://assistant.test/callback?from=trek')
  expect(await wholeAddress.isVisible()).toBe(false)
  await page.getByText('Whole address').click()
  expect(await wholeAddress.isVisible()).toBe(true)
  const sentBack = page.waitForRequest((request) => request.url().startsWith('https://assistant.test/callback'))
  await press(page, 'Allow')
  expect((await sentBack).url()).toContain('code=')

  await start({ redirect_uri: evilAddress })
  await waitForConsent(page, 'Twofold')
  await page.getByText('trust evil.test').waitFor()
  expect(went).toEqual([])
  expect(await grantsOf(ana, 'Twofold')).toHaveLength(1)
  await context.close()
})

test('a page that is about to answer automatically asks again if the consent is revoked at that moment', async () => {
  const { page, context } = await open(ana)
  const assistant = await program('Fickle', 'https://fickle.test/callback')
  await assistant.connect(await browserOf(running(), ana))
  await page.route('**/decision', async (route) => {
    for (const { id } of await grantsOf(ana, 'Fickle')) {
      await running().pipeline.run(revoke_oauth_grant, { grantId: id }, ana.caller)
    }
    await route.continue()
  })
  await goTo(page, assistant.authorizeUrl(newVerifier()))
  await waitForConsent(page, 'Fickle')
  expect(await grantsOf(ana, 'Fickle')).toEqual([])
  await page.unroute('**/decision')
  const sentBack = page.waitForRequest((request) => request.url().startsWith('https://fickle.test/callback'))
  await press(page, 'Don’t allow')
  expect((await sentBack).url()).toContain('error=access_denied')
  await context.close()
})

test('a program with its own site needs new consent only for additional scopes', async () => {
  const { page, context } = await open(ana)
  const assistant = await program('Assistant', 'https://assistant.test/callback')
  const sentBack = () => page.waitForRequest((request) => request.url().startsWith('https://assistant.test/callback'))
  const start = (scope: string) => goTo(page, assistant.authorizeUrl(newVerifier(), { scope }))
  await start('trips:read places:read')
  await waitForConsent(page, 'Assistant')
  await page.getByText('trust assistant.test').waitFor()
  const first = sentBack()
  await press(page, 'Allow')
  expect((await first).url()).toContain('code=')

  const second = sentBack()
  await start('trips:read')
  expect((await second).url()).toContain('code=')

  await start('trips:read trips:write')
  await waitForConsent(page, 'Assistant')
  expect(await grantsOf(ana, 'Assistant')).toHaveLength(2)
  await context.close()
})

test('after a redirect to a custom scheme, the tab says that the program is connected', async () => {
  const { page, context } = await open(ana)
  const editor = await program('Editor', 'com.example.editor:/oauth/callback')
  await page.goto(editor.authorizeUrl(newVerifier()))
  await waitForConsent(page, 'Editor')
  await press(page, 'Allow')
  await page.getByRole('heading', { name: 'Editor is connected' }).waitFor()
  await page.getByText('You can close this tab and go back to Editor.').waitFor()
  expect(await grantsOf(ana, 'Editor')).toHaveLength(1)
  await context.close()
})

describe('while the page is open', () => {
  test('another user logs in: nothing is decided until the page was reviewed again', async () => {
    const { page, context } = await open(ana)
    await page.goto((await program('Swap')).authorizeUrl(newVerifier()))
    await waitForConsent(page, 'Swap')
    await logInAs(context, ben)
    await press(page, 'Allow')
    await page.getByRole('alert').getByText('Ben is logged in now').waitFor()
    expect([await grantsOf(ana, 'Swap'), await grantsOf(ben, 'Swap')]).toEqual([[], []])
    const callback = answer()
    await press(page, 'Allow')
    expect((await callback).get('code')).toBeTruthy()
    expect([await grantsOf(ana, 'Swap'), await grantsOf(ben, 'Swap')]).toEqual([[], [expect.anything()]])
    await context.close()
  })

  test('the program changes its name: nothing is decided until the page was reviewed again', async () => {
    const { page, context } = await open(ana)
    const changing = await program('Before')
    await page.goto(changing.authorizeUrl(newVerifier()))
    await waitForConsent(page, 'Before')
    const { kysely } = running().database
    const isThis = kysely
      .selectFrom('oauth_registrations')
      .select('metadata')
      .where('client_id', '=', changing.clientId)
    const { metadata } = await isThis.executeTakeFirstOrThrow()
    await kysely
      .updateTable('oauth_registrations')
      .set({ metadata: metadata.replace('Before', 'Afterwards') })
      .where('client_id', '=', changing.clientId)
      .execute()
    await press(page, 'Allow')
    await page.getByRole('alert').getByText('The description of this program has changed').waitFor()
    await waitForConsent(page, 'Afterwards')
    expect([await grantsOf(ana, 'Before'), await grantsOf(ana, 'Afterwards')]).toEqual([[], []])
    const callback = answer()
    await press(page, 'Allow')
    expect((await callback).get('code')).toBeTruthy()
    expect([await grantsOf(ana, 'Before'), await grantsOf(ana, 'Afterwards')]).toEqual([[], [expect.anything()]])
    await context.close()
  })

  test('the session ends: the user logs in again, and the page requests consent again', async () => {
    const { page, context } = await open(ana)
    const url = (await program('Lost')).authorizeUrl(newVerifier())
    await page.goto(url)
    await waitForConsent(page, 'Lost')
    await logOut(context)
    await press(page, 'Allow')
    await logIn(page, ana, ana.password)
    await waitForConsent(page, 'Lost')
    expect(await grantsOf(ana, 'Lost')).toEqual([])

    await press(page, 'Log in as somebody else')
    await page.getByText('Log in to connect Lost.').waitFor()
    await logIn(page, ben, ben.password)
    await waitForConsent(page, 'Lost')
    await page.getByText(ben.username).waitFor()
    const callback = answer()
    await press(page, 'Allow')
    expect((await callback).get('code')).toBeTruthy()
    expect([await grantsOf(ana, 'Lost'), await grantsOf(ben, 'Lost')]).toEqual([[], [expect.anything()]])
    await context.close()
  })
})

test('a program added in Settings gets the scopes chosen there, and only its owner can connect it', async () => {
  const { page, context } = await open(ana)
  const registered = new Program(running().url, `${callbackUrl}/callback`)
  const fields = { name: 'Notebook', redirect_uris: [registered.redirectUri], scopes: ['trips:read', 'places:read'] }
  const created = await running().pipeline.run(create_oauth_client, fields, { ...ana.caller, way: 'web' })
  registered.clientId = created.client.client_id
  const start = () =>
    page.goto(registered.authorizeUrl(newVerifier(), { scope: 'trips:read places:read weather:read' }))
  await start()
  await waitForConsent(page, 'Notebook')
  await page.getByText('View places').first().waitFor()
  expect([await page.getByRole('checkbox').count(), await page.getByText('Weather').count()]).toEqual([0, 0])
  const callback = answer()
  await press(page, 'Allow')
  expect((await callback).get('code')).toBeTruthy()
  expect(await grantsOf(ana, 'Notebook')).toMatchObject([{ scopes: ['trips:read', 'places:read'] }])

  await logInAs(context, ben)
  await start()
  await page.getByText('Somebody else on this server added this program').waitFor()
  expect(await page.getByRole('button', { name: 'Allow', exact: true }).count()).toBe(0)
  await context.close()
})

test('a request while assistants are switched off says so, and continues when they are on again', async () => {
  const { page, context } = await open(ana)
  await page.goto((await program('Later')).authorizeUrl(newVerifier()))
  await waitForConsent(page, 'Later')
  await switchAssistants(running(), false)
  try {
    await page.reload()
    await page.getByRole('heading', { name: 'Assistants are switched off' }).waitFor()
    await page.getByText('The administrator has switched assistants off on this server').waitFor()
    expect(await page.getByText('This request has ended').count()).toBe(0)
  } finally {
    await switchAssistants(running(), true)
  }
  await page.reload()
  await waitForConsent(page, 'Later')
  await context.close()
})

test('a request that is over, or belongs to another browser, leads back to the program', async () => {
  const { page, context } = await open(ana)
  const { page: elsewhere, context: other } = await open(ben)
  await page.goto((await program('Mine')).authorizeUrl(newVerifier()))
  await waitForConsent(page, 'Mine')
  for (const url of [page.url(), `${running().url}/oauth/consent/long-over`]) {
    await elsewhere.goto(url)
    await elsewhere.getByRole('heading', { name: 'This request has ended' }).waitFor()
    await elsewhere.getByText('Go back to the program and connect again.').waitFor()
  }
  expect(await elsewhere.getByText('Mine').count()).toBe(0)
  await elsewhere.goto(`${running().url}/oauth/problem?error=Call%20555%20now`)
  await elsewhere.getByText('The program could not be connected.').waitFor()
  expect(await elsewhere.getByText('555').count()).toBe(0)
  await Promise.all([context.close(), other.close()])
})

test('another page can neither frame the consent page nor answer for the user', async () => {
  const { page, context } = await open(ana)
  await page.goto((await program('Prey')).authorizeUrl(newVerifier()))
  await waitForConsent(page, 'Prey')
  const consentUrl = page.url()
  const headers = (await context.request.get(consentUrl, { headers: { accept: 'text/html' } })).headers()
  expect(headers['x-frame-options']).toBe('DENY')
  expect(headers['content-security-policy']).toContain("frame-ancestors 'none'")

  const evilPage = await context.newPage()
  await evilPage.goto(callbackUrl)
  const framed = evilPage.waitForResponse(consentUrl)
  await evilPage.evaluate((src) => {
    const frame = document.createElement('iframe')
    frame.src = src
    document.body.append(frame)
  }, consentUrl)
  await framed
  await until(() => evilPage.frames()[1]?.url() === 'chrome-error://chromewebdata/', 30_000)

  // The page is on the same site, so cookies are sent; only the origin that the browser reports tells it apart.
  const decision = JSON.stringify(consentTo(await (await context.request.get(`${consentUrl}/request`)).json()))
  const outcomes = await evilPage.evaluate(
    async ([url, body]) => {
      const post = (mode: RequestMode, type: string) =>
        fetch(url, { method: 'POST', mode, body, credentials: 'include', headers: { 'content-type': type } }).then(
          () => 'answered',
          () => 'refused',
        )
      return [await post('cors', 'application/json'), await post('no-cors', 'text/plain')]
    },
    [`${consentUrl}/decision`, decision] as const,
  )
  expect(outcomes).toEqual(['refused', 'refused'])
  const postFrom = async (origin: string) => {
    const headers = { 'content-type': 'application/json', origin }
    return (await context.request.post(`${consentUrl}/decision`, { data: decision, headers })).status()
  }
  expect(await postFrom(callbackUrl)).toBe(403)
  expect(await grantsOf(ana, 'Prey')).toEqual([])
  expect(await postFrom(running().url)).toBe(200)
  await context.close()
})

const visitPages = once(async () => {
  const { page, context } = await open(null)
  const looking = new Looking(page)
  const name = 'Travel Assistant for Families, Friends and Everyone Else (Preview Edition)'
  const longProgram = await program(name, `${callbackUrl}/callback/${'of-many-parts/'.repeat(20)}${'x'.repeat(200)}`)
  await page.goto(`${running().url}/oauth/problem?error=invalid_redirect_uri`)
  await looking.at('connect-problem', page.getByRole('heading', { name: 'That did not work' }))
  await page.goto(longProgram.authorizeUrl(newVerifier(), { scope: SCOPES.map(({ scope }) => scope).join(' ') }))
  await looking.at('connect-log-in', page.getByText('Log in to connect Travel'))
  await logIn(page, ana, ana.password)
  await waitForConsent(page, 'Travel')
  await page.getByRole('button', { name: /\d+ tools Edit trips/ }).click()
  await looking.at('connect-consent', page.getByText('Create a trip'))
  await page.getByText('Whole address').click()
  await looking.at('connect-consent-address', page.getByText('of-many-parts'))
  await context.close()
  return looking
})

test.each(LOOKS)('the pages have no layout errors at $width px in the $theme theme', async (look) => {
  expect((await visitPages()).wrongAt(look)).toEqual([])
})
