import type { Locator, Request } from 'playwright-core'
import { expect, test } from 'vitest'
import { structured } from '../../bench/client.ts'
import { update_addon, update_permission } from '../../src/features/admin/contract/index.ts'
import { openPage } from '../harness/browser/browser.ts'
import { withServerAndBrowser } from '../harness/browser/browsing.ts'
import { until } from '../harness/until.ts'

const { running, browser } = withServerAndBrowser()

test('switching an add-on off and on removes it from open pages at once and restores it', {
  timeout: 60_000,
}, async () => {
  const [ana, root] = [await running().person('Ana'), await running().person('Root', 'admin')]
  const { trip } = structured<{ trip: { id: number } }>(await ana.assistant.tool('create_trip', { title: 'Kyoto' }))
  const { page, complaints } = await openPage(browser(), running().url, ana)
  await page.goto(`${running().url}/trips/${trip.id}?part=packing`)
  const tab = page.getByRole('button', { name: 'Packing', exact: true })
  await tab.waitFor()
  const turn = (enabled: boolean) => running().pipeline.run(update_addon, { name: 'packing', enabled }, root.caller)
  await turn(false)
  await tab.waitFor({ state: 'detached' })
  await turn(true)
  await tab.waitFor()
  expect(complaints).toEqual([])
})

test('revoking and granting a permission changes open pages at once', { timeout: 60_000 }, async () => {
  const [ana, ben, root] = [
    await running().person('Ana'),
    await running().person('Ben'),
    await running().person('Root', 'admin'),
  ]
  const { trip } = structured<{ trip: { id: number } }>(await ana.assistant.tool('create_trip', { title: 'Nara' }))
  await ana.assistant.tool('add_trip_member', { tripId: trip.id, identifier: ben.username })
  const { page, complaints } = await openPage(browser(), running().url, ben)
  await page.goto(`${running().url}/trips/${trip.id}?part=packing`)
  const add = page.getByRole('textbox', { name: 'What to pack' })
  await add.waitFor()
  const allow = (level: 'owner' | 'member') =>
    running().pipeline.run(update_permission, { name: 'packing_edit', level }, root.caller)
  await allow('owner')
  await add.waitFor({ state: 'detached' })
  await allow('member')
  await add.waitFor()
  expect(complaints).toEqual([])
})

/** The usable controls in a part of a page, as a screen reader finds them. */
async function controlsIn(part: Locator): Promise<string[]> {
  const lines = (await part.ariaSnapshot()).split('\n')
  return lines.flatMap((line) => /- (?:button|checkbox|textbox|searchbox|combobox|link) "(.*?)"/.exec(line)?.[1] ?? [])
}

/** A control, and the permissions of which any one suffices to use it. */
type Control = readonly [name: string, ...rights: string[]]

