import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { connectAssistant, ERAS, type Tool } from '../harness/assistant.ts'
import { keepPicture, openBrowser, openPage } from '../harness/browser/browser.ts'
import { eachDatabase } from '../harness/database/databases.ts'
import { type Follower, follow } from '../harness/rigs/follower.ts'
import { type Running, startRunning } from '../harness/rigs/running.ts'
import { until } from '../harness/until.ts'

/** Three days as an assistant would plan them: real places with coordinates. */
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

/** Ben's view of the plan: he watches it grow and changes it. */
interface Screen {
  seesDay(title: string): Promise<void>
  seesPlace(name: string): Promise<void>
  seesStop(day: number, name: string, time: string): Promise<void>
  seesItems(names: readonly string[], but: string): Promise<void>
  packs(name: string): Promise<void>
  movesUp(day: number, name: string): Promise<void>
  close(): Promise<void>
}

eachDatabase((_, place) => {
  // The database engine only matters up to the socket and REST: on SQLite the test stands in for Ben's app there. How a browser
  // renders the same frames does not depend on the engine, so it is tested on PostgreSQL only.
  const inBrowser = () => place().target.startsWith('postgres')
  let running: Running
  let browser: Browser | null = null
  beforeAll(async () => {
    running = await startRunning(place().target)
    if (inBrowser()) browser = await openBrowser()
  })
  afterAll(async () => {
    await browser?.close()
    await running.close()
  })

  test.each(ERAS)('an assistant of %s plans three days while others watch', { timeout: 120_000 }, async (era) => {
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

    const screen = browser
      ? await onPage(browser, running.url, ben, tripId, era)
      : onFrames(await follow(running.url, ben, tripId), tripId)
    const third = await follow(running.url, cleo, tripId)

    // The assistant plans, and every change appears on the open screen.
    const { days } = await tool<{ days: { id: number }[] }>('get_trip_summary', { tripId })
    for (const [index, { title, stops }] of PLAN.entries()) {
      const dayId = days[index]?.id
      await tool('update_day', { tripId, dayId, title })
      await screen.seesDay(title)
      for (const { place_time, end_time, ...where } of stops) {
        const { place } = await tool<{ place: { id: number } }>('create_place', { tripId, ...where })
        await screen.seesPlace(where.name)
        await tool('assign_place_to_day', { tripId, dayId, placeId: place.id, place_time, end_time })
        await screen.seesStop(index, where.name, place_time)
      }
    }
    for (const item of ITEMS) await tool('create_packing_item', { tripId, ...item })
    await tool('create_packing_item', { tripId, name: 'Engagement ring', visibility: 'personal' })
    await screen.seesItems(
      ITEMS.map(({ name }) => name),
      'Engagement ring',
    )

    // Ben makes a change, and the assistant's next read shows it.
    await screen.packs('Rain jacket')
    await until(async () => (await packed(tool, tripId)).includes('Rain jacket'))
    await screen.movesUp(0, 'Nijō Castle')
    await until(async () => (await namesOf(tool, tripId))[0]?.join() === 'Kinkaku-ji,Nijō Castle,Ryōan-ji')

    // The third member received everything but the private item, which is in no frame of any kind.
    await until(() => third.raw.some((frame) => frame.includes('Plug adapter')))
    expect(third.raw.filter((frame) => frame.includes('Engagement ring'))).toEqual([])
    await screen.close()
    await third.close()
    await close()
    expect(running.failures).toEqual([])
  })
})

/** The app in a browser. */
async function onPage(
  browser: Browser,
  url: string,
  ben: { username: string; password: string },
  tripId: number,
  era: string,
): Promise<Screen> {
  const { page, complaints } = await openPage(browser, url, ben)
  await page.goto(`${url}/trips/${tripId}`)
  await page.getByRole('heading', { name: 'Three days in Kyoto' }).waitFor()
  // A reload of the page would lose this mark.
  await page.evaluate(() => Object.assign(window, { neverReloaded: true }))
  const stopsOf = (day: number) => page.getByRole('list', { name: /^Stops on/ }).nth(day)
  return {
    seesDay: (title) => page.getByRole('button', { name: title }).waitFor(),
    seesPlace: (name) => page.getByText(name, { exact: true }).first().waitFor(),
    async seesStop(day, name, time) {
      await stopsOf(day).getByText(name, { exact: true }).waitFor()
      await stopsOf(day).getByText(time, { exact: true }).first().waitFor()
    },
    async seesItems(names, but) {
      await keepPicture(page, `plan-${era}`)
      await page.getByRole('button', { name: 'Packing', exact: true }).click()
      for (const name of names) await page.getByText(name, { exact: true }).waitFor()
      expect(await page.getByText(but).count()).toBe(0)
      await keepPicture(page, `packing-${era}`)
    },
    packs: (name) => page.getByRole('checkbox', { name: new RegExp(name) }).click(),
    async movesUp(day, name) {
      await page.getByRole('button', { name: 'Plan', exact: true }).click()
      await stopsOf(day).getByText(name, { exact: true }).hover()
      await stopsOf(day)
        .getByRole('button', { name: `More for ${name}` })
        .click()
      await page.getByRole('menuitem', { name: 'Move up' }).click()
    },
    async close() {
      expect(await page.evaluate(() => 'neverReloaded' in window)).toBe(true)
      expect(complaints).toEqual([])
      await page.context().close()
    },
  }
}

/** The same without a browser: the messages that the app receives, and the requests it would send. */
function onFrames(ben: Follower, tripId: number): Screen {
  const days = () => ben.rows('day').map(({ id }) => id as number)
  const idOf = (entity: string, name: string) => ben.rows(entity).find((row) => row.name === name)?.id as number
  const stopsOf = (day: number) =>
    ben
      .rows('assignment')
      .filter((stop) => stop.day_id === days()[day])
      .sort((a, b) => ((a.order_key as string) < (b.order_key as string) ? -1 : 1))
  return {
    seesDay: async (title) => void (await ben.waitForRows('day', { title })),
    seesPlace: async (name) => void (await ben.waitForRows('place', { name })),
    async seesStop(day, name, place_time) {
      await ben.waitForRows('assignment', { day_id: days()[day], place_id: idOf('place', name), place_time })
    },
    async seesItems(names, but) {
      await ben.waitForRows('packing_item', ...names.map((name) => ({ name })))
      expect(ben.raw.filter((frame) => frame.includes(but))).toEqual([])
    },
    packs: (name) =>
      ben.sends('PUT', `/trips/${tripId}/packing/${idOf('packing_item', name)}/checked`, { checked: true }),
    async movesUp(day, name) {
      const order = stopsOf(day).map(({ id }) => id as number)
      const at = stopsOf(day).findIndex((stop) => stop.place_id === idOf('place', name))
      order.splice(at - 1, 0, ...order.splice(at, 1))
      await ben.sends('PUT', `/trips/${tripId}/days/${days()[day]}/assignments/order`, { assignmentIds: order })
    },
    close: () => ben.close(),
  }
}

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
