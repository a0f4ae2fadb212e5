import type { Page } from 'playwright-core'
import { beforeAll, expect, test } from 'vitest'
import { openPage } from '../harness/browser/browser.ts'
import { withServerAndBrowser } from '../harness/browser/browsing.ts'
import { declared } from '../harness/operations.ts'

/** What a member sees of a form whose fields belong to parts of the trip that they may not edit. */
type Row = Record<string, unknown>

const { running, browser } = withServerAndBrowser()
let page: Page
let complaints: string[]
let tripId: number
let call: (name: string, input: Row) => Promise<Row>

beforeAll(async () => {
  const [ana, ben] = [await running().person('Ana'), await running().person('Ben')]
  const run = (name: string, input: Row, callerFields: Row = {}) =>
    running().pipeline.run(declared.operation(name)?.operation as never, input, {
      ...ana.caller,
      ...callerFields,
    }) as Promise<Row>
  const { trip } = await run('create_trip', { title: 'Fjords', start_date: '2027-04-05', end_date: '2027-04-07' })
  tripId = (trip as { id: number }).id
  call = (name, input) => run(name, { tripId, ...input })
  await call('add_trip_member', { identifier: ben.username })
  const { place } = (await call('create_place', { name: 'Harbour Inn' })) as { place: { id: number } }
  const { days } = (await call('list_days', {})) as { days: { id: number }[] }
  const [first, second] = days.map(({ id }) => id)
  const stay = { place_id: place.id, start_day_id: first, end_day_id: second, price: 120, notes: 'Key at the bar' }
  await call('create_reservation', { title: 'Harbour Inn', type: 'hotel', ...stay })
  for (const name of ['budget_edit', 'day_edit'])
    await run('update_permission', { name, level: 'owner' }, { admin: true })
  ;({ page, complaints } = await openPage(browser(), running().url, ben))
})

test('a member without the permissions for costs and days can edit and add a booking', async () => {
  await page.goto(`${running().url}/trips/${tripId}?part=bookings`)
  await page.getByRole('button', { name: 'More for Harbour Inn' }).click()
  await page.getByRole('menuitem', { name: 'Edit', exact: true }).click()
  const dialog = page.getByRole('dialog')
  const price = dialog.getByLabel(/^Price in/)
  await price.waitFor()
  expect(await price.inputValue()).toBe('120')
  expect(await price.isDisabled()).toBe(true)
  expect(await dialog.getByLabel('Notes').isDisabled()).toBe(true)
  await dialog.getByText('You cannot edit the costs of this trip').waitFor()
  await dialog.getByText('You cannot plan the days of this trip').waitFor()
  await dialog.getByLabel('Name').fill('Harbour Inn, sea side')
  await dialog.getByRole('button', { name: 'Save' }).click()
  await dialog.waitFor({ state: 'hidden' })
  const { reservations } = (await call('list_reservations', {})) as { reservations: Row[] }
  expect(reservations).toMatchObject([{ title: 'Harbour Inn, sea side', notes: 'Key at the bar', check_in: null }])
  const { items } = (await call('list_budget_items', {})) as { items: Row[] }
  expect(items).toMatchObject([{ total_price: 120 }])

  await page.getByRole('button', { name: 'Add booking' }).first().click()
  await dialog.getByRole('radio', { name: 'Hotel' }).click()
  await dialog.getByLabel('Name').fill('Hostel')
  await dialog.getByRole('button', { name: 'Add booking' }).click()
  await dialog.waitFor({ state: 'hidden' })
  await page.getByText('Hostel').first().waitFor()
  expect(complaints).toEqual([])
})
