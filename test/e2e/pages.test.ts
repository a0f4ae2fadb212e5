import { beforeAll, expect, test } from 'vitest'
import { planTheWeek } from '../fixtures/kyoto.ts'
import { connectAssistant, ERAS } from '../harness/assistant.ts'
import { openPage } from '../harness/browser/browser.ts'
import { withBrowser, withServerAndBrowser } from '../harness/browser/browsing.ts'
import { LOOKS, type Look, Looking, once } from '../harness/browser/looks.ts'
import type { Person } from '../harness/rigs/running.ts'

/** The parts of the trip besides the plan, each with something that appears only when it has loaded. */
const PARTS = [
  ['bookings', 'KNR-48213'],
  ['costs', 'Hotel, six nights'],
  ['packing', 'Light rain jacket'],
  ['todos', 'Tell the bank about Japan'],
  ['together', 'Notes'],
  ['files', 'Files'],
  ['history', 'Undo all of this'],
] as const

const { running, browser } = withServerAndBrowser()
const withMaps = withBrowser({ maps: true })
let ana: Person
let tripId: number
let link: string

beforeAll(async () => {
  ana = await running().person('Ana')
  const { tool, close: disconnect } = await connectAssistant(running().url, ana.token, ERAS[1])
  const friend = await running().person('Ben')
  ;({ tripId } = await planTheWeek(tool, { friend }))
  link = (await tool<{ token: string }>('create_share_link', { tripId, share_packing: true, share_budget: true })).token
  await disconnect()
})

const visitPages = once(async () => {
  const { page, complaints } = await openPage(browser(), running().url, ana)
  const looking = new Looking(page)
  await looking.at('trips', page.getByRole('link', { name: /A week in Kyoto/ }))
  for (const [part, sign] of PARTS) {
    await page.goto(`${running().url}/trips/${tripId}?part=${part}`)
    await looking.at(part, page.getByText(sign))
  }
  await page.goto(`${running().url}/settings?tab=integrations`)
  await looking.at('settings', page.getByRole('heading', { name: 'API tokens' }))
  await page.context().close()
  // Maps are rendered only on pages that consist of one, because that takes longer than everything else.
  const mapPage = await openPage(withMaps(), running().url, ana)
  const maps = new Looking(mapPage.page)
  await mapPage.page.goto(`${running().url}/trips/${tripId}`)
  await maps.at('plan', mapPage.page.getByText('Kiyomizu-dera'))
  await mapPage.page.goto(`${running().url}/atlas`)
  await maps.at('atlas', mapPage.page.getByRole('heading'))
  await mapPage.page.context().close()
  // A visitor with the link has no account, and an empty browser cache.
  const stranger = await browser().newContext({ reducedMotion: 'reduce' })
  const open = await stranger.newPage()
  open.setDefaultTimeout(20_000)
  const shared = new Looking(open)
  await open.goto(`${running().url}/shared/${link}`)
  await shared.at('shared', open.getByRole('heading', { name: 'A week in Kyoto' }))
  await stranger.close()
  const allLookings = [looking, maps, shared]
  return {
    wrongAt: (look: Look) => allLookings.flatMap((one) => one.wrongAt(look)),
    complaints: [...complaints, ...mapPage.complaints],
  }
})

test.each(LOOKS)(
  'every page has no layout errors at $width px in the $theme theme',
  { timeout: 300_000 },
  async (look) => {
    const { wrongAt, complaints } = await visitPages()
    expect(wrongAt(look)).toEqual([])
    expect(complaints).toEqual([])
  },
)

test('with reduced motion, a theme change applies at once', async () => {
  const { page } = await openPage(browser(), running().url, ana)
  await page.getByRole('link', { name: /A week in Kyoto/ }).waitFor()
  const moving = await page.evaluate(() => {
    document.documentElement.dataset.theme = 'dark'
    return document.getAnimations().length
  })
  expect(moving).toBe(0)
  await page.context().close()
})

test('a theme change at any moment leaves the map in the right theme', async () => {
  const { page, complaints } = await openPage(withMaps(), running().url, ana)
  await page.goto(`${running().url}/trips/${tripId}`)
  await page.getByText('Kiyomizu-dera').first().waitFor()
  // Thirty changes as fast as possible, so that some come while a style is loading.
  for (let turn = 0; turn < 30; turn++) await page.emulateMedia({ colorScheme: turn % 2 ? 'light' : 'dark' })
  await page.getByText('Kiyomizu-dera').first().waitFor()
  expect(complaints).toEqual([])
  await page.context().close()
})
