import type { Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { structured } from '../../bench/client.ts'
import { openCallback } from '../harness/assistants/callback.ts'
import { keepPicture, openBrowser, openPage } from '../harness/browser/browser.ts'
import { withBrowser } from '../harness/browser/browsing.ts'
import { ENGINES, type Place } from '../harness/database/databases.ts'
import { makeCertificate } from '../harness/network/certificate.ts'
import { type ReverseProxy, startProxy } from '../harness/network/proxy.ts'
import { some } from '../harness/prove.ts'
import { type Person, type Running, startRunning } from '../harness/rigs/running.ts'
import { until } from '../harness/until.ts'

/** The app under a path of a host, behind a proxy that keeps the path and behind one that strips it. */

const PROXIES = [
  { kind: 'keeps the path', settings: { prefix: '/trek', keepsPrefix: true } },
  { kind: 'takes the path off', settings: { prefix: '/trek' } },
]

/** A one-pixel image. */
const DOT = Buffer.from(
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==',
  'base64',
)

const browser = withBrowser({ maps: true })

// What differs between the proxies is tested for both in test/mcp/below-a-path.test.ts.
describe.each(some(PROXIES))('behind a proxy that $kind', ({ settings }) => {
  let place: Place
  let proxy: ReverseProxy
  let running: Running
  let base: string
  let ana: Person
  let tripId: number
  beforeAll(async () => {
    place = await ENGINES[0].place({ migrated: true })
    proxy = await startProxy(null, settings)
    base = `${proxy.url}/trek`
    running = await startRunning(place.target, { APP_URL: base, HOST: '127.0.0.1' })
    proxy.aim(running.url)
    ana = await running.person('Ana')
    const { trip } = structured<{ trip: { id: number } }>(
      await ana.assistant.tool('create_trip', {
        title: 'Kyoto',
        start_date: '2027-04-05',
        end_date: '2027-04-06',
      }),
    )
    tripId = trip.id
    await ana.assistant.tool('create_place', { tripId, name: 'Kinkaku-ji', lat: 35.0394, lng: 135.7292 })
    const form = new FormData()
    form.append('file', new Blob([DOT]), 'cover.png')
    const headers = { authorization: `Bearer ${ana.token}` }
    const uploaded = await fetch(`${base}/api/trips/${tripId}/cover`, { method: 'PUT', body: form, headers })
    expect(uploaded.status).toBe(200)
  })
  afterAll(async () => {
    await proxy.close()
    await running.close()
    await place.remove()
    expect(running.failures).toEqual([])
  })

  /** Collects the requests of a page outside the path; `blob:` and `data:` URLs are not requests. */
  function listenOutside(page: Page): string[] {
    const outside: string[] = []
    const note = (url: string) => {
      if (/^(http|ws)/.test(url) && !url.replace(/^ws/, 'http').startsWith(`${base}/`)) outside.push(url)
    }
    page.on('request', (request) => note(request.url()))
    page.on('websocket', (socket) => note(socket.url()))
    page.on('worker', (worker) => note(worker.url()))
    return outside
  }

  test('a user logs in, plans with others, comes back by a deep link, and logs out', {
    timeout: 120_000,
  }, async () => {
    const { page, complaints } = await openPage(browser(), base, ana)
    const outside = listenOutside(page)
    const cookies = await page.context().cookies(base)
    expect(cookies.map(({ name, path }) => [name, path])).toContainEqual(['trek_session', '/trek'])
    expect(await page.context().cookies(proxy.url)).toEqual([])

    const cover = page.locator('img[src^="/trek/api/covers/"]').first()
    await cover.waitFor()
    expect(await cover.evaluate((picture: HTMLImageElement) => picture.decode().then(() => picture.naturalWidth))).toBe(
      1,
    )

    const worker = page.waitForEvent('worker')
    const tile = page.waitForResponse((answer) => answer.url().startsWith(`${base}/basemap/`))
    const socket = page.waitForEvent('websocket')
    await page.getByRole('link', { name: /Kyoto/ }).first().click()
    await page.waitForURL(`${base}/trips/${tripId}`)
    await page.getByText('Kinkaku-ji').first().waitFor()
    expect((await worker).url()).toMatch(`${base}/assets/`)
    expect((await tile).status()).toBe(200)
    await keepPicture(page, `below-a-path-${settings.keepsPrefix ? 'kept' : 'taken-off'}`)

    await page.goto(`${base}/trips/${tripId}?part=packing`)
    expect((await socket).url()).toBe(`${base.replace(/^http/, 'ws')}/ws`)
    await page.getByRole('textbox', { name: 'What to pack' }).waitFor()
    await ana.assistant.tool('create_packing_item', { tripId, name: 'Umbrella' })
    await page.getByText('Umbrella').waitFor()
    await page.reload()
    await page.getByText('Umbrella').waitFor()
    expect(page.url()).toBe(`${base}/trips/${tripId}?part=packing`)

    await page.getByRole('button', { name: 'Share' }).first().click()
    await page.getByRole('button', { name: 'Create link' }).click()
    const link = await page.getByLabel('Address of the link').inputValue()
    expect(link).toMatch(`${base}/shared/`)
    await page.keyboard.press('Escape')

    await page.getByRole('button', { name: 'Account of Ana' }).click()
    await page.getByRole('menuitem', { name: 'Log out' }).click()
    await page.waitForURL(`${base}/login`)
    await until(async () => !(await page.context().cookies(base)).some(({ name }) => name === 'trek_session'))

    // After logging in, a visitor lands on the page they asked for.
    await page.goto(`${base}/trips/${tripId}?part=packing`)
    await page.waitForURL(/\/trek\/login\?to=/)
    await page.getByLabel('E-mail or username').fill(ana.username)
    await page.getByLabel('Password', { exact: true }).fill(ana.password)
    await page.getByRole('button', { name: 'Log in' }).click()
    await page.getByText('Umbrella').waitFor()
    expect(page.url()).toBe(`${base}/trips/${tripId}?part=packing`)

    await page.goto(link)
    await page.getByRole('heading', { name: 'Kyoto' }).first().waitFor()
    expect(outside).toEqual([])
    expect(complaints).toEqual([])
    await page.context().close()
  })

  test('the API page loads, and its examples can be run', async () => {
    const { page, complaints } = await openPage(browser(), base, ana)
    const outside = listenOutside(page)
    await page.goto(`${base}/api/docs`)
    await page.getByRole('heading', { name: /TREK API/ }).waitFor()
    await page.getByRole('link', { name: 'List trips' }).click()
    const tripsResponse = page.waitForResponse((answer) => new URL(answer.url()).pathname === '/trek/api/trips')
    await page
      .locator('#list_trips')
      .getByRole('button', { name: /Send|Try/ })
      .click()
    expect((await tripsResponse).status()).toBe(200)
    expect([outside, complaints]).toEqual([[], []])
    await page.context().close()
  })

  test('the bare path opens the app, and the connection page shows the address with the path', async () => {
    const { page, complaints } = await openPage(browser(), base, ana)
    await page.goto(base)
    await page.getByRole('link', { name: /Kyoto/ }).first().waitFor()
    await page.goto(`${base}/settings/integrations`)
    await page.getByText(`${base}/mcp`, { exact: true }).first().waitFor()
    expect(page.url()).toBe(`${base}/settings?tab=integrations`)
    expect(complaints).toEqual([])
    await page.context().close()
  })
})

test('over https the app and the consent page keep their cookies', { timeout: 60_000 }, async () => {
  const place = await ENGINES[0].place({ migrated: true })
  const proxy = await startProxy(null, { prefix: '/trek' }, await makeCertificate(['localhost']))
  const base = `${proxy.url}/trek`
  const running = await startRunning(place.target, { APP_URL: base, HOST: '127.0.0.1' })
  proxy.aim(running.url)
  const callback = await openCallback()
  const secure = await openBrowser({ anyCertificate: true })
  const { page, complaints } = await openPage(secure, base, await running.person('Ana'))
  const names = async () => (await page.context().cookies(base)).map(({ name }) => name)
  expect(await names()).toContain('__Secure-trek_session')

  const registered = await fetch(`${running.url}/oauth/register`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ redirect_uris: [callback.uri], token_endpoint_auth_method: 'none' }),
  })
  const { client_id } = await registered.json()
  const authorizeParams = new URLSearchParams({
    ...{ response_type: 'code', client_id, redirect_uri: callback.uri, resource: `${base}/mcp`, scope: 'trips:read' },
    ...{ code_challenge: 'x'.repeat(43), code_challenge_method: 'S256' },
  })
  await page.goto(`${base}/oauth/authorize?${authorizeParams}`)
  await page.getByRole('button', { name: 'Allow', exact: true }).click()
  const callbackParams = await callback.next()
  expect([callbackParams.get('iss'), callbackParams.has('code')]).toEqual([base, true])

  await page.getByText('You can close this page.').waitFor()
  await page.goto(base)
  await page.getByRole('button', { name: 'Account of Ana' }).click()
  await page.getByRole('menuitem', { name: 'Log out' }).click()
  await page.waitForURL(`${base}/login`)
  await until(async () => !(await names()).includes('__Secure-trek_session'))
  expect(complaints).toEqual([])
  await secure.close()
  await callback.close()
  await proxy.close()
  await running.close()
  await place.remove()
  expect(running.failures).toEqual([])
})
