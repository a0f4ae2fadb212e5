import ICAL from 'ical.js'
import nodeIcal from 'node-ical'
import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { DATES, planTheWeek, WEEK } from '../fixtures/kyoto.ts'
import { connectAssistant, ERAS, type Tool } from '../harness/assistant.ts'
import { openBrowser, openPage } from '../harness/browser/browser.ts'
import { eachDatabase } from '../harness/database/databases.ts'
import { follow } from '../harness/rigs/follower.ts'
import { type Person, type Running, startRunning } from '../harness/rigs/running.ts'
import { until } from '../harness/until.ts'

const WIDTHS = [390, 820, 1440]

eachDatabase((_, place) => {
  const embedded = () => !place().target.startsWith('postgres')
  let running: Running
  let browser: Browser | null = null
  beforeAll(async () => {
    running = await startRunning(place().target)
    if (!embedded()) browser = await openBrowser()
  })
  afterAll(async () => {
    await browser?.close()
    await running.close()
  })

  test('an assistant plans a week in Kyoto, and the members see it grow', { timeout: 300_000 }, async () => {
    const [ana, ben] = [await running.person('Ana'), await running.person('Ben')]
    const { tool, close } = await connectAssistant(running.url, ana.token, ERAS[embedded() ? 1 : 0])
    // The database engine only matters up to the socket: on SQLite the test follows the messages to the app, without a browser.
    const tripId = browser
      ? await planBefore(browser, running.url, ben, () => planTheWeek(tool, { friend: ben }))
      : await planTold(running, ben, () => planTheWeek(tool, { friend: ben }))

    await expectWholeSummary(tool, tripId)
    await expectCalendar(tool, tripId)
    await expectSettled(tool, tripId)
    await expectShared(tool, tripId)
    await close()
    expect(running.failures).toEqual([])
  })

  /** The trip summary, from which an assistant starts, contains the whole plan. */
  async function expectWholeSummary(tool: Tool, tripId: number): Promise<void> {
    const summary = await tool<Summary>('get_trip_summary', { tripId })
    expect(summary.omitted).toEqual([])
    expect(summary.trip).toMatchObject({ title: 'A week in Kyoto', currency: 'CHF', ...DATES })
    expect(summary.members.collaborators).toHaveLength(1)
    expect(summary.days.map(({ title }) => title)).toEqual(WEEK.map(({ title }) => title))
    expect(summary.days.map(({ notes }) => notes.map(({ text }) => text))).toEqual(WEEK.map(({ note }) => [note.text]))
    for (const [index, { visits }] of WEEK.entries()) {
      const stops = summary.days[index]?.assignments.map(({ place, place_time, end_time }) => ({
        name: place.name,
        lat: place.lat,
        lng: place.lng,
        from: place_time,
        to: end_time,
      }))
      expect(stops).toEqual(visits.map(({ name, lat, lng, from, to }) => ({ name, lat, lng, from, to })))
    }
    const stops = summary.days.flatMap(({ assignments }) => assignments)
    expect(stops.length).toBeGreaterThanOrEqual(12)
    const [stay] = summary.accommodations
    expect(summary.accommodations).toHaveLength(1)
    expect(stay).toMatchObject({
      start_day_id: summary.days[0]?.id,
      end_day_id: summary.days[6]?.id,
      check_in: '15:00',
    })
    const types = summary.reservations.map(({ type, status }) => `${type} ${status}`).sort()
    expect(types).toEqual(['flight confirmed', 'hotel confirmed', 'restaurant pending', 'restaurant pending'])
    expect(summary.reservations.find(({ type }) => type === 'hotel')).toMatchObject({ accommodation_id: stay?.id })
    expect(summary.budget).toMatchObject({ item_count: 6, totals: [{ currency: 'EUR', amount: 3590.15 }] })
    expect(summary.packing).toMatchObject({ total: 12, checked: 0 })
    expect(summary.collab_notes).toMatchObject([{ title: 'Practical tips', pinned: true }])
    expect(summary.todos).toHaveLength(3)
    expect(summary).toMatchObject({ pollCount: 1, messageCount: 1 })
    const { client, close } = await connectAssistant(running.url, (await running.person('Cleo')).token, ERAS[1])
    expect(await client.callTool({ name: 'get_trip_summary', arguments: { tripId } })).toMatchObject({ isError: true })
    await close()
  }

  /** Two independent parsers read the same times from the export. */
  async function expectCalendar(tool: Tool, tripId: number): Promise<void> {
    const { ics, filename } = await tool<{ ics: string; filename: string }>('export_trip_ics', { tripId })
    expect(filename).toMatch(/\.ics$/)
    const one = new ICAL.Component(ICAL.parse(ics)).getAllSubcomponents('vevent').map((event) => new ICAL.Event(event))
    const other = Object.values(nodeIcal.sync.parseICS(ics)).filter((entry) => entry?.type === 'VEVENT')
    expect(one.length).toBe(other.length)
    const [first] = one.filter(({ summary }) => summary.includes('Kiyomizu-dera'))
    // 06:30 in Kyoto is 21:30 UTC on the day before.
    expect(first?.startDate.toString()).toBe('2027-04-06T06:30:00')
    expect(first?.startDate.zone.tzid).toBe('Asia/Tokyo')
    const same = other.find((entry) => String(entry?.summary).includes('Kiyomizu-dera'))
    expect((same?.start as Date | undefined)?.toISOString()).toBe('2027-04-05T21:30:00.000Z')
  }

  /** Who pays whom, to the cent; after the payment all balances are zero. */
  async function expectSettled(tool: Tool, tripId: number): Promise<void> {
    interface Settlement {
      summary: {
        balances: { user_id: number; balance: number }[]
        flows: { from: number; to: number; amount: number }[]
      }
    }
    const before = await tool<Settlement>('get_settlement_summary', { tripId, base: 'EUR' })
    expect(before.summary.flows).toHaveLength(1)
    const [flow] = before.summary.flows as [{ from: number; to: number; amount: number }]
    // The members paid 1,939.65 and 1,650.50; the share of each is 1,795.07 or 1,795.08.
    expect(flow.amount).toBeGreaterThan(144.5)
    expect(flow.amount).toBeLessThan(144.7)
    expect(before.summary.balances.reduce((sum, { balance }) => sum + Math.round(balance * 100), 0)).toBe(0)
    await tool('create_settlement', {
      tripId,
      from_user_id: idOf(flow.from),
      to_user_id: idOf(flow.to),
      amount: flow.amount,
      currency: 'EUR',
    })
    const after = await tool<Settlement>('get_settlement_summary', { tripId, base: 'EUR' })
    expect(after.summary.flows).toEqual([])
  }

  /** The link shows the plan to a visitor without an account, and only the shared sections. */
  async function expectShared(tool: Tool, tripId: number): Promise<void> {
    const { token } = await tool<{ token: string }>('create_share_link', { tripId })
    if (browser) await seesShared(browser, `${running.url}/shared/${token}`)
    const answer = await (await fetch(`${running.url}/api/shared/${token}`)).text()
    expect(answer).toContain('Kiyomizu-dera')
    for (const text of ['KNR-48213', 'Hay fever tablets', 'Practical tips', 'Have a look at the Nara day', MAIL]) {
      expect(answer).not.toContain(text)
    }
    await tool('delete_share_link', { tripId })
    expect((await fetch(`${running.url}/api/shared/${token}`)).status).toBe(404)
  }
})

