import type { Locator, Page } from 'playwright-core'
import { expect, test } from 'vitest'
import { structured } from '../../bench/client.ts'
import { keepPicture, openPage } from '../harness/browser/browser.ts'
import { withServerAndBrowser } from '../harness/browser/browsing.ts'
import { until } from '../harness/until.ts'

const VISITS = ['Kinkaku-ji', 'Ryōan-ji', 'Ninna-ji']

interface Summary {
  days: {
    id: number
    title: string | null
    assignments: { place: { name: string }; participant_ids: number[] }[]
    notes: { text: string; icon: string; time: string | null; position: number }[]
  }[]
  unassigned_places: { name: string; category_id: number | null; tags: { name: string }[] }[]
}

const { running, browser } = withServerAndBrowser()

/** A day with three stops and a note, on the page of the owner of the trip. */
async function scene() {
  const ana = await running().person('Ana')
  const ben = await running().person('Ben')
  const tool = async <T>(name: string, args: object) => structured<T>(await ana.assistant.tool(name, args))
  const dates = { start_date: '2027-04-05', end_date: '2027-04-06' }
  const { trip } = await tool<{ trip: { id: number } }>('create_trip', { title: 'Kyoto', ...dates })
  const tripId = trip.id
  await tool('add_trip_member', { tripId, identifier: ben.username })
  const summary = () => tool<Summary>('get_trip_summary', { tripId })
  const dayId = (await summary()).days[0]?.id
  for (const name of VISITS) await tool('create_and_assign_place', { tripId, dayId, name })
  for (const name of ['Nara Park', 'Osaka Castle']) await tool('create_place', { tripId, name })
  await tool('create_day_note', { tripId, dayId, text: 'Take the bus', icon: '🚌' })
  /** The first day as stored: stops in order, each note before the stop at its position. */
  const stored = async () => {
    const day = (await summary()).days[0]
    const names = [...(day?.assignments.map((stop) => stop.place.name) ?? []), '']
    return names.flatMap((name, index) => [
      ...(day?.notes.filter((note) => note.position === index).map((note) => note.text) ?? []),
      ...(name ? [name] : []),
    ])
  }
  const { page, complaints } = await openPage(browser(), running().url, ana)
  const writes: string[] = []
  page.on('request', (request) => {
    const path = new URL(request.url()).pathname
    if (path.startsWith('/api/') && request.method() !== 'GET') writes.push(`${request.method()} ${path}`)
  })
  /** The write requests of the app since the last call. */
  const called = () => writes.splice(0).map((one) => one.replace(/\d+/g, 'N'))
  await page.goto(`${running().url}/trips/${tripId}`)
  const day = page.getByRole('list', { name: /^Stops on/ }).first()
  await day.getByText('Take the bus').waitFor()
  return { page, complaints, day, dayId, tripId, tool, summary, stored, called }
}

const waitForStored = (stored: () => Promise<string[]>, expected: string[]) =>
  until(async () => (await stored()).join() === expected.join())

/** Drags a row of the day onto the upper edge of another. */
async function carry(page: Page, from: Locator, onto: Locator): Promise<void> {
  const [start, end] = [await from.boundingBox(), await onto.boundingBox()]
  if (!start || !end) throw new Error('The row or its target is not visible')
  await page.mouse.move(start.x + 30, start.y + start.height / 2)
  await page.mouse.down()
  await page.mouse.move(start.x + 30, start.y + start.height / 2 + 10, { steps: 3 })
  await page.mouse.move(end.x + 30, end.y + 4, { steps: 8 })
  await page.mouse.up()
}

test('a browser that cannot draw a map says so, and everything else works', async () => {
  const { page, complaints, day } = await scene()
  const map = page.getByRole('region', { name: 'Map of the trip' })
  await map.getByText('This browser cannot draw the map').waitFor()
  await page.goto(`${running().url}/atlas`)
  await page.getByText('This browser cannot draw the map').waitFor()
  await page.goBack()
  await day.getByText('Kinkaku-ji').waitFor()
  expect(complaints).toEqual([])
  await page.context().close()
})

