import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { planTheWeek } from '../fixtures/kyoto.ts'
import { connectAssistant, ERAS } from '../harness/assistant.ts'
import { openBrowser, openPage } from '../harness/browser.ts'
import { ENGINES, type Place } from '../harness/databases.ts'
import { expectToHold, LOOKS } from '../harness/looks.ts'
import { type Running, startRunning } from '../harness/running.ts'

/** The parts of the trip, each with something that is only there when it has loaded. */
const PARTS = [
  ['plan', 'Kiyomizu-dera'],
  ['bookings', 'KNR-48213'],
  ['costs', 'Hotel, six nights'],
  ['packing', 'Light rain jacket'],
  ['todos', 'Tell the bank about Japan'],
  ['together', 'Notes'],
  ['files', 'Files'],
] as const

let place: Place
let running: Running
let browser: Browser
let ana: Awaited<ReturnType<Running['person']>>
let tripId: number
let link: string

beforeAll(async () => {
  place = await ENGINES[0].place()
  running = await startRunning(place.target)
  browser = await openBrowser()
  ana = await running.person('Ana')
  const { tool, close } = await connectAssistant(running.url, ana.token, ERAS[1])
  const friend = await running.person('Ben')
  ;({ tripId } = await planTheWeek(tool, { friend }))
  link = (await tool<{ token: string }>('create_share_link', { tripId, share_packing: true, share_budget: true })).token
  await close()
})

afterAll(async () => {
  await browser.close()
  await running.close()
  await place.remove()
})

test.each(LOOKS)('every page holds at $width px in the $theme theme', { timeout: 180_000 }, async (look) => {
  const { page, complaints } = await openPage(browser, running.url, ana, look)
  const seen = (name: string) => expectToHold(page, name, look)
  await seen('trips')
  for (const [part, sign] of PARTS) {
    await page.goto(`${running.url}/trips/${tripId}${part === 'plan' ? '' : `?part=${part}`}`)
    await page.getByText(sign).first().waitFor()
    await seen(part)
  }
  await page.goto(`${running.url}/atlas`)
  await page.getByRole('heading').first().waitFor()
  await seen('atlas')
  await page.goto(`${running.url}/settings?tab=integrations`)
  await page.getByRole('heading', { name: 'API tokens' }).waitFor()
  await seen('settings')
  await page.context().clearCookies()
  await page.goto(`${running.url}/shared/${link}`)
  await page.getByRole('heading', { name: 'A week in Kyoto' }).waitFor()
  await seen('shared')
  expect(complaints).toEqual([])
  await page.context().close()
})
