import { expect, test } from 'vitest'
import { structured } from '../../bench/client.ts'
import { openPage } from '../harness/browser/browser.ts'
import { withServerAndBrowser } from '../harness/browser/browsing.ts'

/** What bookings change elsewhere: in the costs, on the days, on the shared page; and what is offered there without other servers. */

const PHONE = { width: 390, height: 844, theme: 'light' } as const

const { running, browser } = withServerAndBrowser()

/** A trip of four days: a hotel from the first to the third, a flight on the second, a dinner on the last. */
async function scene(look?: typeof PHONE) {
  const ana = await running().person('Ana')
  const tool = async <T>(name: string, args: object) => structured<T>(await ana.assistant.tool(name, args))
  const dates = { start_date: '2027-05-10', end_date: '2027-05-13' }
  const { trip } = await tool<{ trip: { id: number } }>('create_trip', { title: 'Kyoto', currency: 'EUR', ...dates })
  const tripId = trip.id
  const { days } = await tool<{ days: { id: number }[] }>('get_trip_summary', { tripId })
  const day = (number: number) => days[number - 1]?.id
  const { place } = await tool<{ place: { id: number } }>('create_place', { tripId, name: 'Ryokan' })
  const stay = { place_id: place.id, start_day_id: day(1), end_day_id: day(3) }
  await tool('create_reservation', { tripId, title: 'Ryokan', type: 'hotel', price: 300, ...stay })
  const flight = { reservation_time: '2027-05-11T09:30', reservation_end_time: '2027-05-11T11:00' }
  await tool('create_transport', { tripId, title: 'NH 22', type: 'flight', price: 120, ...flight })
  await tool('create_reservation', { tripId, title: 'Kikunoi', type: 'restaurant', price: 80, day_id: day(4) })
  const costs = async () =>
    (await tool<{ budget: { items: { id: number; name: string }[] } }>('get_trip_summary', { tripId })).budget.items
  const { page, complaints } = await openPage(browser(), running().url, ana, look)
  const open = (part: string) => page.goto(`${running().url}/trips/${tripId}?part=${part}`)
  return { tool, tripId, day, costs, page, complaints, open }
}

test('the price of a booking is listed under the day of the booking, unless its cost has another date', async () => {
  const { tool, tripId, costs, page, complaints, open } = await scene()
  const items = await costs()
  await tool('create_budget_item', { tripId, name: 'Snacks', total_price: 5 })
  await open('costs')
  const under = (heading: RegExp | string, name: string) =>
    page.getByRole('region', { name: heading }).getByRole('button', { name: new RegExp(`^${name}`) })
  await under(/^Monday,? 10 May/, 'Ryokan').waitFor()
  await under(/^Tuesday,? 11 May/, 'NH 22').waitFor()
  await under(/^Thursday,? 13 May/, 'Kikunoi').waitFor()
  await under('Without a date', 'Snacks').waitFor()
  const itemId = items.find(({ name }) => name === 'Kikunoi')?.id
  await tool('update_budget_item', { tripId, itemId, expense_date: '2027-05-12' })
  await under(/^Wednesday,? 12 May/, 'Kikunoi').waitFor()
  expect(complaints).toEqual([])
  await page.context().close()
})

test('the days of costs have their year, unless all of them are in this year', async () => {
  const { tool, tripId, costs, page, open } = await scene()
  const items = await costs()
  const year = new Date().getFullYear()
  await tool('update_budget_item', { tripId, itemId: items[0]?.id, expense_date: `${year}-01-05` })
  await open('costs')
  const headings = page.getByRole('region').getByRole('heading', { level: 3 }).filter({ hasText: 'day' })
  await page.getByRole('heading', { name: 'Thursday, 13 May 2027' }).waitFor()
  for (const heading of await headings.allTextContents()) expect(heading).toMatch(/ \d{4}$/)
  for (const { id: itemId } of items) {
    await tool('update_budget_item', { tripId, itemId, expense_date: `${year}-01-05` })
  }
  await page.getByRole('heading', { name: /day 5 January$/ }).waitFor()
  await page.context().close()
})

