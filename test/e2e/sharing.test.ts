import type { Request } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { structured } from '../../bench/client.ts'
import { update_addon, update_permission } from '../../src/features/admin/contract/index.ts'
import { openPage } from '../harness/browser.ts'
import { type Browsing, startBrowsing } from '../harness/browsing.ts'
import { until } from '../harness/until.ts'

let running: Browsing['running']
let browser: Browsing['browser']
let close: Browsing['close']

beforeAll(async () => {
  ;({ running, browser, close } = await startBrowsing())
})
afterAll(() => close())

test('an add-on that is switched off goes from open screens at once, and comes back', { timeout: 60_000 }, async () => {
  const [ana, root] = [await running.person('Ana'), await running.person('Root', 'admin')]
  const { trip } = structured<{ trip: { id: number } }>(await ana.assistant.tool('create_trip', { title: 'Kyoto' }))
  const { page, complaints } = await openPage(browser, running.url, ana)
  await page.goto(`${running.url}/trips/${trip.id}?part=packing`)
  const tab = page.getByRole('button', { name: 'Packing', exact: true })
  await tab.waitFor()
  const turn = (enabled: boolean) => running.pipeline.run(update_addon, { name: 'packing', enabled }, root.caller)
  await turn(false)
  await tab.waitFor({ state: 'detached' })
  await turn(true)
  await tab.waitFor()
  expect(complaints).toEqual([])
})

test('a right that is taken away goes from open screens at once, and comes back', { timeout: 60_000 }, async () => {
  const [ana, ben, root] = [
    await running.person('Ana'),
    await running.person('Ben'),
    await running.person('Root', 'admin'),
  ]
  const { trip } = structured<{ trip: { id: number } }>(await ana.assistant.tool('create_trip', { title: 'Nara' }))
  await ana.assistant.tool('add_trip_member', { tripId: trip.id, identifier: ben.username })
  const { page, complaints } = await openPage(browser, running.url, ben)
  await page.goto(`${running.url}/trips/${trip.id}?part=packing`)
  const add = page.getByRole('textbox', { name: 'What to pack' })
  await add.waitFor()
  const allow = (level: 'owner' | 'member') =>
    running.pipeline.run(update_permission, { name: 'packing_edit', level }, root.caller)
  await allow('owner')
  await add.waitFor({ state: 'detached' })
  await allow('member')
  await add.waitFor()
  expect(complaints).toEqual([])
})

test('switches that are clicked quickly, over a slow line, stay as they were left', { timeout: 60_000 }, async () => {
  const ana = await running.person('Ana')
  const tool = async <T>(name: string, args: object) => structured<T>(await ana.assistant.tool(name, args))
  const { trip } = await tool<{ trip: { id: number } }>('create_trip', { title: 'Kyoto' })
  const all = { share_map: true, share_bookings: true, share_packing: true, share_budget: true, share_collab: true }
  await tool('create_share_link', { tripId: trip.id, ...all })
  const { page, complaints } = await openPage(browser, running.url, ana)
  await page.goto(`${running.url}/trips/${trip.id}`)
  await page.getByRole('button', { name: 'Share' }).first().click()
  const switches = page.getByRole('dialog').getByRole('switch')
  await switches.first().waitFor()
  // The first change is answered after the second click and before the third.
  let answer = () => {}
  const asked = new Promise<void>((told) => {
    void page.route(
      '**/share-link',
      async (route) => {
        told()
        await new Promise<void>((go) => (answer = go))
        await route.continue()
      },
      { times: 1 },
    )
  })
  const unanswered = new Set<Request>()
  page.on('request', (request) => request.url().endsWith('/share-link') && unanswered.add(request))
  page.on('requestfinished', (request) => unanswered.delete(request))
  page.on('requestfailed', (request) => unanswered.delete(request))
  const [first, second, ...others] = await switches.all()
  await first?.click()
  await asked
  await second?.click()
  const read = page.waitForResponse((one) => one.url().endsWith('/share-link') && one.request().method() === 'GET')
  answer()
  await read
  for (const one of others) await one.click()
  const shown = async () => Object.entries((await tool<{ link: object }>('get_share_link', { tripId: trip.id })).link)
  await until(async () => (await shown()).filter(([name, on]) => name.startsWith('share_') && on).length === 0)
  await until(() => unanswered.size === 0)
  await page.evaluate(() => new Promise(requestAnimationFrame))
  for (const one of await switches.all()) expect(await one.getAttribute('aria-checked')).toBe('false')
  expect(complaints).toEqual([])
})
