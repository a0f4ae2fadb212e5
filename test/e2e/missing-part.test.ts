import { expect, test } from 'vitest'
import { structured } from '../../bench/client.ts'
import { openPage } from '../harness/browser/browser.ts'
import { withServerAndBrowser } from '../harness/browser/browsing.ts'

const COSTS = /[/]assets[/]costs-page-.*[.]js$/

const { running, browser } = withServerAndBrowser()

test('a part of the app that fails to load says so, and loads by itself once the server is available', async () => {
  const ana = await running().person('Ana')
  const { trip } = structured<{ trip: { id: number } }>(await ana.assistant.tool('create_trip', { title: 'Kyoto' }))
  const { page } = await openPage(browser(), running().url, ana)
  // As when the connection is lost, or a newer version no longer has this part.
  await page.route(COSTS, (route) => route.abort())
  await page.goto(`${running().url}/trips/${trip.id}?part=costs`)
  await page.getByRole('heading', { name: 'This page could not be loaded.' }).waitFor()
  await page.unroute(COSTS)
  await page.getByRole('button', { name: 'Add expense' }).first().waitFor()
  expect(new URL(page.url()).search).toBe('?part=costs')
  await page.context().close()
})