/** Makes the plan while it is open on a phone, a tablet and a laptop, in both themes. */
async function planBefore(
  browser: Browser,
  url: string,
  ben: Person,
  plan: () => Promise<{ tripId: number }>,
): Promise<number> {
  const screens = []
  for (const [index, width] of WIDTHS.entries()) {
    const theme = index % 2 ? 'light' : 'dark'
    screens.push(await openPage(browser, url, ben, { width, height: width < 600 ? 844 : 900, theme }))
  }
  for (const { page } of screens) {
    // Several pages render every change at once, while other suites run.
    page.setDefaultTimeout(60_000)
    await page.evaluate(() => Object.assign(window, { neverReloaded: true }))
  }

  const planning = plan()
  // The trip appears in the other member's list without a reload; once open, it fills live.
  for (const { page } of screens) {
    await page
      .getByRole('link', { name: /A week in Kyoto/ })
      .first()
      .click()
    await page.waitForURL(/\/trips\/\d+/)
  }
  const { tripId } = await planning
  for (const { page, complaints } of screens) {
    for (const { title, visits, note } of WEEK) {
      await page.getByRole('button', { name: title }).first().waitFor()
      await page.getByText(note.text).first().waitFor()
      for (const { name } of visits) await page.getByText(name, { exact: true }).first().waitFor()
    }
    expect(await page.evaluate(() => 'neverReloaded' in window)).toBe(true)
    expect(complaints).toEqual([])
    await page.context().close()
  }
  return tripId
}

/** The same through the messages to the other member's app: first the trip in the list, then everything in it. */
async function planTold(running: Running, ben: Person, plan: () => Promise<{ tripId: number }>): Promise<number> {
  const list = await follow(running.url, ben, ben.caller.userId, 'user')
  const planning = plan()
  const tripId = await until(() => list.raw.map((frame) => /"tripId":(\d+)|"trip_id":(\d+)/.exec(frame)).find(Boolean))
  const trip = await follow(running.url, ben, Number(tripId[1] ?? tripId[2]))
  const planned = await planning
  await trip.waitForRows('day', ...WEEK.map(({ title }) => ({ title })))
  await trip.waitForRows('day_note', ...WEEK.map(({ note }) => ({ text: note.text })))
  await trip.waitForRows('place', ...WEEK.flatMap(({ visits }) => visits.map(({ name }) => ({ name }))))
  await Promise.all([list.close(), trip.close()])
  return planned.tripId
}

async function seesShared(browser: Browser, url: string): Promise<void> {
  const context = await browser.newContext({ viewport: { width: 1440, height: 900 } })
  const page = await context.newPage()
  await page.goto(url)
  await page.getByRole('heading', { name: 'A week in Kyoto' }).waitFor()
  await page.getByText('Kiyomizu-dera').first().waitFor()
  await context.close()
}

const MAIL = '@example.org'

const idOf = (person: unknown): number =>
  typeof person === 'number' ? person : (person as { user_id: number }).user_id

interface Summary {
  trip: object
  members: { collaborators: object[] }
  days: {
    id: number
    title: string
    notes: { text: string }[]
    assignments: {
      place: { name: string; lat: number; lng: number }
      place_time: string
      end_time: string
    }[]
  }[]
  accommodations: { id: number; start_day_id: number; end_day_id: number }[]
  reservations: { type: string; status: string; accommodation_id: number | null }[]
  budget: object
  packing: object
  todos: object[]
  collab_notes: object[]
  omitted: object[]
}
