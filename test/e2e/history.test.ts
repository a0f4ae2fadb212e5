import { expect, test } from 'vitest'
import { structured } from '../../bench/client.ts'
import { openPage } from '../harness/browser/browser.ts'
import { withServerAndBrowser } from '../harness/browser/browsing.ts'
import { until } from '../harness/until.ts'

const { running, browser } = withServerAndBrowser()

/** A trip of Ana with an assistant, its history on the screen of Ana, and what the server has. */
async function scene() {
  const ana = await running().person('Ana')
  const tool = async <T>(name: string, args: object) => structured<T>(await ana.assistant.tool(name, args))
  const { trip } = await tool<{ trip: { id: number } }>('create_trip', { title: 'Kyoto' })
  const inTrip = <T>(name: string, args: object = {}) => tool<T>(name, { tripId: trip.id, ...args })
  const { page, complaints } = await openPage(browser(), running().url, ana)
  return {
    page,
    complaints,
    tool: inTrip,
    /** Changes a place as Ana herself, in the app. */
    change: (id: number, values: object) =>
      page.evaluate(
        async ([path, body]) =>
          void (await fetch(path, { method: 'PATCH', headers: { 'content-type': 'application/json' }, body })),
        [`/api/trips/${trip.id}/places/${id}`, JSON.stringify(values)] as const,
      ),
    open: (part: string) => page.goto(`${running().url}/trips/${trip.id}?part=${part}`),
    todos: async () =>
      (await inTrip<{ items: { name: string }[] }>('list_todos')).items.map(({ name }) => name).join(', '),
    places: async () =>
      (await inTrip<{ places: { name: string; notes: string | null }[] }>('list_places')).places
        .map(({ name, notes }) => [name, notes].filter(Boolean).join(': '))
        .sort()
        .join(', '),
  }
}

test('the history shows live what an assistant did, and undoes all of it but what a person changed later', {
  timeout: 120_000,
}, async () => {
  const { page, complaints, tool, change, open, places } = await scene()
  await open('history')
  const run = page.getByRole('article', { name: /for Ana$/ })
  await run.getByText('Create a trip').waitFor()
  const make = async (name: string, notes: string) =>
    (await tool<{ place: { id: number } }>('create_place', { name, notes })).place.id
  const [temple, castle] = [await make('Ginkaku-ji', 'Early'), await make('Nijō', 'Tuesday')]
  await tool('update_place', { placeId: temple, notes: 'Late' })
  await run.getByText('Early').waitFor()
  await run.getByText('Nijō').waitFor()
  await change(castle, { notes: 'Wednesday' })
  await page.getByRole('article', { name: 'Ana', exact: true }).getByText('Wednesday').waitFor()

  await page.getByRole('button', { name: 'Undo all of this' }).click()
  const dialog = page.getByRole('dialog', { name: 'Undo all of this?' })
  await dialog.getByText('Nijō: It was changed later').waitFor()
  await dialog.getByRole('button', { name: 'Undo all of this' }).click()
  await dialog.waitFor({ state: 'detached' })
  expect(await places()).toBe('Nijō: Wednesday')
  await page.getByText('Not everything could be undone.').first().waitFor()
  await page.setViewportSize({ width: 390, height: 844 })
  await page.screenshot({ path: '/tmp/h4.png' })

  await page.getByRole('button', { name: 'Redo: Ginkaku-ji' }).first().click()
  await until(async () => (await places()) === 'Ginkaku-ji: Late, Nijō: Wednesday')
  expect(complaints).toEqual([])
  await page.context().close()
})

test('Ctrl Z undoes the last changes of the page one after another, Ctrl Shift Z redoes them, and a text field keeps both', {
  timeout: 120_000,
}, async () => {
  const { page, complaints, open, todos } = await scene()
  await open('todos')
  const field = page.getByPlaceholder(/Book the night train/)
  for (const name of ['Passports', 'Rail pass']) {
    await field.fill(name)
    await field.press('Enter')
    await page.getByText(name, { exact: true }).waitFor()
  }
  await until(async () => (await todos()) === 'Passports, Rail pass')
  await field.fill('Half a thought')
  await field.press('Control+z')
  expect(await todos()).toBe('Passports, Rail pass')

  await page.getByRole('heading', { level: 1 }).click()
  await page.keyboard.press('Control+z')
  await until(async () => (await todos()) === 'Passports')
  await page.keyboard.press('Control+z')
  await until(async () => (await todos()) === '')
  await page.keyboard.press('Control+Shift+Z')
  await until(async () => (await todos()) === 'Passports')
  await page.keyboard.press('Control+y')
  await until(async () => (await todos()) === 'Passports, Rail pass')
  await page.keyboard.press('Control+y')
  await page.getByText('There is nothing to redo.').waitFor()
  expect(complaints).toEqual([])
  await page.context().close()
})

test('the menu of a thing opens its history, with the values before and after each change', {
  timeout: 120_000,
}, async () => {
  const { page, complaints, tool, open } = await scene()
  const { item } = await tool<{ item: { id: number } }>('create_todo', { name: 'Rail pass', due_date: '2027-04-01' })
  await tool('create_todo', { name: 'Passports' })
  await tool('update_todo', { itemId: item.id, due_date: '2027-04-03' })
  await open('todos')
  await page.getByRole('button', { name: 'More for Rail pass' }).click()
  await page.getByRole('menuitem', { name: 'History' }).click()
  const history = page.getByRole('dialog', { name: 'History of Rail pass' })
  const changed = history.getByRole('listitem').filter({ hasText: 'Due:' }).first()
  await changed.locator('del', { hasText: '1 Apr' }).waitFor()
  await changed.locator('ins', { hasText: '3 Apr' }).waitFor()
  expect(await history.getByText('Passports').count()).toBe(0)
  expect(complaints).toEqual([])
  await page.context().close()
})
