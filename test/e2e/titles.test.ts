import { beforeAll, expect, test, vi } from 'vitest'
import { connectAssistant, ERAS } from '../harness/assistant.ts'
import { openPage } from '../harness/browser/browser.ts'
import { withServerAndBrowser } from '../harness/browser/browsing.ts'
import type { Person } from '../harness/rigs/running.ts'

// The theme needs these parts of the browser.
vi.stubGlobal('matchMedia', () => ({ matches: false, addEventListener: () => {} }))
vi.stubGlobal('localStorage', { getItem: () => null })
const { registrations } = await import('../../src/app/registrations.ts')
const { english } = await import('../../src/ui/english.ts')
vi.unstubAllGlobals()

const textOf = (key: string): string =>
  String(key.split('.').reduce<unknown>((texts, one) => texts?.[one as keyof object], english))

const { running, browser } = withServerAndBrowser()
let admin: Person
let tripId: number

beforeAll(async () => {
  admin = await running().person('Ana', 'admin')
  const { tool, close: disconnect } = await connectAssistant(running().url, admin.token, ERAS[1])
  tripId = (await tool<{ trip: { id: number } }>('create_trip', { title: 'Kyoto' })).trip.id
  await disconnect()
})

/** The address and the title of every page that a person who is logged in can open. */
function pages(): [string, string][] {
  const tabs = (path: string, label: string, panels: readonly { value: string; label: string }[]) =>
    panels.map((panel): [string, string] => [
      `${path}?tab=${panel.value}`,
      `${textOf(panel.label)} · ${textOf(label)} · TREK`,
    ])
  const parts = registrations.tabs.filter(({ phoneOnly }) => !phoneOnly)
  return [
    ...tabs('/admin', 'admin.title', registrations.admin),
    ...tabs('/settings', 'settings.title', registrations.settings),
    ...parts.map(({ part, label }): [string, string] => [
      `/trips/${tripId}?part=${part}`,
      `${textOf(label)} · Kyoto · TREK`,
    ]),
    ...registrations.links.map(({ to, label }): [string, string] => [to, `${textOf(label)} · TREK`]),
    ['/admin', `${textOf('admin.users')} · ${textOf('admin.title')} · TREK`],
    ['/trips/999999', `${textOf('trip.goneTitle')} · TREK`],
    ['/nowhere', `${textOf('missing.title')} · TREK`],
    ['/shared/nothing', `${textOf('sharing.goneTitle')} · TREK`],
    ['/oauth/problem', `${textOf('connect.problemTitle')} · TREK`],
    ['/login', `${textOf('logIn.submit')} · TREK`],
  ]
}

test('every page has a title of its own', { timeout: 120_000 }, async () => {
  const { page } = await openPage(browser(), running().url, admin)
  const wrong: string[] = []
  for (const [path, title] of pages()) {
    await page.goto(`${running().url}${path}`)
    await page
      .waitForFunction((expected) => document.title === expected, title, { timeout: 5000 })
      .catch(async () => {
        wrong.push(`${path}: ${await page.title()}, not ${title}`)
      })
  }
  expect(wrong).toEqual([])
  // Each page of a feature is among them.
  const openedPaths = pages().map(([path]) => path.replace(/\?.*/, '').replace(/^\/shared\/.*/, '/shared/$token'))
  expect(registrations.pages.map(({ path }) => path).filter((path) => !openedPaths.includes(path))).toEqual([])
  await page.context().close()
})

test('a click on a tab changes the title, and so does going back', async () => {
  const { page } = await openPage(browser(), running().url, admin)
  await page.goto(`${running().url}/admin`)
  await page.getByRole('tab', { name: textOf('admin.audit') }).click()
  await page.waitForFunction(() => document.title.startsWith('Audit'))
  await page.getByRole('link', { name: textOf('home') }).click()
  await page.waitForFunction(() => document.title === 'Trips · TREK')
  await page.context().close()
})
