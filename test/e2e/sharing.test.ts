import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { structured } from '../../bench/client.ts'
import { openBrowser, openPage } from '../harness/browser.ts'
import { ENGINES, type Place } from '../harness/databases.ts'
import { type Running, startRunning } from '../harness/running.ts'
import { until } from '../harness/until.ts'

let place: Place
let running: Running
let browser: Browser

beforeAll(async () => {
  place = await ENGINES[0].place({ migrated: true })
  running = await startRunning(place.target)
  browser = await openBrowser()
})
afterAll(async () => {
  await browser.close()
  await running.close()
  await place.remove()
})

test('switches that are clicked quickly, over a slow line, stay as they were left', { timeout: 60_000 }, async () => {
  const ana = await running.person('Ana')
  const tool = async <T>(name: string, args: object) => structured<T>(await ana.assistant.tool(name, args))
  const { trip } = await tool<{ trip: { id: number } }>('create_trip', { title: 'Kyoto' })
  const all = { share_map: true, share_bookings: true, share_packing: true, share_budget: true, share_collab: true }
  await tool('create_share_link', { tripId: trip.id, ...all })
  const { page, complaints } = await openPage(browser, running.url, ana)
  await page.route('**/share-link', async (route) => {
    await new Promise((resolve) => setTimeout(resolve, 120))
    await route.continue()
  })
  await page.goto(`${running.url}/trips/${trip.id}`)
  await page.getByRole('button', { name: 'Share' }).first().click()
  const switches = page.getByRole('dialog').getByRole('switch')
  await switches.first().waitFor()
  for (const one of await switches.all()) {
    await one.click()
    // As quick as a hand is, and in the middle of what is on its way.
    await page.waitForTimeout(150)
  }
  const shown = async () => Object.entries((await tool<{ link: object }>('get_share_link', { tripId: trip.id })).link)
  await until(async () => (await shown()).filter(([name, on]) => name.startsWith('share_') && on).length === 0)
  await page.waitForLoadState('networkidle')
  for (const one of await switches.all()) expect(await one.getAttribute('aria-checked')).toBe('false')
  expect(complaints).toEqual([])
})