test('a note is written, moved between stops with mouse and keyboard, and restored when its deletion is undone', {
  timeout: 120_000,
}, async () => {
  const { page, complaints, day, summary, stored, called } = await scene()
  const text = (words: string) => day.getByText(words)
  const toUndo = page.getByRole('button', { name: 'Undo' })
  const undo = async () => {
    await toUndo.click()
    await toUndo.waitFor({ state: 'detached' })
  }
  /** Waits for the success message, and closes it. */
  const entriesSeen = async () => {
    await toUndo.waitFor()
    await page.getByLabel('Dismiss').first().click()
    await toUndo.waitFor({ state: 'detached' })
  }

  await carry(page, text('Take the bus'), text('Ryōan-ji'))
  await waitForStored(stored, ['Kinkaku-ji', 'Take the bus', 'Ryōan-ji', 'Ninna-ji'])
  await entriesSeen()

  // A stop moved above the note stays above it, and undoing that restores everything.
  await carry(page, text('Ninna-ji'), text('Take the bus'))
  await waitForStored(stored, ['Kinkaku-ji', 'Ninna-ji', 'Take the bus', 'Ryōan-ji'])
  await undo()
  await waitForStored(stored, ['Kinkaku-ji', 'Take the bus', 'Ryōan-ji', 'Ninna-ji'])
  // Each gesture is one call, and so is its undo.
  const move = 'PUT /api/trips/N/days/N/plan'
  expect(called()).toEqual([move, move, 'POST /api/undo'])

  await page.getByRole('button', { name: 'Move Take the bus' }).focus()
  // Each key is pressed only after the announcement of the previous one.
  for (const [key, announcement] of [
    ['Space', /^(Lifted Take the bus|(?!Put down).*, before .*)\.$/],
    ['ArrowUp', /^(?!Put down).*, before Kinkaku-ji\.$/],
    ['Space', /^Put down Take the bus/],
  ] as const) {
    await page.keyboard.press(key)
    await page.getByText(announcement).first().waitFor({ state: 'attached' })
  }
  await waitForStored(stored, ['Take the bus', 'Kinkaku-ji', 'Ryōan-ji', 'Ninna-ji'])
  await entriesSeen()

  await page.getByRole('button', { name: 'Note', exact: true }).first().click()
  await page.keyboard.type('Dinner by the river')
  await page.getByRole('button', { name: /Choose an icon/ }).click()
  await page.getByRole('button', { name: 'Meal' }).click()
  await page.getByRole('textbox', { name: 'When' }).fill('19:30')
  await page.getByRole('textbox', { name: 'When' }).press('Enter')
  await waitForStored(stored, ['Take the bus', 'Kinkaku-ji', 'Ryōan-ji', 'Ninna-ji', 'Dinner by the river'])
  const dinner = (await summary()).days[0]?.notes.find((note) => note.text.startsWith('Dinner'))
  expect(dinner).toMatchObject({ icon: '🍽️', time: '19:30' })
  await keepPicture(page, 'timeline')

  await text('Take the bus').hover()
  await day.getByRole('button', { name: 'More for Take the bus' }).click()
  await page.getByRole('menuitem', { name: 'Delete' }).click()
  await waitForStored(stored, ['Kinkaku-ji', 'Ryōan-ji', 'Ninna-ji', 'Dinner by the river'])
  await undo()
  await waitForStored(stored, ['Take the bus', 'Kinkaku-ji', 'Ryōan-ji', 'Ninna-ji', 'Dinner by the river'])
  expect(complaints).toEqual([])
  expect(running().failures).toEqual([])
  await page.context().close()
})