const DAYS: readonly Control[] = [
  ['Show Mon 5 Apr on the map'],
  ['Temples , change the title', 'day_edit'],
  ['More for Mon 5 Apr', 'day_edit'],
  ['Collapse this day'],
  ['Move Kinkaku-ji', 'day_edit'],
  ['09:00 Kinkaku-ji · Go early'],
  ['More for Kinkaku-ji', 'day_edit'],
  ['Move Izakaya', 'reservation_edit'],
  ['No time Izakaya Pending', 'reservation_edit'],
  ['Move Bring cash', 'day_edit'],
  ['Bring cash , edit the note', 'day_edit'],
  ['More for Bring cash', 'day_edit'],
  ['Note', 'day_edit'],
  ['Show Tue 6 Apr on the map'],
  ['Add title , change the title', 'day_edit'],
  ['More for Tue 6 Apr', 'day_edit'],
  ['Collapse this day'],
  ['Note', 'day_edit'],
  ['Add day', 'day_edit'],
]
const CARD: readonly Control[] = [
  ...['From', 'Until', 'Ana', 'Ben', 'Note for this visit', 'Remove from this day', 'Put on a day'].map(
    (name): Control => [name, 'day_edit'],
  ),
  ['Edit', 'place_edit'],
  ['History'],
  ['Delete Kinkaku-ji', 'place_edit'],
]
const POOL: readonly Control[] = [
  ['Search places'],
  ['Choose several', 'day_edit', 'place_edit'],
  ['Unplanned 2'],
  ['All 3'],
  ['Move Tō-ji', 'day_edit'],
  ['Tō-ji Not on the map'],
  ['Put Tō-ji on a day', 'day_edit'],
  ['Move Ninna-ji', 'day_edit'],
  ['Ninna-ji Not on the map'],
  ['Put Ninna-ji on a day', 'day_edit'],
]
const CHOOSING: readonly Control[] = [
  ['Tō-ji', 'day_edit', 'place_edit'],
  ['Ninna-ji', 'day_edit', 'place_edit'],
  ['All 2', 'day_edit', 'place_edit'],
  ['Stop choosing', 'day_edit', 'place_edit'],
  ['Put on a day', 'day_edit'],
  ['Category', 'place_edit'],
  ['Delete 0 places', 'place_edit'],
]
const ADD: Control = ['Add place', 'place_edit']
const PLANNING = ['day_edit', 'place_edit', 'reservation_edit']

/** A trip with an entry of each kind in its plan, and the page of a member who does not own it. */
async function planOfOther(look: { width: number; height: number }) {
  const [ana, ben, root] = [
    await running().person('Ana'),
    await running().person('Ben'),
    await running().person('Root', 'admin'),
  ]
  const tool = async <T>(name: string, args: object) => structured<T>(await ana.assistant.tool(name, args))
  const dates = { start_date: '2027-04-05', end_date: '2027-04-06' }
  const { trip } = await tool<{ trip: { id: number } }>('create_trip', { title: 'Kyoto', ...dates })
  const tripId = trip.id
  await tool('add_trip_member', { tripId, identifier: ben.username })
  const { days } = await tool<{ days: { id: number }[] }>('get_trip_summary', { tripId })
  const dayId = days[0]?.id
  await tool('update_day', { tripId, dayId, title: 'Temples' })
  const visit = { place_time: '09:00', assignment_notes: 'Go early' }
  await tool('create_and_assign_place', { tripId, dayId, name: 'Kinkaku-ji', ...visit })
  await tool('create_day_note', { tripId, dayId, text: 'Bring cash' })
  await tool('create_reservation', { tripId, day_id: dayId, title: 'Izakaya', type: 'restaurant' })
  for (const name of ['Ninna-ji', 'Tō-ji']) await tool('create_place', { tripId, name })
  const { page, complaints } = await openPage(browser(), running().url, ben, { ...look, theme: 'light' })
  await page.goto(`${running().url}/trips/${tripId}?part=plan`)

  async function expectControls(part: Locator, controls: readonly Control[], takenNames: readonly string[]) {
    const usable = controls.filter(
      ([, ...rights]) => !rights.length || rights.some((right) => !takenNames.includes(right)),
    )
    const expected = usable.map(([name]) => name)
    await expect.poll(() => controlsIn(part), { timeout: 30_000 }).toEqual(expected)
  }
  async function allow(rights: readonly string[], level: 'owner' | 'member') {
    for (const name of rights) await running().pipeline.run(update_permission, { name, level }, root.caller)
  }
  /** Revokes permissions while a part of the page is open, and grants them again. */
  async function without(takenNames: readonly string[], part: Locator, controls: readonly Control[]) {
    await expectControls(part, controls, [])
    await allow(takenNames, 'owner')
    await expectControls(part, controls, takenNames)
    await allow(takenNames, 'member')
    await expectControls(part, controls, [])
  }
  return { page, complaints, allow, without }
}

