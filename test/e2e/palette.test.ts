import type { Page } from 'playwright-core'
import { expect, test } from 'vitest'
import { openPage } from '../harness/browser/browser.ts'
import { withServerAndBrowser } from '../harness/browser/browsing.ts'
import { until } from '../harness/until.ts'

const { running, browser } = withServerAndBrowser()

/** The entry that Enter would run, and whether it is fully in view. */
const chosenIn = (page: Page) =>
  page.evaluate(() => {
    const id = document.querySelector('[role=combobox]')?.getAttribute('aria-activedescendant')
    const entry = id ? document.getElementById(id) : null
    const list = entry?.closest('[role=listbox]')
    if (!entry || !list) return null
    const [inner, outer] = [entry.getBoundingClientRect(), list.getBoundingClientRect()]
    return { name: entry.textContent, isInView: inner.top >= outer.top - 1 && inner.bottom <= outer.bottom + 1 }
  })

test('the palette finds trips by part of their names, and keeps the selected entry in view', async () => {
  const ana = await running().person('Ana')
  const titles = Array.from({ length: 12 }, (_, index) => `Fjord ${String(index + 1).padStart(2, '0')}`)
  for (const title of [...titles, 'Kyoto']) await ana.assistant.tool('create_trip', { title })
  const { page, complaints } = await openPage(browser(), running().url, ana)
  const field = page.getByRole('combobox', { name: 'Search and commands' })

  await page.keyboard.press('ControlOrMeta+k')
  await field.waitFor()
  await page.keyboard.type('fjord')
  await page.getByRole('option', { name: 'Fjord 12' }).waitFor({ state: 'attached' })
  await until(async () => (await page.getByRole('option').count()) === 12)
  const [first] = await page.getByRole('option').allTextContents()
  expect(await chosenIn(page)).toEqual({ name: first, isInView: true })
  for (let step = 0; step < 10; step++) await page.keyboard.press('ArrowDown')
  const names = await page.getByRole('option').allTextContents()
  expect(await chosenIn(page)).toEqual({ name: names[10], isInView: true })

  await field.fill('nowhere at all')
  await page.getByText('No results').waitFor()
  await field.fill(' yot')
  await page.keyboard.press('Enter')
  await page.getByRole('heading', { name: 'Kyoto' }).first().waitFor()
  expect(await field.count()).toBe(0)

  await page.keyboard.press('ControlOrMeta+k')
  await field.waitFor()
  expect(await field.inputValue()).toBe('')
  await page.keyboard.press('Escape')
  await field.waitFor({ state: 'detached' })
  expect(complaints).toEqual([])
  await page.context().close()
})

test('Ctrl K opens the palette although its code is still loading', async () => {
  const { page, complaints } = await openPage(browser(), running().url, await running().person('Ben'))
  const pressed = Promise.withResolvers<void>()
  await page.route(/command-palette/, async (route) => {
    await pressed.promise
    await route.continue()
  })

  await page.reload()
  await page.getByRole('heading', { name: /Where to/ }).waitFor()
  await page.keyboard.press('ControlOrMeta+k')
  pressed.resolve()
  await page.getByRole('combobox', { name: 'Search and commands' }).waitFor()
  expect(complaints).toEqual([])
  await page.context().close()
})
