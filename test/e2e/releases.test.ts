import { afterAll, beforeAll, expect, test } from 'vitest'
import packageJson from '../../package.json' with { type: 'json' }
import { openPage } from '../harness/browser/browser.ts'
import { withBrowser } from '../harness/browser/browsing.ts'
import { LOOKS, Looking, once } from '../harness/browser/looks.ts'
import { ENGINES, type Place } from '../harness/database/databases.ts'
import { ReleaseHost } from '../harness/network/release-host.ts'
import { type Person, type Running, startRunning } from '../harness/rigs/running.ts'

const { version } = packageJson

let place: Place
let host: ReleaseHost
let broken: ReleaseHost
/** One server with a newer release available, one whose release host fails, and one that may not ask. */
let running: Running
let failing: Running
let silent: Running
let root: Person

beforeAll(async () => {
  place = await ENGINES[0].place({ migrated: true })
  host = await ReleaseHost.start({
    tag_name: 'v99.1.0',
    html_url: 'https://github.com/owner/trek/releases/tag/v99.1.0',
  })
  broken = await ReleaseHost.start()
  broken.sends('<!doctype html>', 503)
  running = await startRunning(place.target, { RELEASES_URL: host.url })
  const sameFiles = { DATA_DIR: running.config.dataDir }
  failing = await startRunning(place.target, { ...sameFiles, RELEASES_URL: broken.url })
  silent = await startRunning(place.target, sameFiles)
  root = await running.person('Root', 'admin')
})

afterAll(async () => {
  await silent.close()
  await failing.close()
  await running.close()
  await host.stop()
  await broken.stop()
  await place.remove()
})

// This comes last, so that the browser is closed before the servers.
const browser = withBrowser()

const isOut = `TREK ${version} – 99.1.0 is out: read about it at github.com`
const isBroken = () =>
  `TREK ${version} – could not check for a newer release: ${broken.host} answered with an error (503)`

test('every user finds the version in the account menu, which requests it when opened', async () => {
  const ana = await running.person('Ana')
  const { page, complaints } = await openPage(browser(), running.url, ana)
  const requestedUrls: string[] = []
  page.on('request', (request) => void requestedUrls.push(new URL(request.url()).pathname))
  await page.reload({ waitUntil: 'networkidle' })
  expect(requestedUrls.filter((path) => /version|release/.test(path))).toEqual([])
  expect(requestedUrls).toContain('/api/trips')
  await page.getByRole('button', { name: 'Account of Ana' }).click()
  await page.getByText(`TREK ${version}`, { exact: true }).waitFor()
  await page.goto(`${running.url}/admin`)
  await page.getByText('Only for administrators').waitFor()
  expect(requestedUrls.filter((path) => /version|release/.test(path))).toEqual(['/api/version'])
  expect(host.requests).toEqual([])
  expect(complaints).toEqual([])
  await page.context().close()
})

test('an administrator sees that a newer release is available, with a link that names its target', async () => {
  const { page, complaints } = await openPage(browser(), running.url, root)
  await page.goto(`${running.url}/admin`)
  await page.getByText(isOut).waitFor()
  const link = page.getByRole('link', { name: 'read about it at github.com' })
  expect(await link.getAttribute('href')).toBe('https://github.com/owner/trek/releases/tag/v99.1.0')
  expect(await link.getAttribute('rel')).toContain('noopener')
  await page.reload()
  await page.getByText(isOut).waitFor()
  expect(host.requests).toHaveLength(1)
  expect(complaints).toEqual([])
  await page.context().close()
})

test('a failed check is explained in the page, without a pop-up message', async () => {
  const { page, complaints } = await openPage(browser(), failing.url, root)
  await page.goto(`${failing.url}/admin`)
  await page.getByText(isBroken()).waitFor()
  expect(await page.getByRole('alert').count()).toBe(0)
  expect(complaints).toEqual([])
  await page.context().close()
})

test('an instance that may not query releases shows only its version', async () => {
  const { page, complaints } = await openPage(browser(), silent.url, root)
  await page.goto(`${silent.url}/admin`)
  const answered = page.waitForResponse('**/api/admin/newer-release')
  await page.reload()
  expect(await (await answered).json()).toMatchObject({ state: 'not_asked' })
  await page.getByText(`TREK ${version}`, { exact: true }).waitFor()
  expect(complaints).toEqual([])
  await page.context().close()
})

const visitPages = once(async () => {
  const { page, complaints } = await openPage(browser(), running.url, root)
  const looking = new Looking(page)
  await page.goto(`${running.url}/admin`)
  await looking.at('release-newer', page.getByText(isOut))
  await page.getByRole('button', { name: 'Account of Root' }).click()
  await looking.at('release-account', page.getByText(`TREK ${version}`, { exact: true }))
  await page.context().close()
  const failingPage = await openPage(browser(), failing.url, root)
  const other = new Looking(failingPage.page)
  await failingPage.page.goto(`${failing.url}/admin`)
  await other.at('release-unknown', failingPage.page.getByText(isBroken()))
  await failingPage.page.context().close()
  return { all: [looking, other], complaints: [...complaints, ...failingPage.complaints] }
})

test.each(LOOKS)(
  'the version has no layout errors at $width px in the $theme theme',
  { timeout: 120_000 },
  async (look) => {
    const { all, complaints } = await visitPages()
    expect(all.flatMap((one) => one.wrongAt(look))).toEqual([])
    expect(complaints).toEqual([])
  },
)
