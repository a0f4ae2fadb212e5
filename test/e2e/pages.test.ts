import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { connectAssistant, ERAS } from '../assistant.ts'
import { ENGINES, type Place } from '../databases.ts'
import { planTheWeek } from '../kyoto.ts'
import { type Running, startRunning } from '../running.ts'
import { keepPicture, openBrowser, openPage } from './browser.ts'

const AXE = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8')

const LOOKS = [390, 820, 1440].flatMap((width) =>
  (['light', 'dark'] as const).map((theme) => ({ width, height: width < 600 ? 844 : 900, theme })),
)

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
  const seen = async (name: string) => {
    await page.waitForLoadState('networkidle')
    await keepPicture(page, `${name}-${look.width}-${look.theme}`)
    expect(await overflow(page), `${name} must not scroll sideways`).toBe(0)
    expect(await findings(page), name).toEqual([])
  }
  await seen('trips')
  for (const [part, sign] of PARTS) {
    await page.goto(`${running.url}/trips/${tripId}${part === 'plan' ? '' : `?part=${part}`}`)
    await page.getByText(sign).first().waitFor()
    await seen(part)
  }
  for (const name of ['atlas', 'account']) {
    await page.goto(`${running.url}/${name}`)
    await page.getByRole('heading').first().waitFor()
    await seen(name)
  }
  await page.context().clearCookies()
  await page.goto(`${running.url}/shared/${link}`)
  await page.getByRole('heading', { name: 'A week in Kyoto' }).waitFor()
  await seen('shared')
  expect(complaints).toEqual([])
  await page.context().close()
})

/** By how much the page is wider than the window, in pixels. */
const overflow = (page: Page) =>
  page.evaluate(() => Math.max(0, document.documentElement.scrollWidth - document.documentElement.clientWidth))

/** What axe finds wrong with the page. */
async function findings(page: Page): Promise<string[]> {
  await page.evaluate(AXE)
  return page.evaluate(async () => {
    const { axe } = window as unknown as {
      axe: { run(): Promise<{ violations: { id: string; nodes: { html: string }[] }[] }> }
    }
    const { violations } = await axe.run()
    return violations.map(({ id, nodes }) => `${id}: ${nodes.map((node) => node.html.slice(0, 200)).join(' | ')}`)
  })
}
