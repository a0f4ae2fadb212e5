import type { Page } from 'playwright-core'
import { expect, test } from 'vitest'
import { structured } from '../../bench/client.ts'
import { openPage } from '../harness/browser/browser.ts'
import { withServerAndBrowser } from '../harness/browser/browsing.ts'
import { until } from '../harness/until.ts'

interface Summary {
  packing: { items: { name: string; category: string; bag_id: number | null }[] }
  budget: { items: { name: string; category: string }[] }
}

const { running, browser } = withServerAndBrowser()

/** A trip on the screen of its owner. */
async function scene() {
  const ana = await running().person('Ana')
  const tool = async <T>(name: string, args: object) => structured<T>(await ana.assistant.tool(name, args))
  const { trip } = await tool<{ trip: { id: number } }>('create_trip', { title: 'Fjords' })
  const { page, complaints } = await openPage(browser(), running().url, ana)
  const requestsWritten: string[] = []
  page.on('request', (request) => {
    if (request.method() !== 'GET') requestsWritten.push(`${request.method()} ${new URL(request.url()).pathname}`)
  })
  return {
    page,
    complaints,
    tool: <T>(name: string, args: object = {}) => tool<T>(name, { tripId: trip.id, ...args }),
    open: (part: string) => page.goto(`${running().url}/trips/${trip.id}?part=${part}`),
    /** Discards the writes of the page so far. */
    forget: () => void requestsWritten.splice(0),
    /** Waits for this many writes of the page, and returns all since the last call. */
    async writes(count: number) {
      await until(() => requestsWritten.length >= count)
      return requestsWritten.splice(0)
    },
  }
}

/** Drags a row by its handle onto the upper half of a target; each step waits for the announcement of the previous one. */
async function carry(page: Page, name: string, onto: string, called = onto): Promise<void> {
  const waitForAnnouncement = (words: RegExp) => page.getByText(words).first().waitFor({ state: 'attached' })

  const end = await page.getByText(onto).boundingBox()
  const start = await page.getByRole('button', { name: `Move ${name}`, exact: true }).boundingBox()
  if (!start || !end) throw new Error('The row or its target is not visible')
  const x = start.x + start.width / 2
  await page.mouse.move(x, start.y + start.height / 2)
  await page.mouse.down()
  await page.mouse.move(x, start.y + start.height / 2 + 10, { steps: 3 })
  await waitForAnnouncement(new RegExp(`^(Lifted|In place of) ${name}\\.$`))
  await page.mouse.move(x, end.y + 4, { steps: 8 })
  await waitForAnnouncement(new RegExp(`^In place of ${called}\\.$`))
  await page.mouse.up()
}

/** Clicks every Undo that the page offers. */
async function undoAll(page: Page, count: number): Promise<void> {
  const offers = page.getByRole('button', { name: 'Undo' })
  for (let left = count; left > 0; left--) {
    await until(async () => (await offers.count()) === left)
    const saved = page.waitForResponse((response) => response.request().method() !== 'GET')
    await offers.first().click()
    // Two simultaneous undos finish in either order.
    await saved
  }
  await until(async () => (await offers.count()) === 0)
}

test('one drag moves an item to another category and position, and undoing deletions restores the positions', {
  timeout: 120_000,
}, async () => {
  const { page, complaints, tool, open, forget, writes } = await scene()
  for (const [name, category] of [
    ['Tent', 'Sleep'],
    ['Mat', 'Sleep'],
    ['Stove', 'Kitchen'],
    ['Pot', 'Kitchen'],
  ]) {
    await tool('create_packing_item', { name, category })
  }
  const { bag } = await tool<{ bag: { id: number } }>('create_packing_bag', { name: 'Backpack' })
  const stored = async () =>
    (await tool<Summary>('get_trip_summary')).packing.items
      .map(({ name, category, bag_id }) => [name, category, bag_id === bag.id && 'Backpack'].filter(Boolean).join(' '))
      .join(', ')
  const waitForOrder = (expected: string) => until(async () => (await stored()) === expected)
  await open('packing')
  await page.getByText('Pot', { exact: true }).waitFor()
  forget()

  await carry(page, 'Tent', 'Pot')
  await waitForOrder('Mat Sleep, Stove Kitchen, Tent Kitchen, Pot Kitchen')
  expect(await writes(1)).toEqual([expect.stringMatching(/^PATCH .*\/packing\/\d+$/)])

  await page.getByRole('button', { name: 'Bags' }).click()
  await carry(page, 'Mat', 'Nothing in here yet', 'Backpack')
  await waitForOrder('Stove Kitchen, Tent Kitchen, Pot Kitchen, Mat Sleep Backpack')
  expect(await writes(1)).toEqual([expect.stringMatching(/^PATCH .*\/packing\/\d+$/)])

  // The second deletion removes the item after the first one.
  for (const name of ['Stove', 'Tent']) {
    await page.getByRole('button', { name: `More for ${name}` }).click()
    await page.getByRole('menuitem', { name: 'Delete' }).click()
  }
  await waitForOrder('Pot Kitchen, Mat Sleep Backpack')
  forget()
  await undoAll(page, 2)
  await waitForOrder('Stove Kitchen, Tent Kitchen, Pot Kitchen, Mat Sleep Backpack')
  expect(await writes(2)).toEqual(Array(2).fill('POST /api/undo'))
  expect(complaints).toEqual([])
  expect(running().failures).toEqual([])
  await page.context().close()
})

test('a cost category moves up, and undoing the deletion of an expense restores its position', {
  timeout: 120_000,
}, async () => {
  const { page, complaints, tool, open, forget, writes } = await scene()
  for (const [name, category] of [
    ['Dinner', 'Meals'],
    ['Ferry', 'Boats'],
    ['Lunch', 'Meals'],
  ]) {
    await tool('create_budget_item', { name, category, total_price: 30 })
  }
  const waitForOrder = (expected: string) =>
    until(async () => {
      const { budget } = await tool<Summary>('get_trip_summary')
      return budget.items.map(({ name }) => name).join(', ') === expected
    })
  await waitForOrder('Dinner, Lunch, Ferry')
  await open('costs')
  await page.getByRole('button', { name: 'By category' }).click()
  await page.getByRole('button', { name: 'More for Boats' }).click()
  await page.getByRole('menuitem', { name: 'Move up' }).click()
  await waitForOrder('Ferry, Dinner, Lunch')

  await page.getByRole('button', { name: /Dinner/, expanded: false }).click()
  await page.getByRole('button', { name: 'Delete', exact: true }).click()
  await waitForOrder('Ferry, Lunch')
  forget()
  await undoAll(page, 1)
  await waitForOrder('Ferry, Dinner, Lunch')
  expect(await writes(1)).toEqual(['POST /api/undo'])
  expect(complaints).toEqual([])
  expect(running().failures).toEqual([])
  await page.context().close()
})