test('a member with read access only finds no controls that change the plan, on a desktop', {
  timeout: 90_000,
}, async () => {
  const { page, complaints, allow, without } = await planOfOther({ width: 1440, height: 900 })
  const days: Control[] = [['Hide the days'], ...DAYS]
  const pool: Control[] = [['Hide the places'], ...POOL]
  const main = page.getByRole('main')
  await page.getByRole('button', { name: /^09:00/ }).click()
  const allControls = [...days, ['Close'] as const, ...CARD, ...pool, ADD]
  await without(PLANNING, main, allControls)
  for (const right of PLANNING) await without([right], main, allControls)
  const form = page.getByRole('dialog', { name: 'Edit place' })
  await page.getByRole('button', { name: 'Edit', exact: true }).click()
  await form.waitFor()
  await allow(['place_edit'], 'owner')
  await form.waitFor({ state: 'detached' })
  await allow(['place_edit'], 'member')
  expect(complaints).toEqual([])
})

test('a member with read access only finds no controls that change the plan, on a phone', {
  timeout: 180_000,
}, async () => {
  const { page, complaints, without } = await planOfOther({ width: 390, height: 844 })
  const main = page.getByRole('main')
  const tab = (name: string) => page.getByRole('navigation').getByRole('button', { name, exact: true })
  await without(PLANNING, main, DAYS)
  await tab('Places').click()
  await without(PLANNING, main, [...POOL, ADD])
  await page.getByRole('button', { name: 'Choose several' }).click()
  for (const right of ['day_edit', 'place_edit']) await without([right], main, [...POOL.slice(0, 4), ...CHOOSING])
  await tab('Plan').click()
  await page.getByRole('button', { name: /^09:00/ }).click()
  await without(PLANNING, page.getByRole('dialog'), CARD)
  expect(complaints).toEqual([])
})

test('switches clicked in quick succession over a slow connection keep their last state', {
  timeout: 60_000,
}, async () => {
  const ana = await running().person('Ana')
  const tool = async <T>(name: string, args: object) => structured<T>(await ana.assistant.tool(name, args))
  const { trip } = await tool<{ trip: { id: number } }>('create_trip', { title: 'Kyoto' })
  const allSections = {
    share_map: true,
    share_bookings: true,
    share_packing: true,
    share_budget: true,
    share_collab: true,
  }
  await tool('create_share_link', { tripId: trip.id, ...allSections })
  const { page, complaints } = await openPage(browser(), running().url, ana)
  await page.goto(`${running().url}/trips/${trip.id}`)
  await page.getByRole('button', { name: 'Share' }).first().click()
  const switches = page.getByRole('dialog').getByRole('switch')
  await switches.first().waitFor()
  // The first change is answered after the second click and before the third.
  let answer = () => {}
  let isHeld = false
  const requested = new Promise<void>((resolve) => {
    void page.route('**/share-link', async (route) => {
      // Requests that read the link may come at any time.
      if (isHeld || route.request().method() === 'GET') return route.continue()
      isHeld = true
      resolve()
      await new Promise<void>((go) => (answer = go))
      await route.continue()
    })
  })
  const unanswered = new Set<Request>()
  page.on('request', (request) => request.url().endsWith('/share-link') && unanswered.add(request))
  page.on('requestfinished', (request) => unanswered.delete(request))
  page.on('requestfailed', (request) => unanswered.delete(request))
  const [first, second, ...others] = await switches.all()
  await first?.click()
  await requested
  await second?.click()
  const read = page.waitForResponse((one) => one.url().endsWith('/share-link') && one.request().method() === 'GET')
  answer()
  await read
  for (const one of others) await one.click()
  const sharedSections = async () =>
    Object.entries((await tool<{ link: object }>('get_share_link', { tripId: trip.id })).link)
  await until(async () => (await sharedSections()).filter(([name, on]) => name.startsWith('share_') && on).length === 0)
  await until(() => unanswered.size === 0)
  await page.evaluate(() => new Promise(requestAnimationFrame))
  for (const one of await switches.all()) expect(await one.getAttribute('aria-checked')).toBe('false')
  expect(complaints).toEqual([])
})
