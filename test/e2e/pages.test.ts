import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname } from 'node:path'
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { structured } from '../../bench/client.ts'
import { ENGINES, type Place } from '../databases.ts'
import { type Running, startRunning } from '../running.ts'
import { keepPicture, openBrowser, openPage } from './browser.ts'

const AXE = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8')

const LOOKS = [390, 820, 1440].flatMap((width) =>
  (['light', 'dark'] as const).map((theme) => ({ width, height: width < 600 ? 844 : 900, theme })),
)

const STOPS = [
  { name: 'Kinkaku-ji', lat: 35.0394, lng: 135.7292, place_time: '09:00', end_time: '10:15' },
  { name: 'Ryōan-ji', lat: 35.0345, lng: 135.7183, place_time: '10:45', end_time: '11:45' },
  { name: 'Nijō Castle', lat: 35.0142, lng: 135.7481, place_time: '13:30', end_time: '15:00' },
]

let place: Place
let running: Running
let browser: Browser
let ana: Awaited<ReturnType<Running['person']>>
let tripId: number

beforeAll(async () => {
  place = await ENGINES[0].place()
  running = await startRunning(place.target, dirname(place.target))
  browser = await openBrowser()
  ana = await running.person('Ana')
  const tool = async <T>(name: string, args: object) => structured<T>(await ana.assistant.tool(name, args))
  const dates = { start_date: '2027-04-05', end_date: '2027-04-07' }
  tripId = (await tool<{ trip: { id: number } }>('create_trip', { title: 'Three days in Kyoto', ...dates })).trip.id
  const { days } = await tool<{ days: { id: number }[] }>('get_trip_summary', { tripId })
  for (const { place_time, end_time, ...where } of STOPS) {
    const made = await tool<{ place: { id: number } }>('create_place', { tripId, ...where })
    await tool('assign_place_to_day', { tripId, dayId: days[0]?.id, placeId: made.place.id, place_time, end_time })
  }
  await tool('create_place', { tripId, name: 'Funaoka Onsen', lat: 35.0373, lng: 135.7449 })
  await tool('create_packing_item', { tripId, name: 'Rain jacket', category: 'Clothing' })
  await tool('create_packing_item', { tripId, name: 'Passports', category: 'Documents', quantity: 2, checked: true })
  await tool('mark_country_visited', { country_code: 'JP' })
})

afterAll(async () => {
  await browser.close()
  await running.close()
  await place.remove()
})

test.each(LOOKS)('every page holds at $width px in the $theme theme', { timeout: 120_000 }, async (look) => {
  const { page, complaints } = await openPage(browser, running.url, ana, look)
  const seen = async (name: string) => {
    await page.waitForLoadState('networkidle')
    await keepPicture(page, `${name}-${look.width}-${look.theme}`)
    expect(await overflow(page), `${name} must not scroll sideways`).toBe(0)
    expect(await findings(page), name).toEqual([])
  }
  await seen('trips')
  await page.goto(`${running.url}/trips/${tripId}`)
  await page.getByText('Kinkaku-ji', { exact: true }).first().waitFor()
  await seen('trip')
  await page.getByRole('button', { name: 'Packing', exact: true }).click()
  await page.getByText('Rain jacket', { exact: true }).waitFor()
  await seen('packing')
  for (const name of ['atlas', 'account']) {
    await page.goto(`${running.url}/${name}`)
    await page.getByRole('heading').first().waitFor()
    await seen(name)
  }
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