test('the shared page calls a pending hotel and a pending flight what the app calls them', async () => {
  const { tool, tripId, page, complaints } = await scene()
  const { token } = await tool<{ token: string }>('create_share_link', { tripId, share_bookings: true })
  // Leaves the app first, which would otherwise ask for something without its cookies.
  await page.goto('about:blank')
  await page.context().clearCookies()
  await page.goto(`${running().url}/shared/${token}`)
  for (const name of ['Ryokan', 'NH 22']) {
    const card = page.getByRole('listitem').filter({ has: page.getByRole('heading', { name, exact: true }) })
    await card.getByText('Pending', { exact: true }).waitFor()
  }
  expect(complaints).toEqual([])
  await page.context().close()
})

test('a day of check-in or check-out is not called unplanned, in the plan and on the shared page', async () => {
  const { tool, tripId, page, complaints, open } = await scene()
  // The only day with nothing at all.
  await tool('create_day', { tripId, date: '2027-05-14' })
  const { token } = await tool<{ token: string }>('create_share_link', { tripId, share_bookings: true })
  await open('plan')
  const unplanned = page.getByRole('main').getByText('Nothing planned yet')
  await unplanned.waitFor()
  expect(await unplanned.count()).toBe(1)
  await page.goto(`${running().url}/shared/${token}`)
  await page.getByText('Nothing planned yet').waitFor()
  expect(await page.getByText('Nothing planned yet').count()).toBe(1)
  expect(complaints).toEqual([])
  await page.context().close()
})

test('before a day with bookings is deleted, its dialog says how many of them will be on no day', async () => {
  const { tool, tripId, day, page, complaints, open } = await scene()
  await tool('create_reservation', { tripId, title: 'Gion Corner', type: 'event', day_id: day(4) })
  await open('plan')
  const expectQuestion = async (menu: string, sentence: string) => {
    await page.getByRole('button', { name: menu }).click()
    await page.getByRole('menuitem', { name: 'Delete day' }).click()
    await page.getByRole('dialog').getByText(sentence).waitFor()
  }
  await expectQuestion('More for Tue 11 May', '1 booking of this day stays under Bookings, but on no day.')
  await page.getByRole('dialog').getByRole('button', { name: 'Cancel' }).click()
  await expectQuestion('More for Thu 13 May', '2 bookings of this day stay under Bookings, but on no day.')
  await page.getByRole('dialog').getByRole('button', { name: 'Delete day' }).click()
  await page.getByRole('dialog').waitFor({ state: 'detached' })
  const onNoDay = async () =>
    (
      await tool<{ reservations: { title: string; day_id: number | null }[] }>('get_trip_summary', { tripId })
    ).reservations
      .filter(({ day_id }) => day_id === null)
      .map(({ title }) => title)
  await expect.poll(onNoDay).toEqual(['Kikunoi', 'Gion Corner'])
  expect(complaints).toEqual([])
  await page.context().close()
})

test.each([undefined, PHONE])('the kinds of booking are not cut off, %o', async (look) => {
  const { page, open } = await scene(look)
  await open('bookings')
  await page.getByRole('button', { name: 'Add booking', exact: true }).first().click()
  const kinds = page.getByRole('dialog').getByRole('radio')
  await kinds.first().waitFor()
  const cut = await kinds.evaluateAll((buttons) =>
    buttons
      .flatMap((kind) => [kind, ...kind.querySelectorAll('span')])
      .filter((part) => part.scrollWidth > part.clientWidth + 1 && part.clientWidth > 0)
      .map((part) => part.textContent),
  )
  expect(cut).toEqual([])
  await page.context().close()
})

test('a server that calls no other offers no look-up of rates, and says that it finds only towns', async () => {
  const { tool, tripId, page, complaints, open } = await scene()
  await tool('create_budget_item', { tripId, name: 'Tea', total_price: 500, currency: 'JPY' })
  await open('costs')
  await page.getByText('To add one, edit the expense.').waitFor()
  expect(await page.getByRole('button', { name: 'Look up rates' }).count()).toBe(0)
  await open('places')
  await page.getByRole('button', { name: 'Add place' }).first().click()
  await page.getByRole('combobox', { name: 'Search for a town', exact: true }).waitFor()
  await page.getByText('For anything else, paste a map link or coordinates.').waitFor()
  expect(complaints).toEqual([])
  await page.context().close()
})