test('a stop moves to where its new time belongs, a member joins it, and several places get a category, a tag and a day', {
  timeout: 120_000,
}, async () => {
  const { page, complaints, day, summary, stored, called } = await scene()
  const names = async () => (await stored()).filter((name) => name !== 'Take the bus')
  const open = (name: string) => day.getByText(name, { exact: true }).click()
  const setTime = async (name: string, time: string) => {
    await open(name)
    await page.getByLabel('From').fill(time)
    await page.getByLabel('From').blur()
  }
  await setTime('Kinkaku-ji', '14:00')
  await setTime('Ninna-ji', '09:00')
  await waitForStored(names, ['Ninna-ji', 'Kinkaku-ji', 'Ryōan-ji'])
  expect(called()).toEqual(Array(2).fill('PATCH /api/trips/N/assignments/N'))
  await page.getByRole('button', { name: 'Ben', exact: true }).click()
  await until(async () => (await summary()).days[0]?.assignments[0]?.participant_ids.length === 1)

  await page.getByRole('button', { name: 'Choose several' }).click()
  await page.getByRole('checkbox', { name: 'Nara Park' }).click()
  await page.getByRole('button', { name: 'Category', exact: true }).last().click()
  await page.getByRole('menuitem', { name: 'Nature' }).click()
  const nara = async () => (await summary()).unassigned_places.find((place) => place.name === 'Nara Park')
  await until(async () => (await nara())?.category_id != null)

  await page
    .getByRole('button', { name: /^Nara Park/ })
    .first()
    .click()
  await page.getByRole('button', { name: 'Edit', exact: true }).click()
  await page.getByRole('textbox', { name: 'New tag' }).fill('With kids')
  await page.getByRole('textbox', { name: 'New tag' }).press('Enter')
  await page.getByRole('button', { name: 'With kids', pressed: true }).waitFor()
  await page.getByRole('button', { name: 'Save', exact: true }).click()
  await until(async () => (await nara())?.tags[0]?.name === 'With kids')

  await page.getByRole('button', { name: 'Choose several' }).click()
  await page.getByRole('button', { name: 'All 2', exact: true }).last().click()
  await page.getByRole('button', { name: 'Put on a day' }).last().click()
  await page.getByRole('menuitem').first().click()
  await until(async () => (await names()).length === 5)
  expect(called().at(-1)).toBe('POST /api/trips/N/days/N/assignments/batch')
  await page
    .getByRole('dialog', { name: /places added to/ })
    .getByRole('button', { name: 'Undo' })
    .click()
  await until(async () => (await names()).length === 3)
  expect(called()).toEqual(['POST /api/undo'])
  expect(complaints).toEqual([])
  expect(running().failures).toEqual([])
  await page.context().close()
})

test('a place is dropped between two entries, a booking is moved after a stop, and the shared page shows the same day', {
  timeout: 120_000,
}, async () => {
  const { page, complaints, day, dayId, tripId, tool, called } = await scene()
  const booked = { type: 'restaurant', title: 'Kikunoi', reservation_time: '2027-04-05T19:00' }
  await tool('create_reservation', { tripId, ...booked })
  const rows = day.getByRole('listitem')
  const textsOf = async (list: Locator) =>
    (await list.allInnerTexts()).map((text) =>
      ['Take the bus', 'Kikunoi', 'Nara Park', ...VISITS].find((name) => text.includes(name)),
    )
  const expectTexts = (...expected: string[]) => until(async () => (await textsOf(rows)).join() === expected.join())
  await expectTexts('Kinkaku-ji', 'Ryōan-ji', 'Ninna-ji', 'Kikunoi', 'Take the bus')

  await carry(page, page.getByRole('button', { name: /^Nara Park/ }).first(), day.getByText('Ryōan-ji'))
  await expectTexts('Kinkaku-ji', 'Nara Park', 'Ryōan-ji', 'Ninna-ji', 'Kikunoi', 'Take the bus')
  await carry(page, day.getByText('Kikunoi'), day.getByText('Nara Park'))
  await expectTexts('Kinkaku-ji', 'Kikunoi', 'Nara Park', 'Ryōan-ji', 'Ninna-ji', 'Take the bus')
  await until(async () => (await page.getByRole('button', { name: 'Undo' }).count()) > 0)
  expect(called()).toEqual(['POST /api/trips/N/days/N/assignments', 'PUT /api/trips/N/days/N/plan'])

  const { token } = await tool<{ token: string }>('create_share_link', { tripId })
  const guest = await page.context().newPage()
  await guest.goto(`${running().url}/shared/${token}`)
  const shared = guest.locator(`#day-${dayId} > ol > li`)
  await shared.getByText('Kikunoi').waitFor()
  expect(await textsOf(shared)).toEqual(await textsOf(rows))
  expect(complaints).toEqual([])
  expect(running().failures).toEqual([])
  await page.context().close()
})

test('saving a day title does not silently overwrite the title that another member gave meanwhile', async () => {
  const { page, dayId, tripId, tool, summary } = await scene()
  const title = async () => (await summary()).days[0]?.title
  await page
    .getByRole('button', { name: /change the title/ })
    .first()
    .click()
  const field = page.getByRole('textbox', { name: 'Title', exact: true })
  await tool('update_day', { tripId, dayId, title: 'Temples' })
  await field.fill('Gardens')
  await field.press('Enter')
  await page
    .getByText(/changed: Title/)
    .first()
    .waitFor()
  expect(await title()).toBe('Temples')
  // The typed text is still there: saving once more overwrites the other title.
  await until(async () => (await field.inputValue()) === 'Gardens')
  await field.press('Enter')
  await until(async () => (await title()) === 'Gardens')
  await page.context().close()
})
