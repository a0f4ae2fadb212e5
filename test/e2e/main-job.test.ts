import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import WebSocket from 'ws'
import { connectAssistant, ERAS, type Tool } from '../harness/assistant.ts'
import { keepPicture, openBrowser, openPage } from '../harness/browser.ts'
import { eachDatabase } from '../harness/databases.ts'
import { type Running, startRunning } from '../harness/running.ts'
import { until } from '../harness/until.ts'

/** Three days, as an assistant would plan them: real places with their coordinates. */
const PLAN = [
  {
    title: 'Golden temples',
    stops: [
      { name: 'Kinkaku-ji', lat: 35.0394, lng: 135.7292, place_time: '09:00', end_time: '10:15' },
      { name: 'Ryōan-ji', lat: 35.0345, lng: 135.7183, place_time: '10:45', end_time: '11:45' },
      { name: 'Nijō Castle', lat: 35.0142, lng: 135.7481, place_time: '13:30', end_time: '15:00' },
    ],
  },
  {
    title: 'Arashiyama',
    stops: [
      { name: 'Bamboo Grove', lat: 35.0169, lng: 135.6713, place_time: '08:00', end_time: '09:00' },
      { name: 'Tenryū-ji', lat: 35.0158, lng: 135.6738, place_time: '09:15', end_time: '10:30' },
    ],
  },
  {
    title: 'Southern Higashiyama',
    stops: [
      { name: 'Kiyomizu-dera', lat: 34.9949, lng: 135.785, place_time: '09:00', end_time: '10:30' },
      { name: 'Fushimi Inari Taisha', lat: 34.9671, lng: 135.7727, place_time: '15:00', end_time: '17:30' },
    ],
  },
] as const

const ITEMS = [
  { name: 'Rain jacket', category: 'Clothing' },
  { name: 'Passports', category: 'Documents', quantity: 3 },
  { name: 'Plug adapter', category: 'Electronics' },
]

eachDatabase((_, place) => {
  let running: Running
  let browser: Browser
  beforeAll(async () => {
    running = await startRunning(place().target)
    browser = await openBrowser()
  })
  afterAll(async () => {
    await browser.close()
    await running.close()
  })

  test.each(ERAS)('an assistant of %s plans three days while others look on', { timeout: 120_000 }, async (era) => {
    const [ana, ben, cleo] = [await running.person('Ana'), await running.person('Ben'), await running.person('Cleo')]
    const { tool, close } = await connectAssistant(running.url, ana.token, era)
    const dates = { start_date: '2027-04-05', end_date: '2027-04-07' }
    const { trip } = await tool<{ trip: { id: number } }>('create_trip', {
      title: 'Three days in Kyoto',
      currency: 'CHF',
      ...dates,
    })
    const tripId = trip.id
    for (const { username } of [ben, cleo]) await tool('add_trip_member', { tripId, identifier: username })

    const { page, complaints } = await openPage(browser, running.url, ben)
    await page.goto(`${running.url}/trips/${tripId}`)
    await page.getByRole('heading', { name: 'Three days in Kyoto' }).waitFor()
    // Whoever reloads the page loses this mark.
    await page.evaluate(() => Object.assign(window, { neverReloaded: true }))
    const frames = await listenAs(running.url, cleo, tripId)

    // The assistant plans, and every change appears on the open screen.
    const { days } = await tool<{ days: { id: number }[] }>('get_trip_summary', { tripId })
    for (const [index, { title, stops }] of PLAN.entries()) {
      const dayId = days[index]?.id
      await tool('update_day', { tripId, dayId, title })
      await page.getByRole('button', { name: title }).waitFor()
      for (const { place_time, end_time, ...where } of stops) {
        const { place } = await tool<{ place: { id: number } }>('create_place', { tripId, ...where })
        await page.getByText(where.name, { exact: true }).first().waitFor()
        await tool('assign_place_to_day', { tripId, dayId, placeId: place.id, place_time, end_time })
        await stopsOf(page, index).getByText(where.name, { exact: true }).waitFor()
        await stopsOf(page, index).getByText(place_time, { exact: true }).first().waitFor()
      }
    }
    await keepPicture(page, `plan-${era}`)
    for (const item of ITEMS) await tool('create_packing_item', { tripId, ...item })
    await tool('create_packing_item', { tripId, name: 'Engagement ring', visibility: 'personal' })
    await page.getByRole('button', { name: 'Packing', exact: true }).click()
    for (const { name } of ITEMS) await page.getByText(name, { exact: true }).waitFor()
    expect(await page.getByText('Engagement ring').count()).toBe(0)
    await keepPicture(page, `packing-${era}`)

    // Now the person acts, and the assistant's next read shows it.
    await page.getByRole('checkbox', { name: /Rain jacket/ }).click()
    await until(async () => (await packed(tool, tripId)).includes('Rain jacket'))
    await page.getByRole('button', { name: 'Plan', exact: true }).click()
    const first = stopsOf(page, 0)
    await first.getByText('Nijō Castle', { exact: true }).hover()
    await first.getByRole('button', { name: 'More for Nijō Castle' }).click()
    await page.getByRole('menuitem', { name: 'Move up' }).click()
    await until(async () => (await namesOf(tool, tripId))[0]?.join() === 'Kinkaku-ji,Nijō Castle,Ryōan-ji')
    expect(await page.evaluate(() => 'neverReloaded' in window)).toBe(true)

    // The third member was told of everything but the private item, in no frame of any kind.
    await until(() => frames.some((frame) => frame.includes('Plug adapter')))
    expect(frames.filter((frame) => frame.includes('Engagement ring'))).toEqual([])
    expect(complaints).toEqual([])
    await page.context().close()
    await close()
    expect(running.failures).toEqual([])
  })
})

/** Everything that a member's open socket is told of the trip. */
async function listenAs(
  url: string,
  { username, password }: { username: string; password: string },
  tripId: number,
): Promise<string[]> {
  const answer = await fetch(`${url}/api/auth/login`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ identifier: username, password }),
  })
  const cookie = answer.headers
    .getSetCookie()
    .map((one) => one.split(';')[0])
    .join('; ')
  const frames: string[] = []
  const socket = new WebSocket(`${url.replace('http', 'ws')}/ws`, { headers: { cookie } })
  socket.on('message', (frame) => frames.push(String(frame)))
  await new Promise((resolve, reject) => {
    socket.once('open', resolve)
    socket.once('error', reject)
  })
  socket.send(JSON.stringify({ type: 'subscribe', space: 'trip', id: tripId }))
  await until(() => frames.some((frame) => frame.includes('"snapshot"')))
  return frames
}

const stopsOf = (page: Page, day: number) => page.getByRole('list', { name: /^Stops on/ }).nth(day)

async function packed(tool: Tool, tripId: number): Promise<string[]> {
  const { packing } = await tool<{ packing: { items: { name: string; checked: boolean }[] } }>('get_trip_summary', {
    tripId,
  })
  return packing.items.filter((item) => item.checked).map((item) => item.name)
}

async function namesOf(tool: Tool, tripId: number): Promise<string[][]> {
  const { days } = await tool<{ days: { assignments: { place: { name: string } }[] }[] }>('get_trip_summary', {
    tripId,
  })
  return days.map((day) => day.assignments.map((stop) => stop.place.name))
}
